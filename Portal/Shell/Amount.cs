using System.Globalization;

namespace Portal.Shell;

/// <summary>Reads amounts as people type them.</summary>
public static class Amount
{
    /// <summary>
    /// Whole units, with blanks, commas, points or apostrophes between groups of three, in Western, Arabic-Indic or Persian digits.
    /// </summary>
    /// <returns>False where it is no such number; true with null where nothing was typed.</returns>
    public static bool TryRead(string? typed, out decimal? amount)
    {
        amount = null;
        if (string.IsNullOrWhiteSpace(typed))
            return true;
        var digits = string.Concat(typed.Trim().Select(c => char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber ? (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)) : c));
        var groups = digits.Split([',', '.', '\'', '’', ' ', '\u00A0', '\u202F', '٬', '،']);
        var isGrouped = groups.Length == 1 || (groups[0].Length is > 0 and <= 3 && groups.Skip(1).All(g => g.Length == 3));
        if (!isGrouped || !decimal.TryParse(string.Concat(groups), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return false;
        amount = value;
        return true;
    }
}
