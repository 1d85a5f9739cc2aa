using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Lists;

/// <summary>What the filters of a list ask for together.</summary>
public sealed class Asked<T>
{
    private readonly List<Func<IQueryable<T>, IQueryable<T>>> conditions = [];

    /// <summary>The States to keep: those named, and those of the regions named; none for all.</summary>
    public IReadOnlyList<string> States { get; private set; } = [];

    /// <summary>Bits of the parts that are looked at.</summary>
    public int Parts { get; private set; }

    /// <summary>Whether there is any condition on the record itself.</summary>
    public bool IsAny => conditions.Count > 0;

    /// <summary>Keeps what the conditions let through.</summary>
    public IQueryable<T> Of(IQueryable<T> records) => conditions.Aggregate(records, (kept, condition) => condition(kept));

    /// <summary>Adds a condition, unless no value is asked for.</summary>
    public void Add<TValue>(IReadOnlyList<TValue> values, Func<IQueryable<T>, IReadOnlyList<TValue>, IQueryable<T>> keep, int part = 0)
    {
        if (values.Count == 0)
            return;
        conditions.Add(records => keep(records, values));
        Parts |= part;
    }

    /// <summary>Adds States.</summary>
    public void In(IEnumerable<MemberState> states) => States = [.. States.Concat(states.Select(s => s.Iso3)).Distinct()];
}

/// <summary>A filter of a list: in its address, as a menu and as chips on its page, and as a parameter of the API.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Text">What it does, for the API's description.</param>
/// <param name="Values">The values it takes; null for any text.</param>
/// <param name="Options">What its menu offers, value and words; null where the page knows.</param>
/// <param name="Ask">Reads an address; what it does not know is left out.</param>
public sealed record ListFilter<T>(
    string Name,
    string Text,
    Func<IEnumerable<string>>? Values,
    Func<Say, IReadOnlyList<(string Value, string Text)>>? Options,
    Action<ListAddress, Asked<T>> Ask
)
{
    /// <summary>By what the words of its label are found.</summary>
    public string Key { get; init; } = Columns.Key(Name);

    /// <summary>By the members of an enumeration.</summary>
    public static ListFilter<T> Of<TValue>(
        string name,
        string text,
        Func<Say, TValue, string> said,
        Func<IQueryable<T>, IReadOnlyList<TValue>, IQueryable<T>> keep,
        int part = 0
    )
        where TValue : struct, Enum =>
        new(
            name,
            text,
            Enum.GetNames<TValue>,
            say => [.. Enum.GetValues<TValue>().Select(v => (v.ToString(), said(say, v)))],
            (address, asked) => asked.Add(address.AllOf<TValue>(name), keep, part)
        );

    /// <summary>By stage.</summary>
    public static ListFilter<T> Stages<TStage>(Func<IQueryable<T>, IReadOnlyList<TStage>, IQueryable<T>> keep, int part = 0)
        where TStage : struct, Enum => Of<TStage>("status", "Stages to keep.", (say, stage) => say.Status(stage), keep, part);

    /// <summary>By theme; a theme brings the themes that are parts of it.</summary>
    public static ListFilter<T> Themes(
        Func<IQueryable<T>, IReadOnlyList<string>, IQueryable<T>> keep,
        string text = "Theme codes to keep; a theme brings its parts."
    ) =>
        new(
            "theme",
            text,
            () => Domain.Reference.Themes.All.Select(t => t.Code),
            say => [.. Domain.Reference.Themes.All.Select(t => (t.Code, say.Name(t.Name)))],
            (address, asked) => asked.Add(Domain.Reference.Themes.Within(address.All("theme")), keep)
        );

    /// <summary>By modality.</summary>
    public static ListFilter<T> Modalities(
        Func<IQueryable<T>, IReadOnlyList<string>, IQueryable<T>> keep,
        string text = "Modality codes to keep.",
        int part = 0
    ) =>
        new(
            "modality",
            text,
            () => Domain.Reference.Modalities.All.Select(m => m.Code),
            say => [.. Domain.Reference.Modalities.All.Select(m => (m.Code, say.Name(m.Name)))],
            (address, asked) =>
                asked.Add(
                    [.. address.All("modality").Select(m => Domain.Reference.Modalities.Find(m)?.Code).OfType<string>().Distinct()],
                    keep,
                    part
                )
        );

    /// <summary>By State: with <see cref="Regions"/> those named in either.</summary>
    /// <param name="label">By what the words of its label are found.</param>
    public static ListFilter<T> States(string label = "state") =>
        new(
            "state",
            "States to keep, ISO 3166-1 alpha-3.",
            () => MemberStates.All.Select(s => s.Iso3),
            null,
            (address, asked) => asked.In(address.All("state").Select(MemberStates.Find).OfType<MemberState>())
        )
        {
            Key = label,
        };

    /// <summary>By regional group.</summary>
    public static ListFilter<T> Regions() =>
        new(
            "region",
            "Regional groups to keep.",
            Enum.GetNames<RegionalGroup>,
            say => [.. RegionalGroups.All.Select(r => (r.ToString(), say.Region(r)))],
            (address, asked) => asked.In(address.AllOf<RegionalGroup>("region").SelectMany(MemberStates.In))
        );

    /// <summary>By provider.</summary>
    public static ListFilter<T> Providers(Func<IQueryable<T>, IReadOnlyList<string>, IQueryable<T>> keep) =>
        new(
            "provider",
            "Codes of providers to keep.",
            null,
            null,
            (address, asked) => asked.Add([.. address.All("provider").Select(p => p.ToLowerInvariant()).Distinct()], keep)
        );
}

/// <summary>The filters of a list together.</summary>
public static class ListFilters
{
    /// <summary>What an address asks for.</summary>
    public static Asked<T> Asked<T>(this IReadOnlyList<ListFilter<T>> filters, ListAddress address)
    {
        var asked = new Asked<T>();
        foreach (var filter in filters)
            filter.Ask(address, asked);
        return asked;
    }

    /// <summary>The menus of a page, each with its name in the address, its label, and what it offers.</summary>
    /// <param name="filters">The filters.</param>
    /// <param name="say">In whose language.</param>
    /// <param name="offered">What only the page knows to offer, by the filter's name.</param>
    public static FilterMenus Menus<T>(
        this IReadOnlyList<ListFilter<T>> filters,
        Say say,
        params IReadOnlyList<(string Name, IReadOnlyList<(string, string)> Options)> offered
    ) =>
        [
            .. filters
                .Select(f => (f.Name, say.Column(f.Key), Options: f.Options?.Invoke(say) ?? offered.First(o => o.Name == f.Name).Options))
                .Where(m => m.Options.Count > 0),
        ];
}
