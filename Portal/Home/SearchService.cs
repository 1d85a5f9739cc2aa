using Portal.Access;
using Portal.Assistance.Needs;
using Portal.Assistance.Programmes;
using Portal.Assistance.Proposals;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Home;

/// <summary>A record found.</summary>
/// <param name="Reference">Short reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="Language">Language of the title.</param>
/// <param name="StateIso3">State it is about.</param>
/// <param name="Provider">Whose it is, where that is a provider.</param>
/// <param name="Status">Code of its stage.</param>
/// <param name="Address">Where it is read.</param>
public sealed record Hit(
    string Reference,
    string Title,
    Language Language,
    string StateIso3,
    LocalName? Provider,
    string Status,
    string Address
)
{
    /// <summary>Where an organisation was found: which kind it is of.</summary>
    public OrganisationKind? Body { get; init; }

    /// <summary>Whose it is and how far it has come.</summary>
    public string Where(Say say) =>
        Body is { } kind
            ? say.Code("kind", kind)
            : $"{(Provider is null ? say.State(StateIso3) : say.Name(Provider))} · {say.Code("status", Status)}";
}

/// <summary>What was found in one section.</summary>
/// <param name="Name">Name of the section's page.</param>
/// <param name="Icon">Symbol.</param>
/// <param name="Hits">The first records found.</param>
/// <param name="Total">How many in all.</param>
/// <param name="IsCapped">Whether there are more than were counted.</param>
/// <param name="All">The list of all of them.</param>
public sealed record HitGroup(string Name, string Icon, IReadOnlyList<Hit> Hits, int Total, bool IsCapped, string All)
{
    /// <summary>Whether it is a preview, in which words find nothing: how many records there are is told.</summary>
    public bool IsCount { get; init; }
}

/// <summary>Finds records of every section the reader may enter, by the lists' own search.</summary>
public sealed class SearchService(
    ActorSource actors,
    NeedService needs,
    ProposalService proposals,
    ProgrammeService programmes,
    DirectoryService directory,
    Say say
)
{
    /// <summary>The first records of each section that hold these words.</summary>
    public async Task<IReadOnlyList<HitGroup>> Find(string words, int most, CancellationToken ct = default)
    {
        var actor = await actors.Current();
        var groups = new List<HitGroup>();
        if (Opens(Need.Card))
        {
            var page = await needs.List(
                new NeedQuery
                {
                    Words = words,
                    PageSize = most,
                    WithGap = false,
                },
                ct
            );
            Add(
                Need.Card,
                page.Rows.Select(n => new Hit(
                    n.Reference,
                    n.Title,
                    n.Language,
                    n.StateIso3,
                    null,
                    n.Status.ToString(),
                    Need.Card.Path(n.Reference)
                )),
                page.Total,
                page.IsCapped
            );
        }
        if (Opens(Proposal.Card))
        {
            var page = await proposals.List(ListAddress.Of($"{Asked(Proposal.Card)}&pageSize={most}"), ct);
            Add(
                Proposal.Card,
                page.Rows.Select(p => new Hit(
                    p.Reference,
                    p.Title,
                    p.Language,
                    p.StateIso3,
                    p.Provider,
                    p.Status.ToString(),
                    Proposal.Card.Path(p.Reference)
                )),
                page.Total,
                page.IsCapped
            );
        }
        if (Opens(Programme.Card))
        {
            var page = await programmes.List(ListAddress.Of($"{Asked(Programme.Card)}&pageSize={most}"), ct);
            Add(
                Programme.Card,
                page.Rows.Select(p => new Hit(
                    p.Reference,
                    p.Title,
                    p.Language,
                    p.States.FirstOrDefault() ?? "",
                    p.Provider,
                    p.Status.ToString(),
                    Programme.Card.Path(p.Reference)
                )),
                page.Total,
                page.IsCapped
            );
        }
        if (Opens(Profile.Card))
        {
            var page = await directory.List(new DirectoryQuery { Words = words }, ct);
            Add(
                Profile.Card,
                page.Rows.Take(most)
                    .Select(o => new Hit(o.Code, say.Name(o.Name), Culture.Current, o.StateIso3 ?? "", null, "", Profile.Card.Path(o.Code))
                    {
                        Body = o.Kind,
                    }),
                page.Total,
                false
            );
        }
        // Which words a record holds is content: in a preview they find nothing.
        return actor.IsPreview ? groups.ConvertAll(g => g with { Hits = [], All = g.All.Split('?')[0], IsCount = true }) : groups;

        bool Opens(Kind kind) => actor.LevelIn(kind.Section) >= Level.View;
        string Asked(Kind kind) => $"{kind.List}?q={Uri.EscapeDataString(words)}";
        void Add(Kind kind, IEnumerable<Hit> hits, int total, bool isCapped) =>
            groups.Add(new HitGroup(kind.Plural.ToLowerInvariant(), Places.IconAt(kind.List)!, [.. hits], total, isCapped, Asked(kind)));
    }
}
