using System.Collections.Frozen;
using Microsoft.Extensions.Localization;
using Portal.Assistance;
using Portal.Domain;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Exports;
using Portal.Shell;

namespace Portal.Imports;

/// <summary>A field that a column of a table may fill.</summary>
/// <param name="Name">Its name: that of the form's field, where there is one.</param>
/// <param name="List">The list its codes are of; null where it takes any text.</param>
/// <param name="IsMany">Whether several codes may stand in one cell, parted by semicolons.</param>
/// <param name="IsRequired">Whether a new record needs it.</param>
/// <param name="Alike">Headings of the portal's own exports that mean the same.</param>
public sealed record TableField(string Name, string? List = null, bool IsMany = false, bool IsRequired = false, params IReadOnlyList<string> Alike)
{
    /// <summary>Its stable code in headings, such as <c>estimated_cost</c>.</summary>
    public string Code { get; } = string.Concat(Name.Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}

/// <summary>A code, with its name in each language.</summary>
public sealed record ListedCode(string Code, Func<Language, string> Name);

/// <summary>The fields of tables, the lists of codes they take, and how both are called in six languages: files are written in any of them.</summary>
public sealed class TableFields
{
    private static readonly TableField[] Needs =
    [
        new("OwnReference"),
        new("Reference", Alike: ["reference"]),
        new("State", "state", Alike: ["state_code", "state"]),
        new("Title", IsRequired: true, Alike: ["title"]),
        new("Description", IsRequired: true),
        new("Language", "language", Alike: ["language"]),
        new("Theme", "theme", IsRequired: true, Alike: ["theme_code", "theme"]),
        new("Modalities", "modality", IsMany: true, IsRequired: true, Alike: ["modality_codes", "modalities"]),
        new("Urgency", "urgency", Alike: ["urgency_code", "urgency"]),
        new("EstimatedCost", Alike: ["estimated_cost"]),
        new("Currency", "currency", Alike: ["currency"]),
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
        new("Reference", Alike: ["reference"]),
        new("Title", IsRequired: true, Alike: ["title"]),
        new("Description"),
        new("Language", "language", Alike: ["language"]),
        new("States", "state", IsMany: true, Alike: ["state_code", "state"]),
        new("Themes", "theme", IsMany: true, Alike: ["theme_code", "theme"]),
        new("Modalities", "modality", IsMany: true, Alike: ["modality_codes", "modalities"]),
        new("Status", "status", Alike: ["status_code", "status"]),
        new("StartPlanned"),
        new("EndPlanned"),
        new("StartActual"),
        new("EndActual"),
        new("Budget", Alike: ["budget"]),
        new("Committed", Alike: ["committed"]),
        new("Disbursed", Alike: ["disbursed"]),
        new("Currency", "currency", Alike: ["currency"]),
        new("IatiIdentifier", Alike: ["iati"]),
        new("Paragraphs", "paragraph", IsMany: true),
        new("Sectors", "sector", IsMany: true),
    ];

    // Signs that more than one currency has are none.
    private static readonly FrozenDictionary<string, string> Signs = new Dictionary<string, string> { ["US$"] = "USD", ["$US"] = "USD", ["€"] = "EUR", ["£"] = "GBP", ["₹"] = "INR", ["₽"] = "RUB", ["₪"] = "ILS", ["₺"] = "TRY", ["A$"] = "AUD", ["C$"] = "CAD" }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly IStringLocalizer<ImportWords> words;
    private readonly IStringLocalizer<AssistanceWords> needs;
    private readonly IStringLocalizer<ProgrammeWords> programmes;
    private readonly FrozenDictionary<string, IReadOnlyList<ListedCode>> lists;
    private readonly FrozenDictionary<(string List, string Text), string> codes;
    private readonly FrozenDictionary<(ImportSubject Subject, string Heading), string> headings;

    /// <summary>Gathers what fields and codes are called.</summary>
    public TableFields(IStringLocalizer<ImportWords> words, IStringLocalizer<AssistanceWords> needs, IStringLocalizer<ProgrammeWords> programmes, IStringLocalizer<ExportWords> exports, IStringLocalizer<CodeWords> said)
    {
        (this.words, this.needs, this.programmes) = (words, needs, programmes);
        IReadOnlyList<ListedCode> Said<T>(string family) where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => new ListedCode(name, l => Spoken(l, () => said[$"{family}:{name}"])))];
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
        codes = lists.SelectMany(l => l.Value.Select(c => (Key: (l.Key, Folded(c.Code)), c.Code))
                .Concat(l.Value.SelectMany(c => Languages.All.Select(language => (Key: (l.Key, Folded(c.Name(language))), c.Code)))))
            .Concat(MemberStates.All.Select(s => (Key: ("state", Folded(s.Iso2)), Code: s.Iso3)))
            .DistinctBy(c => c.Key).ToFrozenDictionary(c => c.Key, c => c.Code);
        headings = Enum.GetValues<ImportSubject>().SelectMany(subject => Of(subject).SelectMany(field => Languages.All.SelectMany(language => field.Alike.Select(a => Spoken(language, () => exports[a])).Prepend(Words(subject, field.Name, language)))
                .Prepend(field.Name).Select(heading => (Key: (subject, Folded(heading)), field.Name))))
            .Where(h => h.Key.Item2.Length > 0).DistinctBy(h => h.Key).ToFrozenDictionary(h => h.Key, h => h.Name);
    }

    /// <summary>The fields of a subject, in the order of the template.</summary>
    public static IReadOnlyList<TableField> Of(ImportSubject subject) => subject switch { ImportSubject.Needs => Needs, ImportSubject.Programmes => Programmes };

    /// <summary>The codes of a list.</summary>
    public IReadOnlyList<ListedCode> List(string list) => lists[list];

    /// <summary>What a field is called.</summary>
    public string Words(ImportSubject subject, string field, Language language) => Spoken(language, () =>
        words["field." + field] is { ResourceNotFound: false } own ? own : subject switch { ImportSubject.Needs => needs["field." + field], ImportSubject.Programmes => programmes["field." + field] });

    /// <summary>The field that a heading names, by its code or its words in any language; null where it names none.</summary>
    public string? Field(ImportSubject subject, string heading) => headings.GetValueOrDefault((subject, Folded(heading)));

    /// <summary>Whether a heading is that of the reasons for which rows were refused, in any language.</summary>
    public bool AreReasons(string heading) => Languages.All.Any(l => Folded(Spoken(l, () => words["refused.reasons"])) == Folded(heading));

    /// <summary>The code that a text names, by itself or by its name in any language; null where there is none.</summary>
    public string? Code(string list, string text) => codes.GetValueOrDefault((list, list == "currency" && Signs.TryGetValue(text.Trim(), out var signed) ? Folded(signed) : Folded(text)));

    /// <summary>A code with its name beside it; as it is where it is on no list.</summary>
    public string Named(string list, string code, Language language)
    {
        var name = lists[list].FirstOrDefault(c => c.Code == code)?.Name(language);
        return name is null || name == code ? code : $"{code} {name}";
    }

    // Without case, accents, blanks and signs: what people change when they copy.
    private static string Folded(string text) => string.Concat(Text.SearchWords(text));

    private static string Spoken(Language language, Func<LocalizedString> say)
    {
        using var speaking = Culture.Speak(language);
        return say().Value;
    }
}
