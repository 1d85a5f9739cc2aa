using System.Globalization;
using System.Text;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain;

/// <summary>What may be typed into a record: trimmed, of bounded length, without characters that hide or reverse what is read.</summary>
public static class Text
{
    /// <summary>The largest amount of money a record takes, in whole units of its currency.</summary>
    public const decimal LargestAmount = 999_999_999_999m;

    /// <summary>A text that must be there.</summary>
    /// <exception cref="Refusal"><c>field.required</c>, <c>field.too_long</c> or <c>field.bad_character</c>.</exception>
    public static string Required(string? value, int maxLength, string field)
    {
        var text = Optional(value, maxLength, field);
        Refusal.If(text is null, "field.required", field);
        return text!;
    }

    /// <summary>A text that may be left empty; null when it is.</summary>
    /// <exception cref="Refusal"><c>field.too_long</c> or <c>field.bad_character</c>.</exception>
    public static string? Optional(string? value, int maxLength, string field)
    {
        if (string.IsNullOrWhiteSpace(value))
            return null;
        var text = Clean(value, field);
        Refusal.If(text.Length > maxLength, "field.too_long", field);
        return text.Length == 0 ? null : text;
    }

    /// <summary>An e-mail address or null.</summary>
    /// <exception cref="Refusal"><c>field.email</c>.</exception>
    public static string? Email(string? value, string field)
    {
        var text = Optional(value, 254, field);
        // The parser takes the first of several, and names beside an address.
        Refusal.If(text is not null && !(System.Net.Mail.MailAddress.TryCreate(text, out var parsed) && parsed.Address == text), "field.email", field);
        return text;
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
    public static void Day(DateOnly? day, string field) => Refusal.If(day is { Year: < 2000 or > 2100 }, "field.date_out_of_range", field);

    /// <summary>The currency of an amount: needed with one, dropped without.</summary>
    public static string? CurrencyFor(decimal? amount, string? currency, string field)
    {
        if (amount is null)
            return null;
        Refusal.If(string.IsNullOrWhiteSpace(currency), "field.required", field);
        Refusal.If(Currencies.Find(currency) is null, "field.unknown_code", field);
        return currency;
    }

    // Bidirectional overrides and embeddings can make a text read as something else (Unicode TR 36); isolates and marks are ordinary Arabic typing.
    private static string Clean(string value, string field)
    {
        Refusal.If(value.Any(c => c is '\0' or (>= '\u202A' and <= '\u202E') || (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))), "field.bad_character", field);
        Refusal.If(IsBroken(value), "field.bad_character", field);
        return value.Replace("\r\n", "\n").Trim().Normalize(NormalizationForm.FormC);
    }

    private static bool IsBroken(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (IsBroken(text, i))
                return true;
        return false;
    }

    // Half a character, or one of the two that are none: they cannot be normalised, nor written to every export.
    private static bool IsBroken(string text, int i) => text[i] is '\uFFFE' or '\uFFFF'
        || (char.IsHighSurrogate(text[i]) && (i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])))
        || (char.IsLowSurrogate(text[i]) && (i == 0 || !char.IsHighSurrogate(text[i - 1])));

    /// <summary>Whether a text holds every word of a search, or a word that begins with it; an empty search is in every text.</summary>
    public static bool HasWords(string? text, string? search)
    {
        var own = SearchWords(text);
        return SearchWords(search).All(w => own.Any(o => o.StartsWith(w, StringComparison.Ordinal)));
    }

    /// <summary>
    /// Folds a text into the words that full-text search compares, the same on every database: lower case, no accents, Arabic letters in
    /// one form, Chinese as overlapping pairs of characters so that a word of two is found.
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
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark || rune.Value == 'ـ')
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

    private static string Fold(Rune rune) => rune.Value switch
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
        _ => Rune.ToLowerInvariant(rune).ToString(),
    };

    private static void Flush(StringBuilder word, List<string> words)
    {
        // A word of more than 64 letters is no word; keep its start so that the index stays small.
        if (word.Length > 0)
            words.Add(word.Length > 64 ? word.ToString(0, 64) : word.ToString());
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
