using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Domain.Iati;

/// <summary>
/// Writes programmes as activities of IATI 2.03. What an activity was imported with comes back as it was, elements and attributes of others too; what was changed in the portal since
/// takes the place of what it said; a part that is not published is left out.
/// </summary>
public static class IatiWriter
{
    private static readonly XName Lang = XNamespace.Xml + "lang";

    /// <summary>The identifier of an organisation in IATI; made of its code where it has none registered.</summary>
    public static string ReporterOf(Organisation organisation) => organisation.IatiIdentifier ?? "XX-" + organisation.Code.ToUpperInvariant();

    /// <summary>The identifier of a programme in IATI; made of its reference where it has none.</summary>
    public static string IdentifierOf(Programme programme, Organisation organisation) => programme.IatiIdentifier ?? $"{ReporterOf(organisation)}-{programme.Reference}";

    /// <summary>A programme as an activity.</summary>
    /// <param name="programme">The programme.</param>
    /// <param name="organisation">Whose it is.</param>
    /// <param name="source">The activity it was imported with, or null. It is not changed.</param>
    /// <param name="parts">The parts that may be published.</param>
    /// <param name="secondary">Whether somebody else than its organisation reports it.</param>
    public static XElement Activity(Programme programme, Organisation organisation, XElement? source, ProgrammeParts parts, bool secondary = false)
    {
        var activity = source is null ? New(programme, organisation) : new XElement(source);
        if (source is not null)
            Update(activity, programme);
        Withhold(activity, programme, organisation, parts);
        if (secondary)
            activity.Element("reporting-org")!.SetAttributeValue("secondary-reporter", "1");
        return activity;
    }

    private static XElement New(Programme p, Organisation organisation)
    {
        var activity = new XElement("iati-activity", new XAttribute(Lang, p.Language.Tag()));
        if (p.Currency is { } currency)
            activity.Add(new XAttribute("default-currency", currency));
        activity.Add(new XElement("iati-identifier", IdentifierOf(p, organisation)),
            new XElement("reporting-org", new XAttribute("ref", ReporterOf(organisation)), new XAttribute("type", organisation.Kind == Access.OrganisationKind.Partner ? "40" : "10"), Narrative(organisation.Name.En, "en", p.Language.Tag())));
        foreach (var group in Groups)
            activity.Add(group.Write(p));
        return Ordered(activity);
    }

    // What was changed in the portal since it was imported; the rest stays word for word.
    private static void Update(XElement activity, Programme programme)
    {
        var (then, now) = (IatiActivity.Of(activity), programme.Present);
        foreach (var group in Groups)
        {
            if (group.Same(then.Content, now) && (group.Name != "activity-status" || then.Status == programme.Status))
                continue;
            group.Remove(activity);
            activity.Add(group.Write(programme));
        }
        if (then.Content.Currency != now.Currency && now.Currency is not null && !activity.Elements("budget").Concat(activity.Elements("transaction")).Any(l => l.Element("value")!.Attribute("currency") is null))
            activity.SetAttributeValue("default-currency", now.Currency);
        Ordered(activity);
    }

    private sealed record Group(string Name, Func<Programme.Content, Programme.Content, bool> Same, Action<XElement> Remove, Func<Programme, IEnumerable<XElement>> Write);

    private static readonly Group[] Groups =
    [
        new("title", (a, b) => a.Title == b.Title && a.Language == b.Language, a => a.Elements("title").Remove(), p => [new XElement("title", Narrative(p.Title, p))]),
        new("description", (a, b) => a.Description == b.Description && a.Language == b.Language, a => a.Elements("description").Remove(),
            p => [new XElement("description", new XAttribute("type", "1"), Narrative(p.Description.Length > 0 ? p.Description : p.Title, p))]),
        new("participating-org", (a, b) => a.Participants.SequenceEqual(b.Participants), a => a.Elements("participating-org").Remove(), Participants),
        new("activity-status", (_, _) => true, a => a.Elements("activity-status").Remove(), p => [new XElement("activity-status", new XAttribute("code", Status(p.Status)))]),
        new("activity-date", (a, b) => (a.StartPlanned, a.StartActual, a.EndPlanned, a.EndActual) == (b.StartPlanned, b.StartActual, b.EndPlanned, b.EndActual), a => a.Elements("activity-date").Remove(), Dates),
        new("recipient-country", (a, b) => a.States.SequenceEqual(b.States), a =>
        {
            a.Elements("recipient-country").Remove();
            a.Elements("recipient-region").Remove();
        }, Countries),
        new("sector", (a, b) => a.Sectors.SequenceEqual(b.Sectors), a =>
        {
            a.Elements("sector").Where(s => IatiActivity.Code(s, "vocabulary") is null or "1" or "2").Remove();
            a.Elements("transaction").Elements("sector").Where(s => IatiActivity.Code(s, "vocabulary") is null or "1" or "2").Remove();
        }, p => p.Sectors.Select((s, i) => new XElement("sector", new XAttribute("vocabulary", s.Length == 5 ? "1" : "2"), new XAttribute("code", s),
            new XAttribute("percentage", Part(p.Sectors.FindAll(x => x.Length == 5 == (s.Length == 5)), s))))),
        new("themes", (a, b) => a.Themes.SequenceEqual(b.Themes), a => Untag(a, IatiActivity.ThemeVocabulary), p => p.Themes.Select(t => Tag(IatiActivity.ThemeVocabulary, t, Themes.Find(t)?.Name.En))),
        new("modalities", (a, b) => a.Modalities.SequenceEqual(b.Modalities), a => Untag(a, IatiActivity.ModalityVocabulary), p => p.Modalities.Select(m => Tag(IatiActivity.ModalityVocabulary, m, Modalities.Find(m)?.Name.En))),
        new("paragraphs", (a, b) => a.Paragraphs.SequenceEqual(b.Paragraphs), a => Untag(a, IatiActivity.ParagraphVocabulary), p => p.Paragraphs.Select(x => Tag(IatiActivity.ParagraphVocabulary, x, null))),
        new("budget", (a, b) => Of(a, true).SequenceEqual(Of(b, true)), a => a.Elements("budget").Remove(), Budgets),
        new("transaction", (a, b) => Of(a, false).SequenceEqual(Of(b, false)), a => a.Elements("transaction").Where(t => IatiActivity.Code(t.Element("transaction-type"), "code") is "1" or "2" or "3" or "4").Remove(), Transactions),
        new("document-link", (a, b) => a.Documents.SequenceEqual(b.Documents), a => a.Elements("document-link").Where(d => Programme.IsAddress(IatiActivity.Code(d, "url"))).Remove(), Documents),
        new("result", (a, b) => a.Results.SequenceEqual(b.Results), a => a.Elements("result").Remove(), Results),
    ];

    private static IEnumerable<MoneyLine> Of(Programme.Content c, bool budgets) => c.Money.Where(m => m.Kind == MoneyKind.Budget == budgets);

    private static XElement Narrative(string text, Programme p) => Narrative(text, p.Language.Tag(), null);

    private static XElement Narrative(string text, string language, string? usual) =>
        new("narrative", language == usual ? null : new XAttribute(Lang, language), text);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Status(ProgrammeStatus status) => status switch
    {
        ProgrammeStatus.Pipeline => "1",
        ProgrammeStatus.Active => "2",
        ProgrammeStatus.Completed => "4",
        ProgrammeStatus.Cancelled => "5",
    };

    // The standard wants one participant at least: an organisation takes part in its own programme.
    private static IEnumerable<XElement> Participants(Programme p) => p.Participants.Count == 0 ? [Own(p.Organisation)]
        : p.Participants.Select(x => new XElement("participating-org", x.Identifier is { } id ? new XAttribute("ref", id) : null, new XAttribute("role", (int)x.Role), Narrative(x.Name, p)));

    private static XElement Own(Organisation organisation) => new("participating-org", new XAttribute("ref", ReporterOf(organisation)), new XAttribute("role", "3"), Narrative(organisation.Name.En, "en", null));

    private static IEnumerable<XElement> Dates(Programme p)
    {
        var any = false;
        foreach (var (type, day) in new[] { ("1", p.StartPlanned), ("2", p.StartActual), ("3", p.EndPlanned), ("4", p.EndActual) })
            if (day is { } d)
            {
                any = true;
                yield return new XElement("activity-date", new XAttribute("type", type), new XAttribute("iso-date", Day(d)));
            }
        // The standard wants one day at least; the day it was entered is the first that is known of it.
        if (!any)
            yield return new XElement("activity-date", new XAttribute("type", "1"), new XAttribute("iso-date", Day(DateOnly.FromDateTime(p.CreatedAt))));
    }

    private static IEnumerable<XElement> Countries(Programme p) => p.States.Select(s => new XElement("recipient-country", new XAttribute("code", MemberStates.Get(s).Iso2), new XAttribute("percentage", Part(p.States, s))));

    // Equal shares that add up to the whole: the last takes what rounding left.
    private static string Part(IReadOnlyList<string> all, string one)
    {
        var share = Math.Floor(10_000m / all.Count) / 100;
        return Number(all[^1] == one ? 100 - (share * (all.Count - 1)) : share);
    }

    private static void Untag(XElement activity, string vocabulary) => activity.Elements("tag").Where(t => IatiActivity.Code(t, "vocabulary-uri") == vocabulary).Remove();

    private static XElement Tag(string vocabulary, string code, string? name) => new("tag", new XAttribute("vocabulary", "99"), new XAttribute("vocabulary-uri", vocabulary), new XAttribute("code", code),
        name is null ? null : Narrative(name, "en", null));

    private static XElement Value(MoneyLine line) => new("value", new XAttribute("currency", line.Currency), new XAttribute("value-date", Day(line.Date)), Number(line.Amount));

    private static IEnumerable<XElement> Budgets(Programme p) => p.Money.Where(m => m.Kind == MoneyKind.Budget).Select(m => new XElement("budget", new XAttribute("type", "1"), new XAttribute("status", "2"),
        new XElement("period-start", new XAttribute("iso-date", Day(m.Date))), new XElement("period-end", new XAttribute("iso-date", Day(m.Until ?? m.Date.AddYears(1).AddDays(-1)))), Value(m)));

    private static IEnumerable<XElement> Transactions(Programme p) => p.Money.Where(m => m.Kind != MoneyKind.Budget).Select(m => new XElement("transaction",
        new XElement("transaction-type", new XAttribute("code", m.Kind switch
        {
            MoneyKind.IncomingFunds => "1",
            MoneyKind.Commitment => "2",
            MoneyKind.Disbursement => "3",
            MoneyKind.Expenditure => "4",
            MoneyKind.Budget => throw new InvalidOperationException("A budget is no transaction"),
        })), new XElement("transaction-date", new XAttribute("iso-date", Day(m.Date))), Value(m)));

    private static IEnumerable<XElement> Documents(Programme p) => p.Documents.Select(d => new XElement("document-link", new XAttribute("format", "text/html"), new XAttribute("url", d.Address),
        new XElement("title", Narrative(d.Title, p)), new XElement("category", new XAttribute("code", "A12"))));

    private static IEnumerable<XElement> Results(Programme p)
    {
        var (from, until) = (p.Start ?? DateOnly.FromDateTime(p.CreatedAt), p.End ?? p.Start ?? DateOnly.FromDateTime(p.CreatedAt));
        return p.Results.Select(r => new XElement("result", new XAttribute("type", (int)r.Kind), new XElement("title", Narrative(r.Title, p)),
            new XElement("indicator", new XAttribute("measure", "1"), new XElement("title", Narrative(r.Title, p)),
                r.Target is null && r.Actual is null ? null : new XElement("period", new XElement("period-start", new XAttribute("iso-date", Day(from))), new XElement("period-end", new XAttribute("iso-date", Day(until < from ? from : until))),
                    r.Target is null ? null : new XElement("target", new XAttribute("value", r.Target)), r.Actual is null ? null : new XElement("actual", new XAttribute("value", r.Actual))))));
    }

    // A part that is not published is not there, and nothing of others that may speak of it.
    private static void Withhold(XElement activity, Programme programme, Organisation organisation, ProgrammeParts parts)
    {
        void Remove(params string[] names)
        {
            foreach (var name in names)
                activity.Elements(name).Remove();
        }
        if (!parts.Has(ProgrammeParts.Finance))
        {
            Remove("budget", "planned-disbursement", "capital-spend", "transaction", "country-budget-items", "crs-add", "fss");
            activity.Attribute("default-currency")?.Remove();
        }
        if (!parts.Has(ProgrammeParts.Results))
            Remove("result");
        if (!parts.Has(ProgrammeParts.Documents))
            Remove("document-link");
        if (!parts.Has(ProgrammeParts.Description))
        {
            Remove("description", "participating-org", "other-identifier", "contact-info", "location", "sector", "humanitarian-scope", "policy-marker", "related-activity", "legacy-data", "conditions");
            Untag(activity, IatiActivity.ParagraphVocabulary);
            activity.Add(new XElement("description", new XAttribute("type", "1"), Narrative(programme.Title, programme)), Own(organisation));
        }
        if ((parts & ProgrammePartsSets.Shareable) != ProgrammePartsSets.Shareable)
            activity.Descendants().Where(e => e.Name.NamespaceName.Length > 0).Remove();
        Ordered(activity);
    }

    // Children in the standard's order, each kind in the order it stood in; what is others' comes last.
    private static XElement Ordered(XElement activity)
    {
        var places = IatiStructure.Activity.Places;
        var children = activity.Elements().ToList();
        var ordered = children.OrderBy(e => e.Name.NamespaceName.Length == 0 && places.TryGetValue(e.Name.LocalName, out var at) ? at : int.MaxValue).ToList();
        if (!ordered.SequenceEqual(children))
        {
            activity.RemoveNodes();
            activity.Add(ordered);
        }
        return activity;
    }

    /// <summary>Writes an activity file, one activity at a time.</summary>
    public static async Task File(Stream to, IAsyncEnumerable<XElement> activities, DateTime now, CancellationToken ct = default)
    {
        await using var xml = XmlWriter.Create(to, new XmlWriterSettings { Async = true, Indent = true, Encoding = new System.Text.UTF8Encoding(false), CloseOutput = false });
        await xml.WriteStartDocumentAsync();
        await xml.WriteStartElementAsync(null, "iati-activities", null);
        await xml.WriteAttributeStringAsync(null, "version", null, "2.03");
        await xml.WriteAttributeStringAsync(null, "generated-datetime", null, now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        await foreach (var activity in activities.WithCancellation(ct))
            await activity.WriteToAsync(xml, ct);
        await xml.WriteEndElementAsync();
        await xml.WriteEndDocumentAsync();
    }

    /// <summary>The organisation file of IATI 2.03: who it is, what its programmes are budgeted at for each year, and where it publishes.</summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="language">Language of the names.</param>
    /// <param name="budgets">Sums by year and currency, of what may be published.</param>
    /// <param name="byCountry">The same by State.</param>
    /// <param name="now">UTC.</param>
    public static XDocument OrganisationFile(Organisation organisation, Language language, IReadOnlyList<(int Year, string Currency, decimal Amount)> budgets, IReadOnlyList<(string Iso3, int Year, string Currency, decimal Amount)> byCountry, DateTime now)
    {
        XElement[] Period(int year, string currency, decimal amount) =>
        [
            new("period-start", new XAttribute("iso-date", $"{year}-01-01")), new("period-end", new XAttribute("iso-date", $"{year}-12-31")),
            new("value", new XAttribute("currency", currency), new XAttribute("value-date", $"{year}-01-01"), Number(amount)),
        ];
        var own = new XElement("iati-organisation", new XAttribute(Lang, language.Tag()), new XElement("organisation-identifier", ReporterOf(organisation)), new XElement("name", Narrative(organisation.Name[language], language.Tag(), language.Tag())),
            new XElement("reporting-org", new XAttribute("ref", ReporterOf(organisation)), new XAttribute("type", organisation.Kind == Access.OrganisationKind.Partner ? "40" : "10"), Narrative(organisation.Name[language], language.Tag(), language.Tag())),
            budgets.Select(b => new XElement("total-budget", new XAttribute("status", "1"), Period(b.Year, b.Currency, b.Amount))),
            byCountry.Select(b =>
            {
                var period = Period(b.Year, b.Currency, b.Amount);
                return new XElement("recipient-country-budget", new XAttribute("status", "1"), new XElement("recipient-country", new XAttribute("code", MemberStates.Get(b.Iso3).Iso2)), period);
            }));
        return new XDocument(new XDeclaration("1.0", "utf-8", null), new XElement("iati-organisations", new XAttribute("version", "2.03"),
            new XAttribute("generated-datetime", now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)), own));
    }
}
