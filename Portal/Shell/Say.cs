using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Shell;

/// <summary>
/// Marker of the words that belong to codes of the domain: stages, acts, refusals, roles, sections, parts. Keys are <c>family:code</c>.
/// </summary>
public sealed class CodeWords;

/// <summary>The words of the portal's codes and those of every kind of record, which stand in its room.</summary>
internal sealed class AllCodeWords : IStringLocalizer<CodeWords>
{
    private readonly IStringLocalizer shared;
    private readonly IReadOnlyList<IStringLocalizer> files;

    // A file has the same keys in every language.
    private readonly FrozenDictionary<string, IStringLocalizer> homes;

    public AllCodeWords(IStringLocalizerFactory factory)
    {
        shared = factory.Create(typeof(CodeWords));
        files = [shared, .. RecordRooms.All.Select(r => r.Words).Distinct().Select(factory.Create)];
        homes = files
            .SelectMany(file => Codes(file).Select(w => (w.Name, file)))
            .ToFrozenDictionary(w => w.Name, w => w.file, StringComparer.Ordinal);
    }

    private static IEnumerable<LocalizedString> Codes(IStringLocalizer file, bool includeParentCultures = true) =>
        file.GetAllStrings(includeParentCultures).Where(w => w.Name.Contains(':', StringComparison.Ordinal)).DistinctBy(w => w.Name);

    public LocalizedString this[string name] => homes.GetValueOrDefault(name, shared)[name];

    public LocalizedString this[string name, params object[] arguments] => homes.GetValueOrDefault(name, shared)[name, arguments];

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) =>
        files.SelectMany(file => Codes(file, includeParentCultures));
}

/// <summary>Marker of the words of the frame that every page shares.</summary>
public sealed class ShellWords;

/// <summary>Says the domain's codes, names, amounts and dates in the reader's language.</summary>
public sealed class Say(IStringLocalizer<CodeWords> codes)
{
    /// <summary>The reader's language.</summary>
    public Language Language => Culture.Current;

    /// <summary>The word for a code of a family, such as <c>Code("status", NeedStatus.Draft)</c>.</summary>
    public string Code(string family, object code) => codes[$"{family}:{code}"];

    /// <summary>The words for a code by the key of both, <c>family:code</c>, with what fills their places.</summary>
    public string Words(string key, params object[] arguments) => arguments.Length == 0 ? codes[key] : codes[key, arguments];

    /// <summary>Every code of a family that has words, in the order of its words.</summary>
    public IReadOnlyList<(string Code, string Words)> Family(string family) =>
        [
            .. codes
                .GetAllStrings(includeParentCultures: true)
                .Where(w => w.Name.StartsWith(family + ":", StringComparison.Ordinal))
                .DistinctBy(w => w.Name)
                .Select(w => (w.Name[(family.Length + 1)..], w.Value))
                .OrderBy(w => w.Value, StringComparer.CurrentCulture),
        ];

    /// <summary>What a column of a list is called: on the screen, in its menu, in a file and in a table that is imported.</summary>
    public string Column(ListColumn column) => Column(column.Key);

    /// <inheritdoc cref="Column(ListColumn)"/>
    /// <param name="key">Key of a column, or of a part of one that only files have: <c>accepted_amount</c>.</param>
    public string Column(string key) => Code("column", key);

    /// <summary>What the column of a file is called that has the codes of another.</summary>
    public string CodesOf(string key) =>
        key is "state" or "states" ? codes["column:iso_of", Column(key)] : codes["column:code_of", Column(key)];

    /// <summary>What the column of a file is called that has moments, where the list has days.</summary>
    public string MomentsOf(string key) => codes["column:utc_of", Column(key)];

    /// <summary>A stage of a need or proposal.</summary>
    public string Status(Enum status) => Code("status", status);

    /// <summary>A rule's no, in words.</summary>
    public string Refusal(Refusal refusal) => Code("refusal", refusal.Code);

    /// <summary>What is wrong with a field that has a label: one that is empty is called by it.</summary>
    public string Mistake(string label, string message) =>
        message == Code("refusal", "field.required") ? codes["refusal:field.required_named", label] : message;

    /// <summary>A name in the reader's language.</summary>
    public string Name(LocalName name) => name[Language];

    /// <summary>A Member State's short name; the code itself if it is unknown.</summary>
    public string State(string? iso3) => MemberStates.Find(iso3)?.Name[Language] ?? iso3 ?? "";

    /// <summary>A theme's name.</summary>
    public string Theme(string code) => Themes.Find(code)?.Name[Language] ?? code;

    /// <summary>A modality's name.</summary>
    public string Modality(string code) => Modalities.Find(code)?.Name[Language] ?? code;

    /// <summary>A DAC sector's code and name.</summary>
    public string Sector(string code) => DacSectors.Find(code) is { } s ? $"{s.Code} {s.Name[Language]}" : code;

    /// <summary>A paragraph's resolution, number and subject.</summary>
    public string Paragraph(string code) => Paragraphs.Find(code) is { } p ? Labelled(Numbered(p), p.Name[Language]) : code;

    /// <summary>
    /// A paragraph's resolution and number. Inside Arabic the number, digits with a Latin letter, is kept from being turned around.
    /// </summary>
    public string Numbered(Paragraph paragraph) =>
        List(paragraph.Resolution, Language == Language.Ar ? $"\u2066{paragraph.Number}\u2069" : paragraph.Number);

    /// <summary>A topic of a paragraph.</summary>
    public string Topic(string code) => Topics.Find(code)?.Name[Language] ?? code;

    /// <summary>A degree of implementation, or why none is said.</summary>
    public string Rating(string code) => Ratings.Find(code)?.Name[Language] ?? code;

    /// <summary>A regional group's name.</summary>
    public string Region(RegionalGroup region) => region.Name()[Language];

    /// <summary>An audience in words; <paramref name="organisationName"/> names a single organisation.</summary>
    public string Audience(Audience audience, Func<int, string> organisationName) =>
        audience.StateIso3 is { } iso3 ? State(iso3)
        : audience.CtedStateIso3 is { } concerned ? Labelled(Code("audience", Domain.Access.Audience.Cted.Key), State(concerned))
        : audience.OrganisationNumber is { } number ? organisationName(number)
        : Code("audience", audience.Key);

    /// <summary>An audience by its key; <paramref name="organisation"/> is the name of a single organisation.</summary>
    public string Audience(string key, LocalName? organisation) => Audience(new Audience(key), _ => organisation is { } o ? Name(o) : key);

    /// <summary>A day.</summary>
    public string Date(DateOnly day) =>
        day.ToString(
            Language switch
            {
                Language.Zh => "yyyy年M月d日",
                Language.Es => "d 'de' MMMM 'de' yyyy",
                Language.En or Language.Ar or Language.Fr or Language.Ru => "d MMMM yyyy",
            },
            CultureInfo.CurrentCulture
        );

    /// <summary>The day of the week.</summary>
    public string Weekday(DateOnly day) => CultureInfo.CurrentCulture.DateTimeFormat.GetDayName(day.DayOfWeek);

    /// <summary>A day, or a dash.</summary>
    public string Date(DateOnly? day) => day is { } d ? Date(d) : "–";

    /// <summary>From a day to a day; from one on, or until one, where an end is open; nothing known is a dash.</summary>
    public string Period(DateOnly? from, DateOnly? to) =>
        (from, to) switch
        {
            (null, null) => "–",
            ({ } f, null) => string.Format(CultureInfo.CurrentCulture, Code("period", "from"), Date(f)),
            (null, { } t) => string.Format(CultureInfo.CurrentCulture, Code("period", "until"), Date(t)),
            ({ } f, { } t) => $"{Date(f)} – {Date(t)}",
        };

    /// <summary>A moment (UTC) as a day and time, said to be UTC.</summary>
    public string Moment(DateTime utc) =>
        utc.ToString(Language == Language.Zh ? "yyyy年M月d日 HH:mm" : "d MMM yyyy HH:mm", CultureInfo.CurrentCulture) + " UTC";

    /// <summary>An amount of money in whole units: the code first, as in United Nations documents.</summary>
    public string Money(decimal? amount, string? currency) => amount is { } a ? $"{currency} {Number.Of(a)}" : "–";

    /// <summary>Several things in one line, set apart as the reader's language does.</summary>
    public string List(params IEnumerable<string> items) => string.Join(Comma, items);

    /// <summary>Up to three things in one line; of more the first, and how many others there are.</summary>
    public string Some(IReadOnlyList<string> items) =>
        items.Count > 3 ? codes["list:more", List(items.Take(2)), items.Count - 2] : List(items);

    /// <summary>What stands between the things of a list.</summary>
    public string Comma =>
        Language switch
        {
            Language.Ar => "، ",
            Language.Zh => "、",
            Language.En or Language.Fr or Language.Ru or Language.Es => ", ",
        };

    /// <summary>Words of somebody's, in the quotation marks of the reader's language.</summary>
    public string Quote(string words) =>
        Language switch
        {
            Language.En or Language.Zh => $"“{words}”",
            Language.Fr => $"«\u00A0{words}\u00A0»",
            Language.Ar or Language.Ru or Language.Es => $"«{words}»",
        };

    /// <summary>A value with the name of what it is of.</summary>
    public string Labelled(string label, string value) =>
        Language switch
        {
            Language.Zh => $"{label}：{value}",
            Language.Fr => $"{label}\u00A0: {value}",
            Language.En or Language.Ar or Language.Ru or Language.Es => $"{label}: {value}",
        };

    /// <summary>A file's size.</summary>
    public string Size(long bytes) => bytes < 1024 * 1024 ? $"{Math.Max(1, bytes / 1024)} KB" : $"{bytes / 1048576.0:0.0} MB";

    /// <summary>How many, up to a limit above which the exact number is not counted.</summary>
    public string Count(int count, bool capped) => capped ? Number.Of(1000) + "+" : Number.Of(count);
}
