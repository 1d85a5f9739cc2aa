using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Domain.Iati;

/// <summary>
/// Writes programmes as activities of IATI 2.03. What an activity was imported with comes back as it was, elements and attributes of others
/// too; what was changed in the portal since
/// takes the place of what it said; a part that is not published is left out.
/// </summary>
public static class IatiWriter
{
    private static readonly XName Lang = XNamespace.Xml + "lang";
    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>The identifier of an organisation in IATI; made of its code where it has none registered.</summary>
    public static string ReporterOf(Organisation organisation) =>
        organisation.IatiIdentifier ?? "XX-" + organisation.Code.ToUpperInvariant();

    /// <summary>The identifier of a programme in IATI; made of its reference where it has none.</summary>
    public static string IdentifierOf(Programme programme, Organisation organisation) =>
        programme.IatiIdentifier ?? $"{ReporterOf(organisation)}-{programme.Reference}";

    /// <summary>A programme as an activity.</summary>
    /// <param name="programme">The programme.</param>
    /// <param name="organisation">Whose it is.</param>
    /// <param name="source">The activity it was imported with, or null. It is not changed.</param>
    /// <param name="parts">The parts that may be published.</param>
    /// <param name="secondary">Whether somebody else than its organisation reports it.</param>
    public static XElement Activity(
        Programme programme,
        Organisation organisation,
        XElement? source,
        ProgrammeParts parts,
        bool secondary = false
    )
    {
        var activity = source is null ? New(programme, organisation) : new XElement(source);
        if (source is not null)
            IatiUpdate.Apply(activity, programme, organisation);
        if ((parts & ProgrammePartsSets.Shareable) != ProgrammePartsSets.Shareable)
            activity = IatiWithheld.Of(activity, programme, organisation, parts);
        InOrder(activity, IatiStructure.Activity);
        Tidy(activity, IatiStructure.Activity);
        if (secondary)
            activity.Element("reporting-org")!.SetAttributeValue("secondary-reporter", "1");
        return activity;
    }

    private static XElement New(Programme p, Organisation organisation)
    {
        var activity = new XElement(
            "iati-activity",
            new XAttribute(Lang, p.Language.Tag()),
            new XAttribute("last-updated-datetime", Moment(p.UpdatedAt))
        );
        if (p.Currency is { } currency)
            activity.Add(new XAttribute("default-currency", currency));
        activity.Add(
            new XElement("iati-identifier", IdentifierOf(p, organisation)),
            new XElement(
                "reporting-org",
                new XAttribute("ref", ReporterOf(organisation)),
                new XAttribute("type", organisation.Kind == Access.OrganisationKind.Partner ? "40" : "10"),
                Narrative(organisation.Name.En, "en", p.Language.Tag())
            ),
            new XElement("title", Narrative(p.Title, p)),
            new XElement("description", new XAttribute("type", "1"), Narrative(p.Description.Length > 0 ? p.Description : p.Title, p)),
            p.Participants.Count == 0 ? Own(organisation) : p.Participants.Select(x => Participant(p, x)),
            new XElement("activity-status", new XAttribute("code", Status(p.Status))),
            Dates(p),
            Countries(p),
            p.Sectors.Select(s => Sector(s, Part(p.Sectors.FindAll(x => x.Length == 5 == (s.Length == 5)), s))),
            p.Themes.Select(t => Tag(IatiActivity.ThemeVocabulary, t, Themes.Find(t)?.Name.En)),
            p.Modalities.Select(m => Tag(IatiActivity.ModalityVocabulary, m, Modalities.Find(m)?.Name.En)),
            p.Paragraphs.Select(x => Tag(IatiActivity.ParagraphVocabulary, x, null)),
            p.Money.Select(m => m.Kind == MoneyKind.Budget ? Budget(m) : Transaction(m)),
            p.Documents.Select(d => Document(p, d)),
            p.Results.Select(r => Result(p, r))
        );
        return activity;
    }

    internal static string Moment(DateTime at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    internal static XElement Narrative(string text, Programme p) => Narrative(text, p.Language.Tag(), null);

    private static XElement Narrative(string text, string language, string? usual) =>
        new("narrative", language == usual ? null : new XAttribute(Lang, language), text);

    internal static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string Number(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    internal static string Status(ProgrammeStatus status) =>
        status switch
        {
            ProgrammeStatus.Pipeline => "1",
            ProgrammeStatus.Active => "2",
            ProgrammeStatus.Completed => "4",
            ProgrammeStatus.Cancelled => "5",
        };

    internal static XElement Participant(Programme p, Participant x) =>
        new(
            "participating-org",
            x.Identifier is { } id ? new XAttribute("ref", id) : null,
            new XAttribute("role", (int)x.Role),
            Narrative(x.Name, p)
        );

    /// <summary>The standard wants one participant at least: an organisation takes part in its own programme.</summary>
    internal static XElement Own(Organisation organisation) =>
        new(
            "participating-org",
            new XAttribute("ref", ReporterOf(organisation)),
            new XAttribute("role", "3"),
            Narrative(organisation.Name.En, "en", null)
        );

    /// <summary>
    /// The days of a programme. The standard wants one at least; the day it was entered is the first that is known of one without.
    /// </summary>
    internal static IEnumerable<XElement> Dates(Programme p)
    {
        var days = new[] { ("1", p.StartPlanned), ("2", p.StartActual), ("3", p.EndPlanned), ("4", p.EndActual) }
            .Where(d => d.Item2 is not null)
            .Select(d => Date(d.Item1, d.Item2!.Value))
            .ToList();
        return days.Count > 0 ? days : [Date("1", DateOnly.FromDateTime(p.CreatedAt))];
    }

    internal static XElement Date(string type, DateOnly day) =>
        new("activity-date", new XAttribute("type", type), new XAttribute("iso-date", Day(day)));

    internal static IEnumerable<XElement> Countries(Programme p) => p.States.Select(s => Country(s, Part(p.States, s)));

    internal static XElement Country(string iso3, string percentage) =>
        new("recipient-country", new XAttribute("code", MemberStates.Get(iso3).Iso2), new XAttribute("percentage", percentage));

    internal static XElement Sector(string code, string percentage) =>
        new(
            "sector",
            new XAttribute("vocabulary", code.Length == 5 ? "1" : "2"),
            new XAttribute("code", code),
            new XAttribute("percentage", percentage)
        );

    // Equal shares that add up to the whole: the last takes what rounding left.
    private static string Part(IReadOnlyList<string> all, string one)
    {
        var share = Math.Floor(10_000m / all.Count) / 100;
        return Number(all[^1] == one ? 100 - (share * (all.Count - 1)) : share);
    }

    internal static XElement Tag(string vocabulary, string code, string? name) =>
        new(
            "tag",
            new XAttribute("vocabulary", "99"),
            new XAttribute("vocabulary-uri", vocabulary),
            new XAttribute("code", code),
            name is null ? null : Narrative(name, "en", null)
        );

    private static XElement Value(MoneyLine line) =>
        new("value", new XAttribute("currency", line.Currency), new XAttribute("value-date", Day(line.Date)), Number(line.Amount));

    internal static XElement Budget(MoneyLine m) =>
        new(
            "budget",
            new XAttribute("type", "1"),
            new XAttribute("status", "2"),
            new XElement("period-start", new XAttribute("iso-date", Day(m.Date))),
            new XElement("period-end", new XAttribute("iso-date", Day(Until(m)))),
            Value(m)
        );

    /// <summary>Last day of a budget; a year where it says none.</summary>
    internal static DateOnly Until(MoneyLine budget) => budget.Until ?? budget.Date.AddYears(1).AddDays(-1);

    internal static XElement Transaction(MoneyLine m) =>
        new(
            "transaction",
            new XElement("transaction-type", new XAttribute("code", Type(m.Kind))),
            new XElement("transaction-date", new XAttribute("iso-date", Day(m.Date))),
            Value(m)
        );

    internal static string Type(MoneyKind kind) =>
        kind switch
        {
            MoneyKind.IncomingFunds => "1",
            MoneyKind.Commitment => "2",
            MoneyKind.Disbursement => "3",
            MoneyKind.Expenditure => "4",
            MoneyKind.Budget => throw new InvalidOperationException("A budget is no transaction"),
        };

    internal static XElement Document(Programme p, DocumentLink d) =>
        new(
            "document-link",
            new XAttribute("format", "text/html"),
            new XAttribute("url", d.Address),
            new XElement("title", Narrative(d.Title, p)),
            new XElement("category", new XAttribute("code", "A12"))
        );

    internal static XElement Result(Programme p, ResultLine r) =>
        new(
            "result",
            new XAttribute("type", (int)r.Kind),
            new XElement("title", Narrative(r.Title, p)),
            new XElement(
                "indicator",
                new XAttribute("measure", "1"),
                new XElement("title", Narrative(r.Title, p)),
                r.Target is null && r.Actual is null ? null : Period(p, r)
            )
        );

    /// <summary>
    /// The period of a figure is the life of the programme. Where that is not known the figure is not published: for any other period it
    /// would be false.
    /// </summary>
    internal static XElement? Period(Programme p, ResultLine r) =>
        p is { Start: { } from, End: { } until } && until >= from
            ? new XElement(
                "period",
                new XElement("period-start", new XAttribute("iso-date", Day(from))),
                new XElement("period-end", new XAttribute("iso-date", Day(until))),
                r.Target is null ? null : new XElement("target", new XAttribute("value", r.Target)),
                r.Actual is null ? null : new XElement("actual", new XAttribute("value", r.Actual))
            )
            : null;

    /// <summary>Puts children in the standard's order, each kind in the order it stood in; what is others' comes last.</summary>
    internal static void InOrder(XElement element, IatiType type)
    {
        var children = element.Elements().ToList();
        var ordered = children
            .OrderBy(e => e.Name.NamespaceName.Length == 0 && type.Places.TryGetValue(e.Name.LocalName, out var at) ? at : int.MaxValue)
            .ToList();
        if (!ordered.SequenceEqual(children))
        {
            element.RemoveNodes();
            element.Add(ordered);
        }
    }

    // What the standard's schema does not take makes the whole file invalid: attributes that it does not know, and languages that are none.
    // Both were told of at import.
    private static void Tidy(XElement element, IatiType? type)
    {
        foreach (var attribute in element.Attributes().ToList())
            if (attribute.Name == Lang)
            {
                if (IatiChecker.Mended(attribute.Value) is not { } meant)
                    attribute.Remove();
                else if (meant != attribute.Value)
                    attribute.Value = meant;
            }
            else if (
                attribute.Name.Namespace == Instance
                || (
                    attribute.Name.NamespaceName.Length == 0
                    && !attribute.IsNamespaceDeclaration
                    && type?.Attributes.ContainsKey(attribute.Name.LocalName) == false
                )
            )
                attribute.Remove();
        foreach (var child in element.Elements())
            Tidy(
                child,
                child.Name.NamespaceName.Length == 0 && type is not null && type.Places.TryGetValue(child.Name.LocalName, out var at)
                    ? type.Children[at].Type
                    : null
            );
    }

    /// <summary>Writes an activity file, one activity at a time.</summary>
    public static async Task File(Stream to, IAsyncEnumerable<XElement> activities, DateTime now, CancellationToken ct = default)
    {
        await using var xml = XmlWriter.Create(
            to,
            new XmlWriterSettings
            {
                Async = true,
                Indent = true,
                Encoding = new System.Text.UTF8Encoding(false),
                CloseOutput = false,
            }
        );
        await xml.WriteStartDocumentAsync();
        await xml.WriteStartElementAsync(null, "iati-activities", null);
        await xml.WriteAttributeStringAsync(null, "version", null, "2.03");
        await xml.WriteAttributeStringAsync(null, "generated-datetime", null, Moment(now));
        await foreach (var activity in activities.WithCancellation(ct))
            await activity.WriteToAsync(xml, ct);
        await xml.WriteEndElementAsync();
        await xml.WriteEndDocumentAsync();
    }

    /// <summary>
    /// The organisation file of IATI 2.03: who it is, what its programmes are budgeted at for each year, and where it publishes.
    /// </summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="language">Language of the names.</param>
    /// <param name="budgets">Sums by year and currency, of what may be published.</param>
    /// <param name="byCountry">The same by State.</param>
    /// <param name="now">UTC.</param>
    public static XDocument OrganisationFile(
        Organisation organisation,
        Language language,
        IReadOnlyList<(int Year, string Currency, decimal Amount)> budgets,
        IReadOnlyList<(string Iso3, int Year, string Currency, decimal Amount)> byCountry,
        DateTime now
    )
    {
        XElement[] Period(int year, string currency, decimal amount) =>
            [
                new("period-start", new XAttribute("iso-date", $"{year}-01-01")),
                new("period-end", new XAttribute("iso-date", $"{year}-12-31")),
                new("value", new XAttribute("currency", currency), new XAttribute("value-date", $"{year}-01-01"), Number(amount)),
            ];
        var own = new XElement(
            "iati-organisation",
            new XAttribute(Lang, language.Tag()),
            new XElement("organisation-identifier", ReporterOf(organisation)),
            new XElement("name", Narrative(organisation.Name[language], language.Tag(), language.Tag())),
            new XElement(
                "reporting-org",
                new XAttribute("ref", ReporterOf(organisation)),
                new XAttribute("type", organisation.Kind == Access.OrganisationKind.Partner ? "40" : "10"),
                Narrative(organisation.Name[language], language.Tag(), language.Tag())
            ),
            budgets.Select(b => new XElement("total-budget", new XAttribute("status", "1"), Period(b.Year, b.Currency, b.Amount))),
            byCountry.Select(b =>
            {
                var period = Period(b.Year, b.Currency, b.Amount);
                return new XElement(
                    "recipient-country-budget",
                    new XAttribute("status", "1"),
                    new XElement("recipient-country", new XAttribute("code", MemberStates.Get(b.Iso3).Iso2)),
                    period
                );
            })
        );
        return new XDocument(
            new XDeclaration("1.0", "utf-8", null),
            new XElement("iati-organisations", new XAttribute("version", "2.03"), new XAttribute("generated-datetime", Moment(now)), own)
        );
    }
}
