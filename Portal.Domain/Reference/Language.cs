using System.Globalization;

namespace Portal.Domain.Reference;

/// <summary>The six official languages of the United Nations, in the order of their names in English.</summary>
public enum Language
{
    /// <summary>Arabic.</summary>
    Ar,

    /// <summary>Chinese, in simplified characters.</summary>
    Zh,

    /// <summary>English.</summary>
    En,

    /// <summary>French.</summary>
    Fr,

    /// <summary>Russian.</summary>
    Ru,

    /// <summary>Spanish.</summary>
    Es,
}

/// <summary>How each official language is written in a tag, in an address and in its own words.</summary>
public static class Languages
{
    private static readonly string[] Tags = ["ar", "zh-Hans", "en", "fr", "ru", "es"];
    private static readonly string[] Autonyms = ["العربية", "中文", "English", "Français", "Русский", "Español"];

    /// <summary>None of them: what is entered does not say which.</summary>
    public const Language None = (Language)(-1);

    /// <summary>The six languages in their official order.</summary>
    public static IReadOnlyList<Language> All { get; } = Enum.GetValues<Language>();

    /// <summary>The BCP 47 tag, as in the <c>lang</c> attribute: <c>zh-Hans</c>.</summary>
    public static string Tag(this Language language) => Tags[(int)language];

    /// <summary>The tag as it stands in an address: <c>zh-hans</c>.</summary>
    public static string Slug(this Language language) => language.Tag().ToLowerInvariant();

    /// <summary>The language's name in that language.</summary>
    public static string Autonym(this Language language) => Autonyms[(int)language];

    /// <summary>Whether the language is written from right to left.</summary>
    public static bool IsRightToLeft(this Language language) => language is Language.Ar;

    /// <summary>
    /// Reads a slug or a BCP 47 tag in any case, by its primary subtag: <c>zh</c>, <c>zh-CN</c> and <c>zh-hans</c> are all Chinese.
    /// </summary>
    /// <returns>False, and English, where the tag is not one of an official language.</returns>
    public static bool TryParse(string? tag, out Language language)
    {
        var primary = tag.AsSpan().Trim();
        if (primary.IndexOf('-') is > 0 and var end)
            primary = primary[..end];
        foreach (var candidate in All)
        {
            language = candidate;
            if (primary.Equals(candidate.Tag().AsSpan(0, 2), StringComparison.OrdinalIgnoreCase))
                return true;
        }
        language = Language.En;
        return false;
    }

    /// <summary>The official language of a culture; English for a culture of any other.</summary>
    public static Language FromCulture(CultureInfo culture)
    {
        TryParse(culture.Name, out var language);
        return language;
    }
}
