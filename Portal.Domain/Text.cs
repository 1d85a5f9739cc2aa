using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain;

/// <summary>What may be typed into a record: trimmed, of bounded length, without characters that hide or reverse what is read.</summary>
public static partial class Text
{
    /// <summary>The largest amount of money a record takes, in whole units of its currency.</summary>
    public const decimal LargestAmount = 999_999_999_999m;

    /// <summary>A text of any number of lines that must be there.</summary>
    /// <exception cref="Refusal"><c>field.required</c>, <c>field.too_long</c> or <c>field.bad_character</c>.</exception>
    public static string Required(string? value, int maxLength, string field) => There(Optional(value, maxLength, field), field);

    /// <summary>A text of any number of lines that may be left empty; null when it is, or when nothing of it can be seen.</summary>
    /// <exception cref="Refusal"><c>field.too_long</c> or <c>field.bad_character</c>.</exception>
    public static string? Optional(string? value, int maxLength, string field) => Bounded(Clean(value, field), maxLength, field);

    /// <summary>A title, a name, an identifier: one line that must be there. Line breaks become blanks.</summary>
    /// <exception cref="Refusal"><c>field.required</c>, <c>field.too_long</c> or <c>field.bad_character</c>.</exception>
    public static string RequiredLine(string? value, int maxLength, string field) => There(OptionalLine(value, maxLength, field), field);

    /// <summary>One line that may be left empty; null when it is, or when nothing of it can be seen.</summary>
    /// <exception cref="Refusal"><c>field.too_long</c> or <c>field.bad_character</c>.</exception>
    public static string? OptionalLine(string? value, int maxLength, string field) =>
        Bounded(OneLine(Clean(value, field)), maxLength, field);

    /// <summary>An identifier: one line that may be left empty, with nothing in it that leaves no trace.</summary>
    /// <exception cref="Refusal">
    /// <c>programme.identifier_unreadable</c>, <c>field.too_long</c> or <c>field.bad_character</c>.
    /// </exception>
    public static string? Identifier(string? value, int maxLength, string field)
    {
        var code = OptionalLine(value, maxLength, field);
        Refusal.If(code?.EnumerateRunes().Any(IsUnseenInCode) == true, "programme.identifier_unreadable", field);
        return code;
    }

    /// <summary>What a person is called: one line that holds a letter.</summary>
    /// <exception cref="Refusal"><c>account.name_required</c>, <c>field.too_long</c> or <c>field.bad_character</c>.</exception>
    public static string PersonName(string? value, string field)
    {
        var name = OptionalLine(value, 200, field);
        Refusal.Unless(name?.EnumerateRunes().Any(Rune.IsLetter) == true, "account.name_required", field);
        return name!;
    }

    /// <summary>An e-mail address or null; see <see cref="EmailAddress"/>.</summary>
    /// <exception cref="Refusal"><c>field.email</c>.</exception>
    public static string? Email(string? value, string field)
    {
        if (OptionalLine(value, 1000, field) is not { } text)
            return null;
        var address = EmailAddress.Read(text);
        Refusal.If(address is null, "field.email", field);
        return address;
    }

    private static string There(string? text, string field)
    {
        Refusal.If(text is null, "field.required", field);
        return text!;
    }

    private static string? Bounded(string text, int maxLength, string field)
    {
        Refusal.If(text.Length > maxLength, "field.too_long", field);
        return text.Length == 0 ? null : text;
    }

    /// <summary>Known codes, each once.</summary>
    /// <exception cref="Refusal"><c>field.unknown_code</c> or <c>field.required</c>.</exception>
    public static List<string> Codes(IEnumerable<string> codes, Func<string, bool> isKnown, string field, bool required = false)
    {
        var list = codes.Distinct(StringComparer.Ordinal).ToList();
        Refusal.Unless(list.All(isKnown), "field.unknown_code", field);
        Refusal.If(required && list.Count == 0, "field.required", field);
        return list;
    }

    /// <summary>An amount of money: whole units, above zero.</summary>
    /// <exception cref="Refusal"><c>field.amount_out_of_range</c>.</exception>
    public static void Amount(decimal? amount, string field) =>
        Refusal.If(amount is <= 0 or > LargestAmount || (amount is { } a && a != decimal.Truncate(a)), "field.amount_out_of_range", field);

    /// <summary>A day within reason.</summary>
    /// <exception cref="Refusal"><c>field.date_out_of_range</c>.</exception>
    public static void Day(DateOnly? day, string field, int firstYear = 2000) =>
        Refusal.If(day is { } d && (d.Year < firstYear || d.Year > 2100), "field.date_out_of_range", field);

    /// <summary>The currency of an amount: needed with one, dropped without. Kept as ISO 4217 writes it, however it was sent.</summary>
    public static string? CurrencyFor(decimal? amount, string? currency, string field)
    {
        if (amount is null)
            return null;
        Refusal.If(string.IsNullOrWhiteSpace(currency), "field.required", field);
        return Currencies.Find(currency)?.Code ?? throw new Refusal("field.unknown_code", field);
    }

    /// <summary>
    /// What was typed or pasted as it is kept. What was pasted from elsewhere is put right rather than refused: its writer cannot see what
    /// is wrong with it.
    /// </summary>
    private static string Clean(string? value, string field)
    {
        if (string.IsNullOrWhiteSpace(value))
            return "";
        Refusal.If(IsBroken(value), "field.bad_character", field);
        var text = InOrder(value).Trim().Normalize(NormalizationForm.FormC);
        return text.EnumerateRunes().Any(IsSeen) ? text : "";
    }

    /// <summary>
    /// A text without what nobody sees, with line breaks of one kind, and without anything that would show it in another order than it is
    /// written in (Unicode TR 36).
    /// </summary>
    public static string InOrder(string value)
    {
        var kept = new StringBuilder(value.Length);
        // What is open in this line: embeddings, which are kept as isolates, overrides, which are not kept, and isolates.
        var open = new Stack<int>();
        foreach (var rune in value.Replace("\r\n", "\n").EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\n' or '\r' or '\v' or '\f' or 0x85 or 0x2028 or 0x2029:
                    Close(open, kept);
                    kept.Append('\n');
                    break;
                case 0x202A or 0x202B:
                    open.Push(rune.Value);
                    kept.Append(rune.Value == 0x202A ? '\u2066' : '\u2067');
                    break;
                case 0x202D or 0x202E:
                    open.Push(rune.Value);
                    break;
                case 0x202C:
                    if (open.TryPeek(out var last) && !IsIsolate(last))
                        Close(open, kept, 1);
                    break;
                case >= 0x2066 and <= 0x2068:
                    open.Push(rune.Value);
                    kept.Append(rune.ToString());
                    break;
                case 0x2069:
                    if (open.Any(IsIsolate))
                        Close(open, kept, open.TakeWhile(o => !IsIsolate(o)).Count() + 1);
                    break;
                case 0x2800: // the pattern of no dots
                    kept.Append(' ');
                    break;
                default:
                    if (!IsUnseen(rune))
                        kept.Append(rune.ToString());
                    break;
            }
        }
        Close(open, kept);
        return kept.ToString();
    }

    private static bool IsIsolate(int opened) => opened is >= 0x2066 and <= 0x2068;

    private static void Close(Stack<int> open, StringBuilder kept, int count = int.MaxValue)
    {
        for (; count > 0 && open.TryPop(out var last); count--)
            if (last is not (0x202D or 0x202E))
                kept.Append('\u2069');
    }

    // Letters that nobody sees, and what only programs read. Joiners, marks of direction and variants of emoji are part of ordinary
    // writing.
    private static bool IsUnseen(Rune rune) =>
        rune.Value switch
        {
            '\t' or 0x200C or 0x200D or 0x200E or 0x200F or 0x061C => false,
            0x034F or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0xFFFC => true,
            >= 0xE0000 and <= 0xE007F => true,
            _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format && !IsArabicSign(rune.Value),
        };

    // Signs of Arabic script that stand over a number or a verse are "format" to Unicode, and seen.
    private static bool IsArabicSign(int value) => value is (>= 0x0600 and <= 0x0605) or 0x06DD or 0x070F or 0x0890 or 0x0891 or 0x08E2;

    private static bool IsSeen(Rune rune) =>
        IsArabicSign(rune.Value)
        || Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
            );

    private static string OneLine(string text) => Blanks().Replace(text, " ");

    // Several blanks, or a break: an unbreakable blank alone is meant.
    [GeneratedRegex(@"[ \t\n]{2,}|[\t\n]")]
    private static partial Regex Blanks();

    /// <summary>
    /// Whether a character of an identifier leaves no trace that a reader sees, or looks like a blank and is none: two that differ by it
    /// are taken for one.
    /// </summary>
    public static bool IsUnseenInCode(Rune rune) =>
        (rune.Value != ' ' && Rune.IsWhiteSpace(rune))
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
        // Joiners, fillers and variation selectors, which have other categories.
        || rune.Value
            is 0x034F
                or 0x115F
                or 0x1160
                or 0x17B4
                or 0x17B5
                or (>= 0x180B and <= 0x180F)
                or 0x2800
                or 0x3164
                or 0xFFA0
                or (>= 0xFE00 and <= 0xFE0F)
                or (>= 0xE0100 and <= 0xE01EF);

    /// <summary>
    /// An identifier as it is kept and compared: letters and digits of one width, without what nobody sees, and letters of other scripts
    /// that look like Latin ones as these (Unicode TS 39).
    /// </summary>
    public static string Code(string? value) =>
        string.Concat(Plain(value).Select(c => Alike.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? Latin[at] : c));

    private const string Alike = "АВЕЅІЈКМНОРСТУХаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο";
    private const string Latin = "ABESIJKMHOPCTYXaeopcyxijsABEZHIKMNOPTYXo";

    private static string Plain(string? value) =>
        string.Concat(
                (value ?? "")
                    .EnumerateRunes()
                    .Where(r => !IsUnseenInCode(r) || Rune.IsWhiteSpace(r))
                    .Select(r => Rune.IsWhiteSpace(r) ? " " : r.ToString())
            )
            .Normalize(NormalizationForm.FormKC)
            .Trim();

    /// <summary>Whether half a character stands in a text.</summary>
    internal static bool IsBroken(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (IsBroken(text, i))
                return true;
        return false;
    }

    // Half a character, or one of the two that are none: they cannot be normalised, nor written to every export.
    private static bool IsBroken(string text, int i) =>
        text[i] is '\uFFFE' or '\uFFFF'
        || (char.IsHighSurrogate(text[i]) && (i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])))
        || (char.IsLowSurrogate(text[i]) && (i == 0 || !char.IsHighSurrogate(text[i - 1])));

    /// <summary>A text with the digits of every script as 0 to 9.</summary>
    public static string PlainDigits(string text) => string.Concat(text.EnumerateRunes().Select(PlainDigit));

    private static Rune PlainDigit(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber ? new Rune('0' + (int)Rune.GetNumericValue(rune)) : rune;

    /// <summary>Whether a text holds every word of a search, or a word that begins with it; an empty search is in every text.</summary>
    public static bool HasWords(string? text, string? search)
    {
        var own = SearchWords(text);
        return SearchWords(search).All(w => own.Any(o => o.StartsWith(w, StringComparison.Ordinal)));
    }

    /// <summary>
    /// Folds a text into the words that full-text search compares, the same on every database: lower case, no accents, Arabic letters in
    /// one form and without the article, digits of every script as 0 to 9, Chinese as overlapping pairs of characters so that a word of two
    /// is found.
    /// </summary>
    public static IReadOnlyList<string> SearchWords(string? text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var han = new StringBuilder();
        // A search may be any text at all.
        var whole = text ?? "";
        if (IsBroken(whole))
            whole = string.Concat(whole.Select((c, i) => IsBroken(text!, i) ? ' ' : c));
        foreach (var rune in whole.Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format || rune.Value == 'ـ')
                continue;
            if (IsHan(rune))
            {
                Flush(word, words);
                han.Append(rune);
            }
            else if (Rune.IsLetterOrDigit(rune))
            {
                FlushHan(han, words);
                word.Append(Fold(rune));
            }
            else
            {
                Flush(word, words);
                FlushHan(han, words);
            }
        }
        Flush(word, words);
        FlushHan(han, words);
        return words;
    }

    private static bool IsHan(Rune r) => r.Value is >= 0x3400 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3134F;

    private static string Fold(Rune rune) =>
        rune.Value switch
        {
            'أ' or 'إ' or 'آ' or 'ٱ' => "ا",
            'ى' or 'ئ' => "ي",
            'ؤ' => "و",
            'ة' => "ه",
            'ё' or 'Ё' => "е",
            'ß' => "ss",
            'æ' or 'Æ' => "ae",
            'œ' or 'Œ' => "oe",
            'ø' or 'Ø' => "o",
            'ı' => "i",
            _ => Rune.ToLowerInvariant(PlainDigit(rune)).ToString(),
        };

    // The Arabic article is written as part of its word, and so are the "and", "with", "as" and "so" before it: people look for the word.
    // Longest first.
    private static readonly string[] Articles = ["وال", "بال", "كال", "فال", "لل", "ال"];

    private static string WithoutArticle(string word) =>
        Array.Find(Articles, a => word.StartsWith(a, StringComparison.Ordinal) && word.Length - a.Length >= (a == "ال" ? 2 : 3))
            is { } article
            ? word[article.Length..]
            : word;

    private static void Flush(StringBuilder word, List<string> words)
    {
        // A word of more than 64 letters is no word; keep its start so that the index stays small.
        if (word.Length > 0)
            words.Add(WithoutArticle(word.Length > 64 ? word.ToString(0, 64) : word.ToString()));
        word.Clear();
    }

    private static void FlushHan(StringBuilder han, List<string> words)
    {
        if (han.Length == 0)
            return;
        var text = han.ToString();
        han.Clear();
        var runes = text.EnumerateRunes().Select(r => r.ToString()).ToList();
        for (var i = 0; i + 1 < runes.Count; i++)
            words.Add(runes[i] + runes[i + 1]);
        // The last character alone, so that a search for it (words match by their beginnings) finds it too.
        if (runes.Count > 0)
            words.Add(runes[^1]);
    }
}
