using System.Collections.Frozen;
using Microsoft.Extensions.Localization;
using Portal.Assistance;
using Portal.Assistance.Programmes;
using Portal.Domain;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Imports;

/// <summary>A field that a column of a table may fill.</summary>
/// <param name="Name">Its name: that of the form's field, where there is one.</param>
/// <param name="List">The list its codes are of; null where it takes any text.</param>
/// <param name="IsMany">Whether several codes may stand in one cell, parted by semicolons.</param>
/// <param name="IsRequired">Whether a new record needs it.</param>
/// <param name="Column">The column of the list and of its exports that it fills, under the same heading; null where neither has it.</param>
public sealed record TableField(string Name, string? List = null, bool IsMany = false, bool IsRequired = false, string? Column = null)
{
    /// <summary>Its stable code in headings, such as <c>estimated_cost</c>.</summary>
    public string Code { get; } = Columns.Key(Name);
}

/// <summary>A code, with its name in each language.</summary>
public sealed record ListedCode(string Code, Func<Language, string> Name);

/// <summary>
/// The fields of tables, the lists of codes they take, and how both are called in six languages: files are written in any of them.
/// </summary>
public sealed class TableFields
{
    private static readonly TableField[] Needs =
    [
        new("OwnReference"),
        new("Reference", Column: "reference"),
        new("State", "state", Column: "state"),
        new("Title", IsRequired: true, Column: "title"),
        new("Description", IsRequired: true),
        new("Language", "language", Column: "language"),
        new("Theme", "theme", IsRequired: true, Column: "theme"),
        new("Modalities", "modality", IsMany: true, IsRequired: true, Column: "modality"),
        new("Urgency", "urgency", Column: "urgency"),
        new("EstimatedCost", Column: "cost"),
        new("Currency", "currency", Column: "currency"),
        new("From"),
        new("To"),
        new("Beneficiary"),
        new("Origin", "origin"),
        new("Paragraphs", "paragraph", IsMany: true),
        new("Sectors", "sector", IsMany: true),
    ];

    private static readonly TableField[] Programmes =
    [
        new("OwnReference"),
        new("Reference", Column: "reference"),
        new("Title", IsRequired: true, Column: "title"),
        new("Description"),
        new("Language", "language", Column: "language"),
        new("States", "state", IsMany: true, Column: "states"),
        new("Themes", "theme", IsMany: true, Column: "theme"),
        new("Modalities", "modality", IsMany: true, Column: "modality"),
        new("Status", "status", Column: "status"),
        new("StartPlanned"),
        new("EndPlanned"),
        new("StartActual"),
        new("EndActual"),
        new("Budget", Column: "budget"),
        new("Committed", Column: "committed"),
        new("Disbursed", Column: "disbursed"),
        new("Currency", "currency", Column: "currency"),
        new("IatiIdentifier", Column: "iati"),
        new("Paragraphs", "paragraph", IsMany: true),
        new("Sectors", "sector", IsMany: true),
    ];

    // Signs that more than one currency has are none.
    private static readonly FrozenDictionary<string, string> Signs = new Dictionary<string, string>
    {
        ["US$"] = "USD",
        ["$US"] = "USD",
        ["€"] = "EUR",
        ["£"] = "GBP",
        ["₹"] = "INR",
        ["₽"] = "RUB",
        ["₪"] = "ILS",
        ["₺"] = "TRY",
        ["A$"] = "AUD",
        ["C$"] = "CAD",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly IStringLocalizer<ImportWords> words;
    private readonly IStringLocalizer<AssistanceWords> needs;
    private readonly IStringLocalizer<ProgrammeWords> programmes;
    private readonly Say say;
    private readonly FrozenDictionary<string, IReadOnlyList<ListedCode>> lists;
    private readonly FrozenDictionary<(string List, string Text), string> codes;
    private readonly FrozenDictionary<(ImportSubject Subject, string Heading), string> headings;

    /// <summary>Gathers what fields and codes are called.</summary>
    public TableFields(
        IStringLocalizer<ImportWords> words,
        IStringLocalizer<AssistanceWords> needs,
        IStringLocalizer<ProgrammeWords> programmes,
        IStringLocalizer<CodeWords> said
    )
    {
        (this.words, this.needs, this.programmes, say) = (words, needs, programmes, new Say(said));
        IReadOnlyList<ListedCode> Said<T>(string family)
            where T : struct, Enum =>
            [.. Enum.GetNames<T>().Select(name => new ListedCode(name, l => Spoken(l, () => said[$"{family}:{name}"])))];
        lists = new Dictionary<string, IReadOnlyList<ListedCode>>
        {
            ["theme"] = [.. Themes.All.Select(t => new ListedCode(t.Code, l => t.Name[l]))],
            ["modality"] = [.. Modalities.All.Select(m => new ListedCode(m.Code, l => m.Name[l]))],
            ["paragraph"] = [.. Paragraphs.All.Select(p => new ListedCode(p.Code, l => p.Name[l]))],
            ["sector"] = [.. DacSectors.All.Select(s => new ListedCode(s.Code, l => s.Name[l]))],
            ["state"] = [.. MemberStates.All.Select(s => new ListedCode(s.Iso3, l => s.Name[l]))],
            ["language"] = [.. Languages.All.Select(l => new ListedCode(l.Tag(), _ => l.Autonym()))],
            ["currency"] = [.. Currencies.All.Select(c => new ListedCode(c.Code, _ => c.Code))],
            ["urgency"] = Said<Urgency>("urgency"),
            ["origin"] = Said<NeedOrigin>("origin"),
            ["status"] = Said<ProgrammeStatus>("status"),
        }.ToFrozenDictionary();
        codes = lists
            .SelectMany(l =>
                l.Value.Select(c => (Key: (l.Key, Folded(c.Code)), c.Code))
                    .Concat(l.Value.SelectMany(c => Languages.All.Select(language => (Key: (l.Key, Folded(c.Name(language))), c.Code))))
            )
            .Concat(MemberStates.All.Select(s => (Key: ("state", Folded(s.Iso2)), Code: s.Iso3)))
            .DistinctBy(c => c.Key)
            .ToFrozenDictionary(c => c.Key, c => c.Code);
        headings = Enum.GetValues<ImportSubject>()
            .SelectMany(subject =>
                Of(subject)
                    .SelectMany(field =>
                        Languages
                            .All.SelectMany(language => Called(subject, field, language))
                            .Prepend(field.Name)
                            .Select(heading => (Key: (subject, Folded(heading)), field.Name))
                    )
            )
            .Where(h => h.Key.Item2.Length > 0)
            .DistinctBy(h => h.Key)
            .ToFrozenDictionary(h => h.Key, h => h.Name);
    }

    /// <summary>The fields of a subject, in the order of the template.</summary>
    public static IReadOnlyList<TableField> Of(ImportSubject subject) =>
        subject switch
        {
            ImportSubject.Needs => Needs,
            ImportSubject.Programmes => Programmes,
        };

    /// <summary>How many columns may fill a field: what has codes may stand in one of codes and in one of names, as in exports.</summary>
    public static int MostColumns(ImportSubject subject, string field) =>
        Of(subject).Any(f => f.Name == field && f.List is not null) ? 2 : 1;

    /// <summary>The codes of a list.</summary>
    public IReadOnlyList<ListedCode> List(string list) => lists[list];

    /// <summary>What a field is called: as the column of the list that it fills.</summary>
    public string Words(ImportSubject subject, string field, Language language) =>
        Spoken(
            language,
            () =>
                words["field." + field] is { ResourceNotFound: false } own ? own
                : Of(subject).FirstOrDefault(f => f.Name == field)?.Column is { } column ? say.Column(column)
                : Labelled(subject, field)
        );

    // What the form calls it.
    private string Labelled(ImportSubject subject, string field) =>
        subject switch
        {
            ImportSubject.Needs => needs["field." + field],
            ImportSubject.Programmes => programmes["field." + field],
        };

    // All that a column may be headed by: the template's word, the form's, and those of exports for codes and for names.
    private IEnumerable<string> Called(ImportSubject subject, TableField field, Language language) =>
        [
            Words(subject, field.Name, language),
            Spoken(language, () => Labelled(subject, field.Name)),
            .. field.Column is { } column
                ? [Spoken(language, () => say.CodesOf(column)), Spoken(language, () => say.Column(column))]
                : Array.Empty<string>(),
        ];

    /// <summary>The field that a heading names, by its code or its words in any language; null where it names none.</summary>
    public string? Field(ImportSubject subject, string heading) => headings.GetValueOrDefault((subject, Folded(heading)));

    /// <summary>Whether a heading is that of the reasons for which rows were refused, in any language.</summary>
    public bool AreReasons(string heading) => Languages.All.Any(l => Folded(Spoken(l, () => words["refused.reasons"])) == Folded(heading));

    /// <summary>The code that a text names, by itself or by its name in any language; null where there is none.</summary>
    public string? Code(string list, string text) =>
        codes.GetValueOrDefault(
            (list, list == "currency" && Signs.TryGetValue(text.Trim(), out var signed) ? Folded(signed) : Folded(text))
        );

    /// <summary>A code with its name beside it; as it is where it is on no list.</summary>
    public string Named(string list, string code, Language language)
    {
        var name = lists[list].FirstOrDefault(c => c.Code == code)?.Name(language);
        return name is null || name == code ? code : $"{code} {name}";
    }

    // Without case, accents, blanks and signs: what people change when they copy.
    private static string Folded(string text) => string.Concat(Text.SearchWords(text));

    private static string Spoken(Language language, Func<string> say)
    {
        using var speaking = Culture.Speak(language);
        return say();
    }
}
