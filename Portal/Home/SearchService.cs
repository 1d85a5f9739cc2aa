using Portal.Access;
using Portal.Assistance.Needs;
using Portal.Assistance.Programmes;
using Portal.Assistance.Proposals;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Lists;
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
public sealed class SearchService(ActorSource actors, ListService lists, DirectoryService directory, Say say)
{
    /// <summary>The first records of each section that hold these words.</summary>
    public async Task<IReadOnlyList<HitGroup>> Find(string words, int most, CancellationToken ct = default)
    {
        var actor = await actors.Current();
        var groups = new List<HitGroup>();
        await In(NeedList.List, n => (n.StateIso3, null, n.Status));
        await In(ProposalList.List, p => (p.StateIso3, p.Provider, p.Status));
        await In(ProgrammeList.List, p => (p.States.FirstOrDefault() ?? "", p.Provider, p.Status));
        if (Opens(Profile.Card))
        {
            var page = await directory.List(ListAddress.Of(Asked(Profile.Card)), ct);
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
        async Task In<T, TRow>(RecordList<T, TRow> list, Func<TRow, (string State, LocalName? Provider, Enum Status)> where)
            where T : class, IProtected
            where TRow : class, IListed
        {
            if (!Opens(list.Kind))
                return;
            var page = await lists.Page(list, ListAddress.Of($"{Asked(list.Kind)}&columns=none&pageSize={most}"), ct);
            Add(
                list.Kind,
                page.Rows.Select(r =>
                {
                    var (state, provider, status) = where(r);
                    return new Hit(r.Reference, r.Title, r.Language, state, provider, status.ToString(), list.Kind.Path(r.Reference));
                }),
                page.Total,
                page.IsCapped
            );
        }
        string Asked(Kind kind) => $"{kind.List}?q={Uri.EscapeDataString(words)}";
        void Add(Kind kind, IEnumerable<Hit> hits, int total, bool isCapped) =>
            groups.Add(new HitGroup(kind.Plural.ToLowerInvariant(), Places.IconAt(kind.List)!, [.. hits], total, isCapped, Asked(kind)));
    }
}
