using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Tests.Collaboration;

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
    /// <summary>Two people who write in one at once.</summary>
    public required EditDesk Edits { get; init; }

    /// <summary>Something said in each of its fields, and what is then kept.</summary>
    public required Kept Keeps { get; init; }

    /// <summary>How its pages are walked in a browser, where that is by address alone.</summary>
    public Walk? Walk { get; init; }

    /// <summary>How many there can be beside one another: where an organisation has one, as many as there are organisations.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>The kind in whose list and file its records stand.</summary>
    public Kind ListedAs { get; init; } = Kind;

    /// <summary>Of its records, those that are listed.</summary>
    public Func<IProtected, bool> IsListed { get; init; } = _ => true;

    /// <summary>Address of the file of its list.</summary>
    public string Export => ListedAs.List + "/export";
}

/// <summary>How the pages of a kind are walked: its list, a record, its form and what is begun at <c>new</c>.</summary>
/// <param name="Who">Who may write in one.</param>
/// <param name="Enter">The roles that its list is open to.</param>
/// <param name="Begin">The roles that may begin one; null where that is done from another record.</param>
/// <param name="Opened">Of its list, what leads to one that takes something on its page; null where none does.</param>
/// <param name="Edited">Of its list, what leads to one that can be edited.</param>
internal sealed record Walk(string Who, Role[] Enter, Role[]? Begin, string? Opened = "", string Edited = "")
{
    /// <summary>The roles that the rooms of assistance are open to.</summary>
    public static readonly Role[] OfAssistance =
    [
        Role.FocalPoint,
        Role.StateContributor,
        Role.ProviderManager,
        Role.ProviderContributor,
        Role.Partner,
        Role.LegalOfficer,
        Role.AssistanceOfficer,
        Role.ExecutiveDirector,
    ];
}

/// <summary>Something said, and what is kept of it.</summary>
internal sealed record Kept(Action Holds)
{
    public static Kept Of<T>(Func<(T Said, T Kept)> make)
        where T : class, IContent<T>, new() =>
        new(() =>
        {
            var (said, kept) = make();
            Assert.All(
                T.Fields,
                f =>
                {
                    Assert.NotEqual(f.Nothing?.ToString() ?? "", f.Say(said));
                    Assert.Equal(f.Say(said), f.Say(kept));
                }
            );
        });
}

/// <summary>The specimens, one for each kind of record.</summary>
internal static class Specimens
{
    public static readonly IReadOnlyList<Specimen> All =
    [
        NeedSpecimen.Is,
        ProposalSpecimen.Is,
        ProfileSpecimen.Is,
        OfferSpecimen.Is,
        ProgrammeSpecimen.Is,
        DossierSpecimen.Is,
        RecommendationSpecimen.Is,
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
    private static readonly string[] Codes =
    [
        "Reference",
        "State",
        "NeedReference",
        "DossierReference",
        "StateIso3",
        "Theme",
        "Currency",
        "Slug",
    ];

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
