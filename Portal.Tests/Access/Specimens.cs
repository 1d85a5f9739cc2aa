using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;

namespace Portal.Tests.Access;

/// <summary>
/// One kind of record as the proofs meet it: how a random one is made, and who sees it, said a second time in plain words that share no
/// code with the engine.
/// Every proof of access takes its records from <see cref="Specimens.All"/>, so a kind that has a specimen is proven everywhere, and a law
/// fails for one that has none.
/// </summary>
/// <param name="Kind">The kind.</param>
/// <param name="Section">The section whose grants open it.</param>
/// <param name="Often">How often it comes among the random records, in comparison with the others.</param>
/// <param name="Make">A random one, at any stage.</param>
/// <param name="Beside">A random one that can be saved beside circulated needs, whatever was saved before.</param>
/// <param name="About">ISO 3166-1 alpha-3 of its State, <c>*</c> for several, null for none.</param>
/// <param name="Seen">Audiences with the bits of the parts they see.</param>
/// <param name="Lists">Addresses that list, count, search, order, page or export the kind.</param>
/// <param name="Path">Address of its API, before the reference.</param>
/// <param name="Missing">A reference that nothing has.</param>
/// <param name="Texts">
/// Columns that hold what somebody typed, each with the part it is shown with; the one that names the record first.
/// </param>
internal sealed record Specimen(
    Kind Kind,
    Section Section,
    int Often,
    Func<World, IProtected> Make,
    Func<World, IReadOnlyList<Need>, IProtected> Beside,
    Func<IProtected, string?> About,
    Func<IProtected, IEnumerable<(string Audience, int Parts)>> Seen,
    string[] Lists,
    string Path,
    string Missing,
    (string Column, int Part)[] Texts
)
{
    /// <summary>How many there can be beside one another: where an organisation has one, as many as there are organisations.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>The kind in whose list and file its records stand.</summary>
    public Kind ListedAs { get; init; } = Kind;

    /// <summary>Of its records, those that are listed.</summary>
    public Func<IProtected, bool> IsListed { get; init; } = _ => true;

    /// <summary>Address of the file of its list.</summary>
    public string Export => ListedAs.List + "/export";
}

/// <summary>The specimens, one for each kind of record.</summary>
internal static class Specimens
{
    public static readonly IReadOnlyList<Specimen> All =
    [
        new(
            Need.Card,
            Section.Needs,
            5,
            w => w.Need(),
            (w, _) => w.Need(),
            r => ((Need)r).StateIso3,
            OfNeed,
            [
                "/api/v1/needs",
                "/api/v1/needs?pageSize=2",
                "/api/v1/needs?pageSize=2&page=2",
                "/api/v1/needs?page=3&pageSize=2",
                "/api/v1/needs?q=financial",
                "/api/v1/needs?q=training+of",
                "/api/v1/needs?q=NEED-2027",
                "/api/v1/needs?state=KEN",
                "/api/v1/needs?state=PER",
                "/api/v1/needs?status=Circulated",
                "/api/v1/needs?status=Draft",
                "/api/v1/needs?theme=CFT",
                "/api/v1/needs?modality=TRAINING",
                "/api/v1/needs?urgency=High",
                .. Portal.Assistance.Needs.NeedList.List.Sorts.Select(s => "/api/v1/needs?pageSize=3&sort=" + s.Name),
                "/needs/export?format=csv",
                "/needs/export?format=csv&q=financial",
                "/needs/export?format=csv&sort=State",
                "/api/v1/assistance",
                "/api/v1/assistance?by=Modality&region=Africa",
                "/api/v1/states/KEN/picture",
                "/api/v1/states/PER/picture",
            ],
            "/api/v1/needs/",
            "NEED-2001-0001",
            [("Title", 1), ("Description", 2), ("Beneficiary", 16), ("ReturnNote", 256), ("OutcomeNote", 256)]
        ),
        new(
            Proposal.Card,
            Section.Proposals,
            3,
            w =>
                Cast.ProposalAt(
                    w.One(Enum.GetValues<ProposalStatus>()),
                    Cast.NeedAt(NeedStatus.Circulated, w.One([Cast.Amina, Cast.Rosa]))
                ),
            (w, needs) => Cast.ProposalAt(w.One([ProposalStatus.Draft, ProposalStatus.Proposed]), w.One(needs)),
            r => ((Proposal)r).StateIso3,
            OfProposal,
            ["/api/v1/proposals", "/api/v1/proposals?q=course", "/proposals/export?format=csv"],
            "/api/v1/proposals/",
            "PROP-2001-0001",
            [("Says.Title", 1), ("Says.Description", 1), ("Says.Conditions", 1), ("Answer", 1)]
        ),
        new(
            Profile.Card,
            Section.Directory,
            1,
            w => Cast.Profile(w.Provider(), w.Perhaps(0.5)),
            (w, _) => w.Newcomer() is var newcomer ? Cast.Profile(newcomer, published: newcomer == Cast.PacificFund) : null!,
            _ => null,
            OfProfile,
            [
                "/api/v1/directory/providers",
                "/api/v1/directory/providers?q=courses",
                "/api/v1/directory/providers?theme=CFT",
                "/providers/export?format=csv",
            ],
            "/api/v1/directory/providers/",
            "nobody-at-all",
            [("Summary", 1), ("ContactName", 2), ("ContactEmail", 2)]
        )
        {
            Most = Cast.Helpers.Count,
        },
        new(
            StandingOffer.Card,
            Section.Directory,
            1,
            w => Offer(w, isClosed: w.Perhaps(0.3)),
            (w, _) => Offer(w, isClosed: w.Perhaps(0.6)),
            _ => null,
            OfOffer,
            [],
            "/api/v1/directory/offers/",
            "OFFER-2001-0001",
            [("Title", 1), ("Description", 1)]
        )
        {
            ListedAs = Profile.Card,
            IsListed = r => ((StandingOffer)r).IsOpen,
        },
        new(
            Domain.Assistance.Programme.Card,
            Section.Programmes,
            4,
            Programme,
            (w, _) => Programme(w),
            r =>
                ((Programme)r).States switch
                {
                    [] => null,
                    [var one] => one,
                    _ => "*",
                },
            OfProgramme,
            [
                "/api/v1/programmes",
                "/api/v1/programmes?pageSize=2",
                "/api/v1/programmes?pageSize=2&page=2",
                "/api/v1/programmes?q=investigators",
                "/api/v1/programmes?q=PRG-2027",
                "/api/v1/programmes?state=KEN",
                "/api/v1/programmes?status=Pipeline",
                "/api/v1/programmes?theme=CFT",
                "/programmes/export?format=csv",
                "/programmes/export?format=csv&q=courses",
                "/programmes/export?format=csv&state=PER",
            ],
            "/api/v1/programmes/",
            "PRG-2001-0001",
            [("Title", 1), ("Description", 2), ("IatiIdentifier", 2)]
        ),
    ];

    public static Specimen Of(IProtected record) => Of(record.Kind);

    public static Specimen Of(Kind kind) => All.Single(s => s.Kind == kind);

    /// <summary>Circulated needs, and some of every kind as they can be saved beside one another.</summary>
    public static IReadOnlyList<IProtected> Some(World world, int each)
    {
        var needs = Enumerable.Range(0, 3).Select(i => Cast.NeedAt(NeedStatus.Circulated, i % 2 == 0 ? Cast.Amina : Cast.Rosa)).ToList();
        return [.. needs, .. All.SelectMany(s => Some(world, s, each, needs))];
    }

    /// <summary>Some of a kind, as they can be saved beside circulated needs.</summary>
    public static IEnumerable<IProtected> Some(World world, Specimen specimen, int each, IReadOnlyList<Need> needs) =>
        Enumerable.Range(0, Math.Min(each, specimen.Most)).Select(_ => specimen.Beside(world, needs));

    private static StandingOffer Offer(World world, bool isClosed)
    {
        var offer = Cast.Offer(world.Provider(), world.Perhaps(0.5));
        if (isClosed)
            offer.Close(Cast.Now);
        return offer;
    }

    private static Programme Programme(World world)
    {
        var programme = Cast.Programme(
            world.One([Cast.Ingrid, Cast.Kenji, Cast.Fatou]),
            Cast.ProgrammeContent with
            {
                States = world.SomeStates(),
            }
        );
        ProgrammeParts Some() => world.Perhaps(0.4) ? ProgrammeParts.None : (ProgrammeParts)world.Random.Next(1 << 5);
        return world.Perhaps(0.2)
            ? programme
            : programme.SharedAs(new ProgrammeSharing(Some(), Some(), Some(), world.Perhaps(0.5) ? ProgrammeParts.None : Some()));
    }

    private static IEnumerable<(string, int)> OfNeed(IProtected record)
    {
        var need = (Need)record;
        yield return ("state:" + need.StateIso3, 511);
        // A draft taken back never left its State.
        if (need.Status != NeedStatus.Draft && need.SubmittedAt is not null)
            yield return ("cted", 511);
        if (
            need.Status
            is NeedStatus.Circulated
                or NeedStatus.Matched
                or NeedStatus.InDelivery
                or NeedStatus.Met
                or NeedStatus.PartlyMet
                or NeedStatus.Unmet
        )
            foreach (var consent in need.Consents)
                if (consent.RevokedAt is null)
                    yield return (consent.AudienceKey, (int)consent.Parts);
    }

    private static IEnumerable<(string, int)> OfProposal(IProtected record)
    {
        var proposal = (Proposal)record;
        yield return ("org:" + proposal.OrganisationNumber, 3);
        if (proposal.Status != ProposalStatus.Draft)
        {
            yield return ("state:" + proposal.StateIso3, 1);
            yield return ("cted", 1);
        }
    }

    private static IEnumerable<(string, int)> OfProfile(IProtected record)
    {
        var profile = (Profile)record;
        yield return ("org:" + profile.OrganisationNumber, 7);
        yield return ("cted", 7);
        if (profile.IsPublished)
        {
            yield return ("members", 3);
            yield return ("public", 1);
        }
    }

    private static IEnumerable<(string, int)> OfOffer(IProtected record)
    {
        var offer = (StandingOffer)record;
        yield return ("org:" + offer.OrganisationNumber, 7);
        yield return ("cted", 7);
        if (offer.IsOpen)
            yield return ("members", 3);
        if (offer.IsOpen && offer.IsPublished)
            yield return ("public", 1);
    }

    private static IEnumerable<(string, int)> OfProgramme(IProtected record)
    {
        var programme = (Programme)record;
        yield return ("org:" + programme.OrganisationNumber, 63);
        if (programme.SharedAt is null)
            yield break;
        yield return ("cted", 63);
        // Legal officers meet it by each of their States, also where it helps several.
        foreach (var state in programme.States)
            yield return ("cted:" + state, 63);
        foreach (
            var (audience, parts) in programme
                .States.Select(s => ("state:" + s, programme.StateParts))
                .Append(("providers", programme.ProviderParts))
                .Append(("partners", programme.PartnerParts))
                .Append(("public", programme.PublicParts))
        )
            if (parts != ProgrammeParts.None)
                yield return (audience, (int)parts);
    }
}

public sealed class SpecimenLaws
{
    [Fact]
    public void Every_kind_of_record_has_one_specimen() =>
        Assert.Equal(Kinds.All.Select(k => k.Name).Order(), Specimens.All.Select(s => s.Kind.Name).Order());

    [Fact]
    public void What_a_specimen_makes_is_of_its_kind_and_section()
    {
        var world = new World(1);
        foreach (var specimen in Specimens.All)
            for (var i = 0; i < 50; i++)
                Assert.Equal((specimen.Kind, specimen.Section), (specimen.Make(world).Kind, specimen.Kind.Section));
    }

    // Codes and references are told by rules of their own.
    private static readonly string[] Codes = ["Reference", "NeedReference", "StateIso3", "Theme", "Currency", "Slug"];

    [Theory, OnSqlite]
    public async Task A_specimen_names_every_column_that_holds_what_somebody_typed(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var db = await test.AsSystem();
        foreach (var specimen in Specimens.All)
            Assert.Equal(
                Marks.Columns(db, specimen.Kind).Keys.Where(c => !Codes.Contains(c.Split('.')[^1])).Order(),
                specimen.Texts.Select(t => t.Column).Order()
            );
    }
}
