using System.Globalization;
using System.Xml.Linq;

namespace Portal.Domain.Iati;

/// <summary>
/// The rules of the standard that one activity is held to. What would make a wrong programme of it refuses the activity: shares that do not add up, days out of order, an amount without
/// a currency. What a publisher ought to mend and a reader can live with is noted.
/// </summary>
internal static class IatiRules
{
    private const decimal Tolerance = 0.01m;

    public static void Check(XElement activity, DateOnly today, IatiChecker.Problems problems)
    {
        Identifiers(activity, problems);
        Dates(activity, today, problems);
        Shares(activity, problems);
        Money(activity, today, problems);
        Texts(activity, problems);
    }

    private static void Identifiers(XElement activity, IatiChecker.Problems problems)
    {
        var element = activity.Element("iati-identifier")!;
        var (identifier, own) = (element.Value.Trim(), activity.Element("reporting-org")!.Attribute("ref")!.Value.Trim());
        if (identifier.Length == 0)
            problems.Add("iati.identifier_missing", element, "iati-identifier");
        else if (identifier.Any(char.IsWhiteSpace) || identifier.Length > 200)
            problems.Add("iati.identifier_unreadable", element, "iati-identifier", identifier);
        else if (identifier == own)
            problems.Add("iati.identifier_is_org", element, "iati-identifier", identifier);
        else
        {
            if (identifier != element.Value)
                problems.Add("iati.identifier_blanks", element, "iati-identifier", null, refuses: false);
            var former = activity.Elements("other-identifier").Where(o => o.Attribute("type")!.Value.Trim() == "B1").Select(o => o.Attribute("ref")!.Value.Trim());
            if (!former.Prepend(own).Any(o => identifier.StartsWith(o + "-", StringComparison.Ordinal)))
                problems.Add("iati.identifier_prefix", element, "iati-identifier", identifier, refuses: false);
        }
        if (own.Length == 0)
            problems.Add("iati.reporter_missing", activity.Element("reporting-org"), "reporting-org/@ref");
    }

    private static void Dates(XElement activity, DateOnly today, IatiChecker.Problems problems)
    {
        var days = activity.Elements("activity-date").Select(e => (Element: e, Type: e.Attribute("type")!.Value.Trim(), Day: IatiChecker.Day(e.Attribute("iso-date")!.Value)!.Value)).ToList();
        foreach (var (element, type, day) in days)
        {
            if (day.Year is < 1950 or > 2100)
                problems.Add("iati.date_out_of_range", element, "activity-date/@iso-date", day.ToString("O", CultureInfo.InvariantCulture));
            if (type is "2" or "4" && day > today)
                problems.Add("iati.date_in_future", element, "activity-date/@iso-date", day.ToString("O", CultureInfo.InvariantCulture), refuses: false);
        }
        foreach (var (start, end) in new[] { ("1", "3"), ("2", "4") })
        {
            var first = days.Where(d => d.Type == start).Select(d => (DateOnly?)d.Day).FirstOrDefault();
            if (days.FirstOrDefault(d => d.Type == end) is { Element: { } late, Day: var last } && last < first)
                problems.Add("iati.dates_reversed", late, "activity-date/@iso-date", $"{first:yyyy-MM-dd} > {last:yyyy-MM-dd}");
        }
        if (!days.Exists(d => d.Type is "1" or "2"))
            problems.Add("iati.start_missing", activity, "activity-date", null, refuses: false);
    }

    private static void Shares(XElement activity, IatiChecker.Problems problems)
    {
        foreach (var share in activity.Descendants().Attributes("percentage"))
            if (Number(share.Value) is < 0 or > 100)
                problems.Add("iati.share_out_of_range", share, share.Parent!.Name.LocalName + "/@percentage", share.Value);
        foreach (var vocabulary in activity.Elements("sector").GroupBy(s => s.Attribute("vocabulary")?.Value.Trim() ?? "1"))
            Sum([.. vocabulary], "sector");
        var countries = activity.Elements("recipient-country").ToList();
        var regions = activity.Elements("recipient-region").ToList();
        // Together they are the whole, whether the regions are of one vocabulary or tell the same once more in another.
        var whole = countries.Concat(regions).ToList();
        var ways = regions.GroupBy(r => r.Attribute("vocabulary")?.Value.Trim() ?? "1").Select(g => countries.Concat(g).ToList()).Append(whole).ToList();
        if (!ways.Exists(AddsUp))
            Sum(whole, countries.Count > 0 ? "recipient-country" : "recipient-region");
        foreach (var items in activity.Elements("country-budget-items"))
            Sum([.. items.Elements("budget-item")], "country-budget-items/budget-item");
        if (!activity.Elements("sector").Any() && !activity.Elements("transaction").Elements("sector").Any())
            problems.Add("iati.sector_missing", activity, "sector", null, refuses: false);

        void Sum(List<XElement> parts, string path)
        {
            if (parts.Count == 0 || AddsUp(parts))
                return;
            var said = parts.Where(p => p.Attribute("percentage") is not null).ToList();
            if (said.Count == 0)
                problems.Add("iati.shares_missing", parts[0], path + "/@percentage", null, refuses: false);
            else
                problems.Add("iati.shares_do_not_add_up", parts[0], path + "/@percentage", said.Sum(Share).ToString("0.####", CultureInfo.InvariantCulture));
        }

        // One alone need not say that it is all of it.
        static bool AddsUp(List<XElement> parts) => parts.Count switch
        {
            0 => true,
            1 when parts[0].Attribute("percentage") is null => true,
            _ => parts.TrueForAll(p => p.Attribute("percentage") is not null) && Math.Abs(parts.Sum(Share) - 100) <= Tolerance,
        };
    }

    private static decimal Share(XElement part) => Number(part.Attribute("percentage")?.Value) ?? 0;

    private static void Money(XElement activity, DateOnly today, IatiChecker.Problems problems)
    {
        var usual = activity.Attribute("default-currency")?.Value.Trim();
        foreach (var (kind, lines) in new[] { ("budget", activity.Elements("budget")), ("planned-disbursement", activity.Elements("planned-disbursement")), ("transaction", activity.Elements("transaction")) })
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
                if (IatiChecker.Day(line.Element("period-start")?.Attribute("iso-date")?.Value) is { } from && IatiChecker.Day(line.Element("period-end")?.Attribute("iso-date")?.Value) is { } until)
                {
                    if (until < from)
                        problems.Add("iati.dates_reversed", line, kind + "/period-end/@iso-date", $"{from:yyyy-MM-dd} > {until:yyyy-MM-dd}");
                    else if (kind == "budget" && from.AddYears(1) < until)
                        problems.Add("iati.budget_longer_than_a_year", line, "budget", $"{from:yyyy-MM-dd} – {until:yyyy-MM-dd}", refuses: false);
                }
                if (IatiChecker.Day(line.Element("transaction-date")?.Attribute("iso-date")?.Value) is { } day && day > today)
                    problems.Add("iati.date_in_future", line, "transaction/transaction-date/@iso-date", day.ToString("O", CultureInfo.InvariantCulture), refuses: false);
                foreach (var date in new[] { line.Element("period-start"), line.Element("period-end"), line.Element("transaction-date") })
                    if (IatiChecker.Day(date?.Attribute("iso-date")?.Value) is { Year: < 1950 or > 2100 } odd)
                        problems.Add("iati.date_out_of_range", date, kind + "/" + date!.Name.LocalName + "/@iso-date", odd.ToString("O", CultureInfo.InvariantCulture));
            }
        if (activity.Elements("budget").Count() + activity.Elements("transaction").Count() > Assistance.Programme.MostLines)
            problems.Add("iati.too_many_lines", activity, "transaction");
    }

    private static void Texts(XElement activity, IatiChecker.Problems problems)
    {
        if (activity.Attribute(XNamespace.Xml + "lang") is null && activity.Descendants("narrative").FirstOrDefault(n => n.Attribute(XNamespace.Xml + "lang") is null) is { } bare)
            problems.Add("iati.language_missing", bare, "@xml:lang", null, refuses: false);
        if (activity.Element("title")!.Elements("narrative").All(n => string.IsNullOrWhiteSpace(n.Value)))
            problems.Add("iati.title_empty", activity.Element("title"), "title/narrative");
    }

    /// <summary>A number of XML; null where it is none or larger than anything that can be reckoned with.</summary>
    internal static decimal? Number(string? text) =>
        decimal.TryParse(text?.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
