using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Tests.Access;

/// <summary>An explanation says what is decided, for the reasons it is decided by.</summary>
public sealed class ExplanationTests
{
    private static readonly StepKind[] Openings = [StepKind.Baseline, StepKind.Grant];
    private static readonly StepKind[] Ends =
    [
        StepKind.NotInForce,
        StepKind.Duties,
        StepKind.NoLevel,
        StepKind.OutOfScope,
        StepKind.OtherAudiences,
    ];

    [Fact, Trait("Pace", "Slow")]
    public void An_explanation_never_differs_from_the_decision_in_twenty_thousand_cases()
    {
        var world = new World(1373);
        for (var round = 0; round < 20_000; round++)
        {
            var (member, record) = (world.Member(), world.Record());
            var grants = world.Grants(member);
            var actor = Actor.Of(member, "", grants, Cast.Now);
            var decision = Decision.On(record, actor);
            var explained = Explanation.OfRecord(record, member, grants, Cast.Now);
            Assert.Equal(decision.Level, explained.Level);
            // Either it ends with how the record is open, or with the one thing that closes it.
            if (decision.Visible)
            {
                Assert.DoesNotContain(
                    explained.Steps,
                    s => Ends.Contains(s.Kind) && s.Kind is not (StepKind.Duties or StepKind.NotInForce)
                );
                Assert.Equal(decision.Level, explained.Steps.Where(s => s.Kind == StepKind.RecordRule).Max(s => s.Level));
                Assert.Equal(
                    decision.Reasons.Select(r => r.Exposure).Distinct(),
                    explained.Steps.Where(s => s.Kind == StepKind.RecordRule).Select(s => s.Exposure!.Value)
                );
            }
            else
                Assert.Single(explained.Steps, s => Ends.Contains(s.Kind));
            // Whatever level a claim has, a step brought it.
            foreach (var claim in actor.Claims.Where(c => c.Section == record.Kind.Section))
                Assert.Contains(explained.Steps, s => Openings.Contains(s.Kind) && s.Level == claim.Level && s.Grant?.Id == claim.GrantId);

            var section = record.Kind.Section;
            var ofSection = Explanation.OfSection(section, member, grants, Cast.Now);
            Assert.Equal(actor.LevelIn(section), ofSection.Level);
            Assert.Equal(ofSection.Level == Level.None, ofSection.Steps.Any(s => Ends.Contains(s.Kind)));
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_access_manager_is_told_why_and_never_what(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        await test.Save(need);
        var explain = (await test.As(Cast.Malik)).Get<ExplainService>();
        var amina = await explain.Explain(Cast.Amina.Email, null, need.Reference.ToLowerInvariant());
        Assert.Equal(StepKind.RecordRule, amina.Memberships.Single().Explanation.Steps[^1].Kind);
        var rosa = await explain.Explain(Cast.Rosa.Email, null, need.Reference);
        Assert.Equal(StepKind.OtherAudiences, rosa.Memberships.Single().Explanation.Steps[^1].Kind);
        Assert.Equal(
            StepKind.Duties,
            Assert.Single((await explain.Explain(Cast.Malik.Email, null, need.Reference)).Memberships.Single().Explanation.Steps).Kind
        );
        Assert.DoesNotContain(
            need.Title,
            System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    amina.Person,
                    amina.Reference,
                    amina.StateIso3,
                    Steps = amina.Memberships.SelectMany(m => m.Explanation.Steps).Select(s => s.ToString()),
                }
            ),
            StringComparison.Ordinal
        );

        // By name, where one person is called so.
        Assert.Equal(Cast.Amina.Email, (await explain.Explain(Cast.Amina.Name, null, need.Reference)).Email);
        Assert.Equal("explain.several", (await Assert.ThrowsAsync<Refusal>(() => explain.Explain("a", Section.Needs, null))).Code);
        Assert.Equal(
            "explain.nobody",
            (await Assert.ThrowsAsync<Refusal>(() => explain.Explain("nobody@example.org", Section.Needs, null))).Code
        );
        Assert.Equal(
            "explain.nothing",
            (await Assert.ThrowsAsync<Refusal>(() => explain.Explain(Cast.Amina.Email, null, "NEED-2027-9999"))).Code
        );
        var donor = (await test.As(Cast.Ingrid)).Get<ExplainService>();
        Assert.Equal(
            "access.not_yours",
            (await Assert.ThrowsAsync<Refusal>(() => donor.Explain(Cast.Amina.Email, null, need.Reference))).Code
        );
        Assert.Equal("access.not_yours", (await Assert.ThrowsAsync<Refusal>(() => donor.Find(PrincipalKind.Person, "a"))).Code);
    }
}
