using System.Globalization;
using Portal.Domain.Access;

namespace Portal.Domain;

/// <summary>Reads amounts as people type and paste them.</summary>
public static class Amount
{
    // What overrides the direction of letters would show another number than the one that is read.
    private const char Reversed = '\u202E';

    // The decimal sign of Arabic. The other signs set groups apart in one language and fractions in another.
    private const char ArabicPoint = '٫';

    /// <summary>
    /// Whole units: blanks, commas, points or apostrophes may stand between groups of three, or as in India of two, in the digits of any
    /// script. Fractions of nothing but zeros are none.
    /// </summary>
    /// <returns>The amount, or null where nothing was typed.</returns>
    /// <exception cref="Refusal"><c>field.amount_unreadable</c>, or <c>field.amount_fraction</c> where it has cents.</exception>
    public static decimal? Read(string? typed, string? field = null)
    {
        var text = Plain(typed ?? "");
        if (text.Length == 0)
            return null;
        var isBelow = text[0] == '-';
        var amount = Whole(isBelow ? text[1..] : text, field);
        return isBelow ? -amount : amount;
    }

    /// <summary>
    /// A number that may have a fraction, such as a rate of exchange. What one language reads as a fraction and another as thousands is
    /// refused.
    /// </summary>
    /// <returns>The number, or null where nothing was typed.</returns>
    /// <exception cref="Refusal"><c>field.amount_unreadable</c>, or <c>field.number_ambiguous</c>.</exception>
    public static decimal? ReadFraction(string? typed, string? field = null)
    {
        var text = Plain(typed ?? "");
        if (text.Length == 0)
            return null;
        var at = text.LastIndexOfAny([',', '.', ArabicPoint]);
        var isFraction = at > 0 && at + 1 < text.Length && text.IndexOf(text[at]) == at && text[(at + 1)..].All(char.IsAsciiDigit);
        // Several signs of one kind set groups apart; so may a single one with three digits after it and no nought before.
        Refusal.If(
            isFraction
                && text[at] != ArabicPoint
                && text.Length - at == 4
                && text[..at].All(char.IsAsciiDigit)
                && text[0] != '0'
                && at <= 3,
            "field.number_ambiguous",
            field
        );
        if (!isFraction)
            return Whole(text, field);
        var digits = text[(at + 1)..];
        Refusal.If(digits.Length > 10, "field.amount_out_of_range", field);
        return Whole(text[..at], field) + decimal.Parse("0." + digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    }

    /// <summary>The same where it does not matter why something is no amount.</summary>
    public static bool TryRead(string? typed, out decimal? amount)
    {
        try
        {
            amount = Read(typed);
            return true;
        }
        catch (Refusal)
        {
            amount = null;
            return false;
        }
    }

    // ASCII digits and one sign of each kind. Marks of direction go, and a blank that parts no digits.
    private static string Plain(string typed)
    {
        var seen = typed
            .Where(c => c == Reversed || char.GetUnicodeCategory(c) is not UnicodeCategory.Format)
            .Select(c =>
                c switch
                {
                    _ when char.IsWhiteSpace(c) => ' ',
                    _ when char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber => (char)(
                        '0' + CharUnicodeInfo.GetDecimalDigitValue(c)
                    ),
                    '，' or '،' or '﹐' => ',',
                    '．' or '﹒' => '.',
                    '’' or 'ʼ' or '＇' or '`' or '´' or '٬' => '\'',
                    '−' or '－' or '﹣' => '-',
                    _ => c,
                }
            )
            .ToArray();
        return string.Concat(
            seen.Where(
                (c, i) => c != ' ' || (i > 0 && i + 1 < seen.Length && char.IsAsciiDigit(seen[i - 1]) && char.IsAsciiDigit(seen[i + 1]))
            )
        );
    }

    private static decimal Whole(string text, string? field)
    {
        var signs = text.Where(c => !char.IsAsciiDigit(c)).ToList();
        var groups = text.Split([',', '.', '\'', ' ', ArabicPoint]);
        Refusal.Unless(groups.Length == signs.Count + 1 && groups.All(g => g.Length > 0), "field.amount_unreadable", field);
        // The last sign begins a fraction where another one stands between the groups before it, or where what follows can be no group.
        if (
            signs is [.., ',' or '.' or ArabicPoint]
            && (signs[^1] == ArabicPoint || (signs.Count > 1 ? signs[^1] != signs[^2] : groups[1].Length != 3 || groups[0][0] == '0'))
        )
        {
            // Three and more digits after it may be meant as a group.
            Refusal.If(
                groups[^1].Length > 2 && signs[^1] != ArabicPoint && groups[^1].All(c => c == '0'),
                "field.amount_unreadable",
                field
            );
            Refusal.Unless(groups[^1].All(c => c == '0'), "field.amount_fraction", field);
            (groups, signs) = (groups[..^1], signs[..^1]);
        }
        Refusal.Unless(signs.Distinct().Count() <= 1 && AreGroups(groups), "field.amount_unreadable", field);
        var digits = string.Concat(groups).TrimStart('0');
        Refusal.If(digits.Length > 28, "field.amount_out_of_range", field);
        return digits.Length == 0 ? 0 : decimal.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static bool AreGroups(string[] groups) =>
        groups.Length == 1
        || (
            groups[0][0] != '0'
            && groups[^1].Length == 3
            && (
                (groups[0].Length <= 3 && groups[1..].All(g => g.Length == 3))
                || (groups.Length > 2 && groups[0].Length <= 2 && groups[1..^1].All(g => g.Length == 2))
            )
        );
}
