using Portal.Domain.Access;

namespace Portal.Tests.Access;

/// <summary>The baseline of every role and the duties kept apart, written out a second time, by hand.</summary>
public sealed class BaselineTests
{
    // V view, C contribute, D decide, M manage; a dot is nothing.
    private const string Levels = """
                           Directory Needs Proposals Programmes Assessments Visits Reporting Survey Guide Practices WorkProgramme Meetings Access Audit Administration
        FocalPoint             V       D       D         V           D        .        .       .      .       .           .           .       .      .         .
        StateContributor       V       C       V         V           C        .        .       .      .       .           .           .       .      .         .
        ProviderManager        D       V       D         D           V        .        .       .      .       .           .           .       .      .         .
        ProviderContributor    C       V       C         C           V        .        .       .      .       .           .           .       .      .         .
        Partner                D       V       .         D           V        .        .       .      .       .           .           .       .      .         .
        LegalOfficer           V       V       V         V           D        .        .       .      .       .           .           .       .      .         .
        AssistanceOfficer      V       D       D         D           V        .        .       .      .       .           .           .       .      .         .
        InformationOfficer     M       .       .         .           C        .        .       .      .       .           .           .       .      .         .
        AccessManager          V       .       .         .           .        .        .       .      .       .           .           .       M      .         .
        ExecutiveDirector      V       V       V         V           M        .        .       .      .       .           .           .       V      .         .
        Auditor                V       .       .         .           .        .        .       .      .       .           .           .       V      V         .
        Delegate               V       .       .         .           D        .        .       .      .       .           .           .       .      .         .
        SubcommitteeChair      V       .       .         .           M        .        .       .      .       .           .           .       .      .         .
        CommitteeChair         V       .       .         .           M        .        .       .      .       .           .           .       .      .         .
        Expert                 V       .       .         .           .        .        .       .      .       .           .           .       .      .         .
        Administrator          V       .       .         .           .        .        .       .      .       .           .           .       .      .         M
        """;

    // An x is what no grant may give.
    private const string Forbidden = """
                           Directory Needs Proposals Programmes Assessments Visits Reporting Survey Guide Practices WorkProgramme Meetings Access Audit Administration
        FocalPoint             .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        StateContributor       .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        ProviderManager        .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        ProviderContributor    .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        Partner                .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        LegalOfficer           .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        AssistanceOfficer      .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        InformationOfficer     .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        AccessManager          .       x       x         x           x        x        x       x      .       .           .           .       .      .         x
        ExecutiveDirector      .       .       .         .           .        .        .       .      .       .           .           .       .      .         x
        Auditor                .       x       x         x           x        x        x       x      .       .           .           .       .      .         x
        Delegate               .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        SubcommitteeChair      .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        CommitteeChair         .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        Expert                 .       .       .         .           .        .        .       .      .       .           .           .       x      x         x
        Administrator          .       x       x         x           x        x        x       x      .       .           .           .       x      x         .
        """;

    [Fact]
    public void Every_role_comes_with_exactly_these_levels()
    {
        var table = Read(Levels);
        Assert.Equal(Enum.GetValues<Role>().Length * Enum.GetValues<Section>().Length, table.Count);
        foreach (var ((role, section), mark) in table)
            Assert.True(
                Baseline.Of(role, section) == Meaning(mark),
                $"{role} in {section}: {Baseline.Of(role, section)}, not {Meaning(mark)}"
            );
    }

    [Fact]
    public void These_duties_and_no_others_are_kept_apart()
    {
        var table = Read(Forbidden);
        Assert.Equal(Enum.GetValues<Role>().Length * Enum.GetValues<Section>().Length, table.Count);
        foreach (var ((role, section), mark) in table)
            Assert.True(Baseline.Forbids(role, section) == (mark == 'x'), $"{role} in {section}");
    }

    [Fact]
    public void No_role_comes_with_what_its_duties_forbid()
    {
        foreach (var role in Enum.GetValues<Role>())
        foreach (var section in Enum.GetValues<Section>())
            Assert.False(Baseline.Forbids(role, section) && Baseline.Of(role, section) > Level.None, $"{role} in {section}");
    }

    [Fact]
    public void A_grant_to_a_role_across_duties_is_refused_and_a_denial_is_not()
    {
        foreach (var role in Enum.GetValues<Role>())
        foreach (var section in Enum.GetValues<Section>())
        {
            if (Baseline.Forbids(role, section))
                Assert.Equal("grant.duties_apart", Assert.Throws<Refusal>(() => Cast.Grant(Principal.Of(role), section, Level.View)).Code);
            else
                Cast.Grant(Principal.Of(role), section, Level.View);
            Cast.Denial(Principal.Of(role), section);
        }
    }

    [Fact]
    public void A_grant_to_a_person_or_organisation_gives_nothing_across_duties()
    {
        foreach (var player in Cast.All)
        foreach (var section in Enum.GetValues<Section>().Where(s => Baseline.Forbids(player.Role, s)))
        {
            var actor = player.With(
                Cast.Grant(Principal.Person(player.Id), section, Level.Manage),
                Cast.Grant(Principal.Organisation(player.Organisation.Id), section, Level.Manage)
            );
            Assert.Equal(Level.None, actor.LevelIn(section));
        }
    }

    [Fact]
    public void Access_managers_auditors_and_administrators_read_no_record_of_a_State_whatever_is_granted()
    {
        var need = Cast.NeedAt(Domain.Assistance.NeedStatus.Circulated);
        var proposal = Cast.ProposalAt(Domain.Assistance.ProposalStatus.Proposed, need);
        foreach (var player in new[] { Cast.Malik, Cast.Auguste, Cast.Tomas })
        {
            var actor = player.With(from s in Enum.GetValues<Section>() select Cast.Grant(Principal.Person(player.Id), s, Level.Manage));
            Assert.False(Decision.On(need, actor).Visible);
            Assert.False(Decision.On(proposal, actor).Visible);
        }
    }

    [Fact]
    public void Every_role_exists_in_the_one_kind_of_organisation_and_is_played_by_the_cast()
    {
        Assert.Equal(Enum.GetValues<Role>().Order(), Cast.All.Select(p => p.Role).Distinct().Order());
        foreach (var role in Enum.GetValues<Role>())
        foreach (var organisation in Cast.Organisations.Where(o => o.Kind != role.Kind()))
            Assert.Equal(
                "membership.role_does_not_fit",
                Assert.Throws<Refusal>(() => Membership.Of(Guid.NewGuid(), organisation, role, Cast.Now)).Code
            );
    }

    internal static Dictionary<(Role, Section), char> Read(string table)
    {
        var lines = table.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var sections = lines[0].Select(Enum.Parse<Section>).ToList();
        Assert.Equal(Enum.GetValues<Section>(), sections);
        return lines
            .Skip(1)
            .SelectMany(l => sections.Select((s, i) => (Key: (Enum.Parse<Role>(l[0]), s), Mark: l[i + 1][0])))
            .ToDictionary(x => x.Key, x => x.Mark);
    }

    internal static Dictionary<(Role, Section), char> LevelTable { get; } = Read(Levels);
    internal static Dictionary<(Role, Section), char> ForbiddenTable { get; } = Read(Forbidden);

    internal static Level Meaning(char mark) =>
        mark switch
        {
            '.' => Level.None,
            'V' => Level.View,
            'C' => Level.Contribute,
            'D' => Level.Decide,
            'M' => Level.Manage,
            _ => throw new ArgumentOutOfRangeException(nameof(mark)),
        };
}
