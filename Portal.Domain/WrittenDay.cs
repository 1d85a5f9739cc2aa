using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Domain.Access;

namespace Portal.Domain;

/// <summary>Reads days as people and programs write them into tables. What may be two days is none.</summary>
public static partial class WrittenDay
{
    /// <summary>
    /// Year, month and day, with or without zeros before; or the year last where only one order gives a day: 15/01/2027, 1/15/2027,
    /// 05/05/2027. A time of day may follow, with its zone only at
    /// midnight: the day is the one that is written, never one moved from another zone.
    /// </summary>
    /// <returns>The day, or null where nothing was written.</returns>
    /// <exception cref="Refusal">
    /// <c>field.date_unreadable</c>, <c>field.date_ambiguous</c>, <c>field.date_time_only</c> or <c>field.date_zone</c>.
    /// </exception>
    public static DateOnly? Read(string? written, string? field = null)
    {
        var text = string.Concat(
                (written ?? "")
                    .Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.Format)
                    .Select(c =>
                        c switch
                        {
                            _ when char.IsWhiteSpace(c) => ' ',
                            _ when char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber => (char)(
                                '0' + CharUnicodeInfo.GetDecimalDigitValue(c)
                            ),
                            '／' or '⁄' => '/',
                            '－' or '‐' or '‑' or '–' => '-',
                            '．' => '.',
                            '：' => ':',
                            _ => c,
                        }
                    )
            )
            .Trim();
        if (text.Length == 0)
            return null;
        Refusal.If(OnlyTime().IsMatch(text), "field.date_time_only", field);
        var at = Dated().Match(text);
        Refusal.Unless(at.Success, "field.date_unreadable", field);
        int Number(string name) =>
            at.Groups[name].Success ? int.Parse(at.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var isMidnight =
            Number("hour") == 0 && Number("minute") == 0 && Number("seconds") == 0 && at.Groups["part"].Value.Trim('0').Length == 0;
        Refusal.If(at.Groups["zone"].Success && !isMidnight, "field.date_zone", field);
        if (at.Groups["year"].Success)
            return Of(Number("year"), Number("month"), Number("day")) ?? throw new Refusal("field.date_unreadable", field);
        var (first, second, year) = (Number("first"), Number("second"), Number("last"));
        var (dayFirst, monthFirst) = (Of(year, second, first), Of(year, first, second));
        Refusal.If(dayFirst is not null && monthFirst is not null && dayFirst != monthFirst, "field.date_ambiguous", field);
        return dayFirst ?? monthFirst ?? throw new Refusal("field.date_unreadable", field);
    }

    private static DateOnly? Of(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : null;

    [GeneratedRegex(
        """
            ^(?: (?<year>[0-9]{4})(?<sign>[-/.])(?<month>[0-9]{1,2})\k<sign>(?<day>[0-9]{1,2})\.?
               | (?<year>[0-9]{4})[年년]\ ?(?<month>[0-9]{1,2})[月월]\ ?(?<day>[0-9]{1,2})[日일]
               | (?<first>[0-9]{1,2})(?<sign>[-/.])(?<second>[0-9]{1,2})\k<sign>(?<last>[0-9]{4}) )
             (?: (?:\ |T)(?<hour>[01]?[0-9]|2[0-3]):(?<minute>[0-5][0-9])(?::(?<seconds>[0-5][0-9])(?:[.,](?<part>[0-9]{1,9}))?)? )?
             (?<zone>\ ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?$
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant
    )]
    private static partial Regex Dated();

    [GeneratedRegex(
        "^T?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?( ?([AaPp][Mm]|Z|[+-][0-9]{2}:?[0-9]{2}))?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex OnlyTime();
}
