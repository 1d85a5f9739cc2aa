using Microsoft.EntityFrameworkCore;
using Portal.Data.Demonstration;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Tests.Data.Demonstration;

/// <summary>
/// What the demonstration says is true on the day on which it is made, whichever that is, and is read by whoever opens it first.
/// </summary>
public sealed class AliveTests(SeededStory story) : IClassFixture<SeededStory>
{
    public static TheoryData<string> Days =>
        ["2026-11-29", "2027-01-01", "2027-02-28", "2028-02-29", "2027-03-31", "2027-08-30", "2027-12-31", "2030-06-15"];

    [Theory, MemberData(nameof(Days))]
    public void Programmes_are_at_the_stage_that_their_dates_say(string day)
    {
        var today = DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
        var told = new DemonstrationProgrammes(new Random(1), today.ToDateTime(new TimeOnly(9, 0)), (_, _) => Cast.Ingrid).Tell().ToList();
        Assert.Equal(Enum.GetValues<ProgrammeStatus>().ToHashSet(), told.Select(t => t.Status).ToHashSet());
        Assert.All(
            told,
            t =>
            {
                var c = t.Content;
                Assert.True(c.StartPlanned < c.EndPlanned);
                Assert.True(
                    t.Status switch
                    {
                        ProgrammeStatus.Pipeline => c.StartPlanned > today && c.StartActual is null,
                        ProgrammeStatus.Active => c.StartActual <= today && c.EndPlanned > today && c.EndActual is null,
                        ProgrammeStatus.Completed => c.EndActual < today,
                        ProgrammeStatus.Cancelled => true,
                    },
                    $"{t.Status}: {c.StartPlanned} to {c.EndPlanned}"
                );
                Assert.All(c.Money.Where(m => m.Kind != MoneyKind.Budget), m => Assert.True(m.Date <= today));
                Assert.True(t.Status != ProgrammeStatus.Pipeline || c.Results.All(r => r.Actual is null));
            }
        );
    }

    [Fact]
    public async Task Of_every_kind_there_are_some()
    {
        await using var db = await story.Portal.AsSystem();
        foreach (var kind in Kinds.All)
            Assert.True(await kind.In(db).AnyAsync(), $"The demonstration has no {kind}, whose pages are then never walked.");
    }

    [Fact]
    public async Task Needs_are_at_the_stage_that_their_dates_say()
    {
        await using var db = await story.Portal.AsSystem();
        var today = DateOnly.FromDateTime(Cast.Now);
        Assert.All(
            await db.Needs.Where(n => n.Status != NeedStatus.Withdrawn).ToListAsync(),
            n =>
            {
                if (n.DeliveredOn is { } delivered)
                    Assert.True(
                        n.From <= delivered && delivered <= today,
                        $"{n.Reference}: wanted from {n.From}, delivered on {delivered}"
                    );
                else
                    Assert.True(n.From > today && !(n.ReplyBy > n.From), $"{n.Reference}: wanted from {n.From}, replies until {n.ReplyBy}");
            }
        );
        var needs = await db.Needs.ToDictionaryAsync(n => n.Id);
        Assert.All(await db.Proposals.ToListAsync(), p => Assert.True(p.From >= needs[p.NeedId].From, p.Reference));
    }

    [Fact]
    public async Task Who_reads_first_reads_their_own_language()
    {
        await using var db = await story.Portal.AsSystem();
        var owners = await db.Organisations.ToDictionaryAsync(o => o.Id);
        // The State writes in its own language; for the donors of others CTED translates.
        Assert.All(
            await db.Needs.Include(n => n.Translations).Where(n => n.SubmittedAt != null).ToListAsync(),
            n => Assert.True(n.Language == Language.En || n.Translations.Any(t => t.Language == Language.En), n.Reference)
        );
        var first = owners
            .Values.Where(o => o.Code is DemonstrationCast.FirstDonor or DemonstrationCast.SecondDonor or "igad")
            .Select(o => o.Id)
            .ToHashSet();
        Assert.All(
            await db.Profiles.Where(p => first.Contains(p.OrganisationId)).ToListAsync(),
            p => Assert.Equal(Language.En, p.Language)
        );
        Assert.All(await db.Offers.Where(o => first.Contains(o.OrganisationId)).ToListAsync(), o => Assert.Equal(Language.En, o.Language));
        Assert.All(
            await db.Programmes.Where(p => p.Language != Language.En).ToListAsync(),
            p => Assert.Equal((Language.Fr, "SEN"), (p.Language, Assert.Single(p.States)))
        );
    }

    [Fact]
    public async Task Every_grant_and_request_is_of_a_section_that_has_pages()
    {
        await using var db = await story.Portal.AsSystem();
        Assert.All(await db.Grants.ToListAsync(), g => Assert.True(g.Section.IsOpen(), g.Reason));
        Assert.All(await db.AccessRequests.ToListAsync(), r => Assert.True(r.Section.IsOpen(), r.Reason));
        Assert.All(await db.ReviewCampaigns.ToListAsync(), c => Assert.Contains(c.Subject, ReviewSubject.All));
    }
}
