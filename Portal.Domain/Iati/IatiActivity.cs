using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;

namespace Portal.Domain.Iati;

/// <summary>
/// An activity as the portal understands it: what it says as a programme, by which names it is known, and what else to know of it.
/// </summary>
public sealed partial class IatiActivity
{
    /// <summary>Name of the vocabulary of themes in tags. It is the portal's own, and the same everywhere.</summary>
    public const string ThemeVocabulary = "urn:technical-assistance-portal:themes";

    /// <summary>Name of the vocabulary of modalities.</summary>
    public const string ModalityVocabulary = "urn:technical-assistance-portal:modalities";

    /// <summary>Name of the vocabulary of paragraphs.</summary>
    public const string ParagraphVocabulary = "urn:technical-assistance-portal:paragraphs";

    private static readonly XName Lang = XNamespace.Xml + "lang";

    private readonly List<ImportProblem> notes = [];

    private string? usual;
    private string? language;
    private string? text;
    private string? print;
    private bool isThemeGuessed;
    private bool isModalityGuessed;

    private IatiActivity(XElement xml) => Xml = xml;

    /// <summary>The activity itself.</summary>
    public XElement Xml { get; }

    /// <summary>The activity as it is kept. Made when first asked for.</summary>
    public string Text => text ??= Xml.ToString(SaveOptions.DisableFormatting);

    /// <summary>Its fingerprint. Made when first asked for.</summary>
    public string Print => print ??= Fingerprint(Xml);

    /// <summary>Its identifier.</summary>
    public string Identifier { get; private init; } = "";

    /// <summary>Identifier of who reports it.</summary>
    public string Reporter { get; private init; } = "";

    /// <summary>Identifiers it had before (other-identifier A3).</summary>
    public IReadOnlyList<string> FormerIdentifiers { get; private init; } = [];

    /// <summary>Identifiers its reporter had before (other-identifier B1).</summary>
    public IReadOnlyList<string> FormerReporters { get; private init; } = [];

    /// <summary>The reporter's own number of it (other-identifier A1), or null.</summary>
    public string? InternalIdentifier { get; private init; }

    /// <summary>When its publisher says that it was changed last, or null.</summary>
    public DateTimeOffset? Updated =>
        DateTimeOffset.TryParse(
            Xml.Attribute("last-updated-datetime")?.Value,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;

    /// <summary>What it says.</summary>
    public Programme.Content Content { get; private set; } = null!;

    /// <summary>Its stage.</summary>
    public ProgrammeStatus Status { get; private init; }

    /// <summary>Why it may be of interest.</summary>
    public ImportRelevance Relevance { get; private set; }

    /// <summary>What was noted while it was read.</summary>
    public IReadOnlyList<ImportProblem> Notes => notes;

    /// <summary>Participants, each with the element that it was read from.</summary>
    internal IReadOnlyList<(XElement At, Participant Line)> Participants { get; private set; } = [];

    /// <summary>Finance, likewise.</summary>
    internal IReadOnlyList<(XElement At, MoneyLine Line)> Money { get; private set; } = [];

    /// <summary>Results, likewise: the indicator.</summary>
    internal IReadOnlyList<(XElement At, ResultLine Line)> Results { get; private set; } = [];

    /// <summary>Documents, likewise.</summary>
    internal IReadOnlyList<(XElement At, DocumentLink Line)> Documents { get; private set; } = [];

    /// <summary>
    /// What it reports of a programme that is there already. Where no theme or kind of help is tagged, it says nothing of them: the guess
    /// was for the first time, and people have corrected it since.
    /// </summary>
    /// <param name="last">The activity as it was sent last, or null.</param>
    public ProgrammeReport ReportAfter(IatiActivity? last) =>
        new(
            Content with
            {
                Themes =
                    !isThemeGuessed ? Content.Themes
                    : last is { isThemeGuessed: true } ? last.Content.Themes
                    : [],
                Modalities =
                    !isModalityGuessed ? Content.Modalities
                    : last is { isModalityGuessed: true } ? last.Content.Modalities
                    : [],
            },
            Status
        );

    /// <summary>What it reports.</summary>
    public ProgrammeReport Report => new(Content, Status);

    /// <summary>Reads an activity that was found in order.</summary>
    public static IatiActivity Of(XElement xml)
    {
        IEnumerable<string> Others(string type) =>
            xml.Elements("other-identifier")
                .Where(o => Code(o, "type") == type)
                .Select(o => Code(o, "ref"))
                .OfType<string>()
                .Where(r => r.Length > 0);
        var activity = new IatiActivity(xml)
        {
            Identifier = xml.Element("iati-identifier")!.Value.Trim().Normalize(NormalizationForm.FormC),
            Reporter = Code(xml.Element("reporting-org")!, "ref") ?? "",
            FormerIdentifiers = [.. Others("A3")],
            FormerReporters = [.. Others("B1")],
            InternalIdentifier = Others("A1").FirstOrDefault(),
            Status = Code(xml.Element("activity-status")!, "code") switch
            {
                "1" => ProgrammeStatus.Pipeline,
                "4" => ProgrammeStatus.Completed,
                "5" => ProgrammeStatus.Cancelled,
                // Finalisation and suspension are still work.
                _ => ProgrammeStatus.Active,
            },
        };
        activity.Content = activity.Read();
        return activity;
    }

    /// <summary>
    /// What the activity is, as a fingerprint: two files that say the same of it have the same, whatever else changed about the file.
    /// </summary>
    public static string Fingerprint(XElement activity)
    {
        var said = new StringBuilder();
        Add(activity);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(said.ToString())));

        void Add(XElement element)
        {
            said.Append('<').Append(element.Name);
            // When it was written down last says nothing of what was written; the order of attributes neither.
            foreach (
                var attribute in element
                    .Attributes()
                    .Where(a => !a.IsNamespaceDeclaration && !(element == activity && a.Name == "last-updated-datetime"))
                    .OrderBy(a => a.Name.ToString(), StringComparer.Ordinal)
            )
                said.Append('@').Append(attribute.Name).Append(attribute.Value.ReplaceLineEndings("\n"));
            said.Append('=').Append(element.HasElements ? "" : element.Value.ReplaceLineEndings("\n").Trim());
            foreach (var child in element.Elements())
                Add(child);
            said.Append('>');
        }
    }

    private Programme.Content Read()
    {
        usual = LanguageOf(Xml);
        language = Chosen(Xml.Element("title")!);
        if (language is not null && !Languages.TryParse(language, out _))
            Note("iati.language_other", Xml.Element("title")!, "title", language);
        foreach (var place in Recipients().Where(r => Code(r, "code") is { Length: > 0 } code && MemberStates.FindIso2(code) is null))
            Note("iati.recipient_no_state", place, "recipient-country", Code(place, "code")!);
        var title = Cut(In(Xml.Element("title")) ?? Identifier, 400, "title");
        var description = Cut(string.Join("\n\n", Descriptions().Select(InLines)), 20_000, "description");
        var sectors = Xml.Elements("sector")
            .Concat(Xml.Elements("transaction").Elements("sector"))
            .Where(s => Code(s, "vocabulary") is null or "1" or "2")
            .Select(s => Code(s, "code"))
            .OfType<string>()
            .Where(c => SectorCode().IsMatch(c))
            .Distinct()
            .Take(100)
            .ToList();
        var themes = Tags(ThemeVocabulary).Select(t => Themes.Find(t)?.Code).OfType<string>().Distinct().ToList();
        if (themes.Count > 0)
            Relevance |= ImportRelevance.Theme;
        if (sectors.Exists(s => DacSectors.Find(s) is not null))
            Relevance |= ImportRelevance.Sector;
        if (
            Xml.Element("title")!
                .Elements("narrative")
                .Concat(Xml.Elements("description").Elements("narrative"))
                .Any(n => Terrorism().IsMatch(n.Value))
        )
            Relevance |= ImportRelevance.Words;
        isThemeGuessed = themes.Count == 0;
        if (isThemeGuessed)
            themes = [.. sectors.Select(s => ThemeOf(s)).OfType<string>().Distinct()];
        var modalities = Tags(ModalityVocabulary).Select(m => Modalities.Find(m)?.Code).OfType<string>().Distinct().ToList();
        isModalityGuessed = modalities.Count == 0;
        if (isModalityGuessed)
            modalities =
            [
                .. Xml.Elements("default-aid-type")
                    .Where(a => Code(a, "vocabulary") is null or "1")
                    .Select(a => ModalityOf(Code(a, "code")))
                    .OfType<string>()
                    .Distinct(),
            ];
        (Participants, Money, Results, Documents) = ([.. ReadParticipants()], ReadMoney(), ReadResults(), [.. ReadDocuments()]);
        return new Programme.Content
        {
            Title = title,
            Description = description,
            Language = Official(language),
            States = States(),
            Themes = themes,
            Paragraphs = [.. Tags(ParagraphVocabulary).Select(p => Paragraphs.Find(p)?.Code).OfType<string>().Distinct()],
            Modalities = modalities,
            Sectors = sectors,
            StartPlanned = Day("1"),
            StartActual = Day("2"),
            EndPlanned = Day("3"),
            EndActual = Day("4"),
            IatiIdentifier = Identifier,
            Currency = Code(Xml, "default-currency") is { } c && Currencies.IsKnown(c) ? c : null,
            Participants = [.. Participants.Select(p => p.Line)],
            Money = [.. Money.Select(m => m.Line)],
            Results = [.. Results.Select(r => r.Line)],
            Documents = [.. Documents.Select(d => d.Line)],
        };
    }

    private List<string> States() =>
        [.. Recipients().Select(c => MemberStates.FindIso2(Code(c, "code"))?.Iso3).OfType<string>().Distinct()];

    private IEnumerable<XElement> Recipients() =>
        Xml.Elements("recipient-country").Concat(Xml.Elements("transaction").Elements("recipient-country"));

    private IEnumerable<string> Tags(string vocabulary) =>
        Xml.Elements("tag")
            .Where(t => Code(t, "vocabulary") == "99" && Code(t, "vocabulary-uri") == vocabulary)
            .Select(t => Code(t, "code"))
            .OfType<string>();

    private DateOnly? Day(string type) =>
        Xml.Elements("activity-date")
            .Where(d => Code(d, "type") == type)
            .Select(d => IatiChecker.Day(Code(d, "iso-date")))
            .FirstOrDefault();

    private IEnumerable<(XElement, Participant)> ReadParticipants() =>
        Xml.Elements("participating-org")
            .Select(p =>
                (At: p, Name: In(p) ?? Code(p, "ref") ?? Code(p, "activity-id"), Role: int.Parse(Code(p, "role")!), Ref: Code(p, "ref"))
            )
            .Where(p => p.Name is { Length: > 0 })
            .Take(Programme.MostLines)
            .Select(p =>
                (
                    p.At,
                    new Participant(
                        Cut(p.Name!, 400, "participating-org"),
                        (ParticipantRole)p.Role,
                        p.Ref is { Length: > 0 and <= 200 } r ? Clean(r) : null
                    )
                )
            );

    private IReadOnlyList<(XElement, MoneyLine)> ReadMoney()
    {
        var currency = Code(Xml, "default-currency");
        // A revised budget takes the place of the original one for the same period.
        var revised = Xml.Elements("budget").Where(b => Code(b, "type") == "2").Select(Period).ToHashSet();
        var lines = Xml.Elements("budget")
            .Where(b => Code(b, "type") == "2" || !revised.Contains(Period(b)))
            .Select(b =>
                Line(MoneyKind.Budget, b, Code(b.Element("period-start")!, "iso-date"), Code(b.Element("period-end")!, "iso-date"))
            )
            .Concat(
                Xml.Elements("transaction")
                    .Select(t =>
                        Kind(Code(t.Element("transaction-type")!, "code")) is { } kind
                            ? Line(kind, t, Code(t.Element("transaction-date")!, "iso-date"), null)
                            : default((XElement, MoneyLine)?)
                    )
            );
        return [.. lines.OfType<(XElement, MoneyLine)>()];

        (XElement, MoneyLine)? Line(MoneyKind kind, XElement at, string? day, string? until) =>
            (
                at,
                new MoneyLine(
                    kind,
                    IatiChecker.Day(day)!.Value,
                    IatiChecker.Day(until),
                    IatiRules.Number(at.Element("value")!.Value)!.Value,
                    Code(at.Element("value")!, "currency") ?? currency!
                )
            );
    }

    /// <summary>The period of a budget, as it is written.</summary>
    internal static string Period(XElement budget) =>
        Code(budget.Element("period-start")!, "iso-date") + "/" + Code(budget.Element("period-end")!, "iso-date");

    // Loans, guarantees and pledges are kept with the activity and are no part of what the portal reckons with.
    private static MoneyKind? Kind(string? code) =>
        code switch
        {
            "1" => MoneyKind.IncomingFunds,
            "2" => MoneyKind.Commitment,
            "3" => MoneyKind.Disbursement,
            "4" => MoneyKind.Expenditure,
            _ => null,
        };

    private List<(XElement, ResultLine)> ReadResults()
    {
        var lines = new List<(XElement, ResultLine)>();
        foreach (var result in Xml.Elements("result"))
        {
            var kind = (ResultKind)int.Parse(Code(result, "type")!);
            var title = In(result.Element("title"));
            foreach (var indicator in result.Elements("indicator"))
            {
                var last = indicator.Elements("period").LastOrDefault();
                var name = string.Join(
                    ": ",
                    new[] { title, In(indicator.Element("title")) }.OfType<string>().Where(t => t.Length > 0).Distinct()
                );
                if (name.Length > 0 && lines.Count < Programme.MostLines)
                    lines.Add(
                        (
                            indicator,
                            new ResultLine(
                                kind,
                                Cut(name, 1000, "result"),
                                Value(last?.Elements("target").FirstOrDefault()),
                                Value(last?.Elements("actual").FirstOrDefault())
                            )
                        )
                    );
            }
        }
        return lines;

        static string? Value(XElement? at) =>
            Code(at, "value") is { Length: > 0 } value ? Clean(value.Length > 400 ? value[..400] : value) : null;
    }

    private IEnumerable<(XElement, DocumentLink)> ReadDocuments() =>
        Xml.Elements("document-link")
            .Select(d => (At: d, Title: In(d.Element("title")), Address: Code(d, "url")))
            .Where(d => Programme.IsAddress(d.Address))
            .Take(Programme.MostLines)
            .Select(d => (d.At, new DocumentLink(Cut(d.Title is { Length: > 0 } t ? t : d.Address!, 400, "document-link"), d.Address!)));

    /// <summary>The descriptions that say something, in the order in which they are read.</summary>
    internal IEnumerable<XElement> Descriptions() =>
        Xml.Elements("description").OrderBy(d => Code(d, "type") ?? "1", StringComparer.Ordinal).Where(d => InLines(d).Length > 0);

    // The language of the portal's text: the first that is one of the six; else the first there is.
    private string? Chosen(XElement words) =>
        words
            .Elements("narrative")
            .Where(n => !string.IsNullOrWhiteSpace(n.Value))
            .Select(n => LanguageOf(n) ?? usual)
            .OrderByDescending(l => Languages.TryParse(l, out _))
            .FirstOrDefault();

    private static Language Official(string? tag)
    {
        Languages.TryParse(tag, out var language);
        return language;
    }

    // Some write en_GB.
    private static string? LanguageOf(XElement element) => IatiChecker.Mended(element.Attribute(Lang)?.Value);

    /// <summary>The narrative that a text is read from: that in the language of the title; else the first.</summary>
    internal XElement? Spoken(XElement? words)
    {
        var said = words?.Elements("narrative").Where(n => !string.IsNullOrWhiteSpace(n.Value)).ToList();
        return said is null or [] ? null : said.Find(n => (LanguageOf(n) ?? usual) == language) ?? said[0];
    }

    /// <summary>What an element says, as the portal reads it: in one line.</summary>
    internal string? In(XElement? words) => Spoken(words) is { } said ? Clean(said.Value) : null;

    /// <summary>The same of a description, which has lines.</summary>
    internal string InLines(XElement description) =>
        Spoken(description) is { } said ? Domain.Text.Optional(said.Value, int.MaxValue, "") ?? "" : "";

    private string Cut(string text, int most, string where)
    {
        if (text.Length <= most)
            return text;
        Note("iati.text_cut", Xml.Element(where) ?? Xml, where, most.ToString(CultureInfo.InvariantCulture));
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }

    private void Note(string code, XElement at, string path, string value)
    {
        var note = new ImportProblem(code, IatiLine.Of(at), path, value, false);
        if (!notes.Exists(n => n.Code == code && n.Value == value))
            notes.Add(note);
    }

    // As the portal's own fields keep it.
    private static string Clean(string text) => Domain.Text.OptionalLine(text, int.MaxValue, "") ?? "";

    /// <summary>An attribute without surrounding blanks; null where it is not there.</summary>
    internal static string? Code(XElement? element, string attribute) => element?.Attribute(attribute)?.Value.Trim();

    // A first guess, where the publisher tags no theme; people correct it.
    private static string? ThemeOf(string sector) =>
        sector switch
        {
            "15130" or "15131" or "15134" => "LEGIS",
            "15132" or "15210" or "15240" or "16063" => "LAW_ENF",
            "15113" or "24020" or "24030" or "24040" => "CFT",
            "15136" or "15190" => "BORDER_PERSONS",
            "33120" => "BORDER_CUSTOMS",
            "21050" => "BORDER_AVIATION",
            "21040" => "BORDER_MARITIME",
            "15160" => "HR",
            _ => null,
        };

    private static string? ModalityOf(string? aidType) =>
        aidType switch
        {
            "D01" => "EXPERT",
            "D02" => "TRAINING",
            "E01" => "TRAIN_ABROAD",
            _ => null,
        };

    [GeneratedRegex(@"^[0-9]{3,5}\z")]
    private static partial Regex SectorCode();

    [GeneratedRegex(
        "terror|extrémisme violent|violent extremis|extremismo violento|إرهاب|ارهاب|恐怖|террор",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Terrorism();
}
