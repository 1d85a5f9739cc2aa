using System.Globalization;
using System.Xml.Linq;

namespace Portal.Domain.Iati;

/// <summary>
/// The rules of the standard that one activity is held to. What would make a wrong programme of it refuses the activity: shares that do not
/// add up, days out of order, an amount without
/// a currency. What a publisher ought to mend and a reader can live with is noted.
/// </summary>
internal static class IatiRules
{
    private static readonly XName Lang = XNamespace.Xml + "lang";

    public static void Check(XElement activity, DateOnly today, IatiChecker.Problems problems)
    {
        Identifiers(activity, problems);
        Dates(activity, today, problems);
        Shares(activity, problems);
        Money(activity, today, problems);
        Results(activity, problems);
        Texts(activity, problems);
    }

    private static void Identifiers(XElement activity, IatiChecker.Problems problems)
    {
        var element = activity.Element("iati-identifier")!;
        var (identifier, own) = (element.Value.Trim(), activity.Element("reporting-org")!.Attribute("ref")!.Value.Trim());
        if (identifier.Length == 0)
            problems.Add("iati.identifier_missing", element, "iati-identifier");
        else if (identifier.EnumerateRunes().Any(Text.IsUnseenInCode) || identifier.Length > 200)
            // Shown with its code points: what is wrong with it cannot be seen.
            problems.Add(
                "iati.identifier_unreadable",
                element,
                "iati-identifier",
                string.Concat(identifier.EnumerateRunes().Select(r => Text.IsUnseenInCode(r) ? $"[U+{r.Value:X4}]" : r.ToString()))
            );
        else if (identifier == own)
            problems.Add("iati.identifier_is_org", element, "iati-identifier", identifier);
        else
        {
            if (identifier != element.Value)
                problems.Add("iati.identifier_blanks", element, "iati-identifier", null, refuses: false);
            if (identifier.IndexOfAny(['/', '&', '|', '?']) >= 0)
                problems.Add("iati.identifier_signs", element, "iati-identifier", identifier, refuses: false);
            var former = activity
                .Elements("other-identifier")
                .Where(o => o.Attribute("type")!.Value.Trim() == "B1")
                .Select(o => o.Attribute("ref")!.Value.Trim());
            if (!former.Prepend(own).Any(o => identifier.StartsWith(o + "-", StringComparison.Ordinal)))
                problems.Add("iati.identifier_prefix", element, "iati-identifier", identifier, refuses: false);
        }
        if (own.Length == 0)
            problems.Add("iati.reporter_missing", activity.Element("reporting-org"), "reporting-org/@ref");
        foreach (
            var reference in activity
                .Descendants()
                .Where(e =>
                    e.Name.NamespaceName.Length == 0
                    && (
                        e.Name.LocalName.EndsWith("-org", StringComparison.Ordinal)
                        || e.Name.LocalName is "other-identifier" or "related-activity"
                    )
                )
                .Attributes()
                .Where(a =>
                    a.Name.LocalName is "ref" or "activity-id" or "provider-activity-id" or "receiver-activity-id"
                    && a.Value != a.Value.Trim()
                )
        )
            problems.Add(
                "iati.reference_blanks",
                reference,
                Path(reference.Parent!) + "/@" + reference.Name.LocalName,
                reference.Value,
                refuses: false
            );
        foreach (
            var nobody in activity
                .Elements("transaction")
                .Concat(activity.Elements("planned-disbursement"))
                .Elements()
                .Concat(activity.Elements("other-identifier").Elements())
                .Where(e =>
                    e.Name.LocalName is "provider-org" or "receiver-org" or "owner-org"
                    && string.IsNullOrWhiteSpace(e.Attribute("ref")?.Value)
                    && e.Elements("narrative").All(n => string.IsNullOrWhiteSpace(n.Value))
                )
        )
            problems.Add("iati.nobody_named", nobody, Path(nobody), null, refuses: false);
    }

    private static string Path(XElement element) =>
        string.Join('/', element.AncestorsAndSelf().Reverse().Skip(1).Select(e => e.Name.LocalName));

    private static void Dates(XElement activity, DateOnly today, IatiChecker.Problems problems)
    {
        var days = activity
            .Elements("activity-date")
            .Select(e => (Element: e, Type: e.Attribute("type")!.Value.Trim(), Day: IatiChecker.Day(e.Attribute("iso-date")!.Value)!.Value))
            .ToList();
        foreach (var (element, type, day) in days)
        {
            if (day.Year is < 1950 or > 2100)
                problems.Add("iati.date_out_of_range", element, "activity-date/@iso-date", day.ToString("O", CultureInfo.InvariantCulture));
            if (type is "2" or "4" && day > today)
                problems.Add(
                    "iati.date_in_future",
                    element,
                    "activity-date/@iso-date",
                    day.ToString("O", CultureInfo.InvariantCulture),
                    refuses: false
                );
        }
        foreach (var (start, end) in new[] { ("1", "3"), ("2", "4") })
        {
            var first = days.Where(d => d.Type == start).Select(d => (DateOnly?)d.Day).FirstOrDefault();
            if (days.FirstOrDefault(d => d.Type == end) is { Element: { } late, Day: var last } && last < first)
                problems.Add("iati.dates_reversed", late, "activity-date/@iso-date", $"{first:yyyy-MM-dd} > {last:yyyy-MM-dd}");
        }
        if (!days.Exists(d => d.Type is "1" or "2"))
            problems.Add("iati.start_missing", activity, "activity-date", null, refuses: false);
        if (
            IatiChecker.Day(activity.Attribute("last-updated-datetime")?.Value.Trim() is { Length: >= 10 } moment ? moment[..10] : null)
                is { } updated
            && updated > today.AddDays(1)
        )
            problems.Add(
                "iati.date_in_future",
                activity,
                "@last-updated-datetime",
                updated.ToString("O", CultureInfo.InvariantCulture),
                refuses: false
            );
    }

    private static void Shares(XElement activity, IatiChecker.Problems problems)
    {
        foreach (var share in activity.Descendants().Attributes("percentage"))
            if (Number(share.Value) is < 0 or > 100)
                problems.Add(
                    "iati.share_out_of_range",
                    share,
                    share.Parent!.Name.LocalName + "/@percentage",
                    share.Value,
                    IsRead(share.Parent!)
                );
        foreach (var vocabulary in activity.Elements("sector").GroupBy(Vocabulary))
            Sum([.. vocabulary], "sector", vocabulary.Key is "1" or "2");
        Places(activity, Sum);
        foreach (var items in activity.Elements("country-budget-items"))
            Sum([.. items.Elements("budget-item")], "country-budget-items/budget-item", false);
        if (!activity.Elements("sector").Any() && !activity.Elements("transaction").Elements("sector").Any())
            problems.Add("iati.sector_missing", activity, "sector", null, refuses: false);
        Levels(activity, problems);

        void Sum(List<XElement> parts, string path, bool refuses)
        {
            if (AddsUp(parts))
                return;
            var said = parts.Where(p => p.Attribute("percentage") is not null).ToList();
            if (said.Count == 0)
                problems.Add("iati.shares_missing", parts[0], path + "/@percentage", null, refuses: false);
            else if (parts.Find(p => p.Attribute("percentage") is null) is { } without)
                problems.Add("iati.some_shares_missing", without, path + "/@percentage", null, refuses);
            else
                problems.Add(
                    "iati.shares_do_not_add_up",
                    parts[0],
                    path + "/@percentage",
                    said.Sum(Share).ToString("0.####", CultureInfo.InvariantCulture),
                    refuses
                );
        }
    }

    // Countries are the whole, or with the regions of each vocabulary: what they lack, each vocabulary says by itself. The portal reads
    // countries, and regions of the usual vocabulary with them.
    private static void Places(XElement activity, Action<List<XElement>, string, bool> sum)
    {
        var countries = activity.Elements("recipient-country").ToList();
        var regions = activity.Elements("recipient-region").GroupBy(Vocabulary).ToDictionary(g => g.Key, g => g.ToList());
        var path = countries.Count > 0 ? "recipient-country" : "recipient-region";
        var whole = countries.Concat(regions.Values.SelectMany(r => r)).ToList();
        var isSome = (countries.Count > 0 && AddsUp(countries)) || regions.Values.Any(r => AddsUp([.. countries, .. r]));
        if (regions.Count == 0)
            sum(countries, path, true);
        foreach (var (vocabulary, some) in regions)
            sum([.. countries, .. some], path, !AddsUp(whole) && (vocabulary == "1" || (countries.Count > 0 && !isSome)));
    }

    private static string Vocabulary(XElement element) => element.Attribute("vocabulary")?.Value.Trim() ?? "1";

    private static bool IsRead(XElement part) =>
        part.Name.LocalName == "recipient-country" || (part.Name.LocalName == "sector" && Vocabulary(part) is "1" or "2");

    // One alone need not say that it is all of it. Each of several may be rounded at its last digit.
    private static bool AddsUp(List<XElement> parts) =>
        parts.Count switch
        {
            0 => true,
            1 when parts[0].Attribute("percentage") is null => true,
            _ => parts.TrueForAll(p => p.Attribute("percentage") is not null)
                && Math.Abs(parts.Sum(Share) - 100) <= Math.Max(0.01m, parts.Count * 0.005m),
        };

    // Where help goes and what for is said once: of the whole, or of every transaction.
    private static void Levels(XElement activity, IatiChecker.Problems problems)
    {
        var transactions = activity.Elements("transaction").ToList();
        foreach (var names in new[] { new[] { "recipient-country", "recipient-region" }, ["sector"] })
        {
            var isWhole = names.Any(n => activity.Element(n) is not null);
            var own = transactions.Where(t => names.Any(n => t.Element(n) is not null)).ToList();
            if (own.Count > 0 && isWhole)
                problems.Add("iati.both_levels", own[0], "transaction/" + names[0], null, refuses: false);
            else if (own.Count > 0 && own.Count < transactions.Count)
                problems.Add("iati.some_transactions", transactions.Except(own).First(), "transaction/" + names[0], null, refuses: false);
            else if (own.Count == 0 && !isWhole && names.Length > 1)
                problems.Add("iati.place_missing", activity, names[0], null, refuses: false);
        }
        foreach (
            var sector in activity
                .Descendants("sector")
                .Where(s => Vocabulary(s) is "98" or "99" && s.Elements("narrative").All(n => string.IsNullOrWhiteSpace(n.Value)))
        )
            problems.Add("iati.sector_unnamed", sector, Path(sector) + "/narrative", null, refuses: false);
    }

    private static decimal Share(XElement part) => Number(part.Attribute("percentage")?.Value) ?? 0;

    private static void Money(XElement activity, DateOnly today, IatiChecker.Problems problems)
    {
        var usual = activity.Attribute("default-currency")?.Value.Trim();
        foreach (
            var (kind, lines) in new[]
            {
                ("budget", activity.Elements("budget")),
                ("planned-disbursement", activity.Elements("planned-disbursement")),
                ("transaction", activity.Elements("transaction")),
            }
        )
        foreach (var line in lines)
        {
            var value = line.Element("value")!;
            var amount = Number(value.Value);
            if (amount is null || Math.Abs(amount.Value) > Text.LargestAmount)
                problems.Add("iati.amount_too_large", value, kind + "/value", value.Value.Trim());
            else if (amount < 0)
                problems.Add("iati.amount_below_zero", value, kind + "/value", value.Value.Trim(), refuses: false);
            if ((value.Attribute("currency")?.Value.Trim() ?? usual) is not { Length: > 0 })
                problems.Add("iati.currency_missing", value, kind + "/value/@currency");
            if (
                IatiChecker.Day(line.Element("period-start")?.Attribute("iso-date")?.Value) is { } from
                && IatiChecker.Day(line.Element("period-end")?.Attribute("iso-date")?.Value) is { } until
            )
            {
                if (until < from)
                    problems.Add("iati.dates_reversed", line, kind + "/period-end/@iso-date", $"{from:yyyy-MM-dd} > {until:yyyy-MM-dd}");
                else if (kind == "budget" && from.AddYears(1) < until)
                    problems.Add(
                        "iati.budget_longer_than_a_year",
                        line,
                        "budget",
                        $"{from:yyyy-MM-dd} – {until:yyyy-MM-dd}",
                        refuses: false
                    );
            }
            if (IatiChecker.Day(line.Element("transaction-date")?.Attribute("iso-date")?.Value) is { } day && day > today)
                problems.Add(
                    "iati.date_in_future",
                    line,
                    "transaction/transaction-date/@iso-date",
                    day.ToString("O", CultureInfo.InvariantCulture),
                    refuses: false
                );
            foreach (var date in new[] { line.Element("period-start"), line.Element("period-end"), line.Element("transaction-date") })
                if (IatiChecker.Day(date?.Attribute("iso-date")?.Value) is { Year: < 1950 or > 2100 } odd)
                    problems.Add(
                        "iati.date_out_of_range",
                        date,
                        kind + "/" + date!.Name.LocalName + "/@iso-date",
                        odd.ToString("O", CultureInfo.InvariantCulture)
                    );
        }
        if (activity.Elements("budget").Count() + activity.Elements("transaction").Count() > Assistance.Programme.MostLines)
            problems.Add("iati.too_many_lines", activity, "transaction");
    }

    private static void Results(XElement activity, IatiChecker.Problems problems)
    {
        foreach (var result in activity.Elements("result"))
            if (result.Element("reference") is { } reference && result.Elements("indicator").Elements("reference").Any())
                problems.Add("iati.reference_at_both", reference, "result/reference", null, refuses: false);
        foreach (var indicator in activity.Elements("result").Elements("indicator"))
        {
            foreach (var period in indicator.Elements("period"))
                if (
                    IatiChecker.Day(period.Element("period-start")!.Attribute("iso-date")!.Value) is { } from
                    && IatiChecker.Day(period.Element("period-end")!.Attribute("iso-date")!.Value) is { } until
                    && until < from
                )
                    problems.Add(
                        "iati.period_reversed",
                        period,
                        "result/indicator/period/period-end/@iso-date",
                        $"{from:yyyy-MM-dd} > {until:yyyy-MM-dd}",
                        refuses: false
                    );
            // A qualitative indicator has no value.
            if (
                indicator.Attribute("measure")!.Value.Trim() != "5"
                && indicator
                    .Elements("baseline")
                    .Concat(indicator.Elements("period").Elements())
                    .FirstOrDefault(e =>
                        e.Name.LocalName is "baseline" or "target" or "actual" && string.IsNullOrWhiteSpace(e.Attribute("value")?.Value)
                    )
                    is { } bare
            )
                problems.Add("iati.value_missing", bare, Path(bare) + "/@value", null, refuses: false);
        }
    }

    private static void Texts(XElement activity, IatiChecker.Problems problems)
    {
        if (
            activity.Attribute(Lang) is null
            && activity.Descendants("narrative").FirstOrDefault(n => n.Attribute(Lang) is null) is { } bare
        )
            problems.Add("iati.language_missing", bare, "@xml:lang", null, refuses: false);
        if (activity.Element("title")!.Elements("narrative").All(n => IsEmpty(n.Value)))
            problems.Add("iati.title_empty", activity.Element("title"), "title/narrative");
        foreach (
            var words in activity
                .Elements("transaction")
                .Elements("description")
                .Where(d => d.Elements("narrative").All(n => IsEmpty(n.Value)))
        )
            problems.Add("iati.text_empty", words, Path(words), null, refuses: false);
        var usual = activity.Attribute(Lang)?.Value.Trim();
        foreach (
            var twice in activity
                .Descendants("narrative")
                .GroupBy(n => n.Parent!)
                .SelectMany(all =>
                    all.GroupBy(n => (n.Attribute(Lang)?.Value.Trim() ?? usual)?.ToLowerInvariant()).Where(l => l.Count() > 1)
                )
        )
            problems.Add("iati.language_twice", twice.Last(), Path(twice.Last()), twice.Key, refuses: false);
    }

    private static bool IsEmpty(string text) => Text.OptionalLine(text, int.MaxValue, "") is null;

    /// <summary>A number of XML; null where it is none or larger than anything that can be reckoned with.</summary>
    internal static decimal? Number(string? text) =>
        decimal.TryParse(
            text?.Trim(),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
