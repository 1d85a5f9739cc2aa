using Portal.Domain;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Identity;

namespace Portal.Access;

/// <summary>
/// People and organisations by how they are called. Some thousand names are matched and put in order here, not in the database: words as in
/// every search (case,
/// accents, letters, in any order), and the order of the reader's language, which no two databases share.
/// </summary>
internal static class Named
{
    /// <summary>Those who are called so or have such an address.</summary>
    public static List<Guid> Ids(this IQueryable<PortalUser> people, string words) =>
        [
            .. people
                .Select(u => new
                {
                    u.Id,
                    u.Name,
                    u.Email,
                    u.NormalizedEmail,
                })
                .AsEnumerable()
                .Where(u => Is(u.Name, u.Email, u.NormalizedEmail, words))
                .Select(u => u.Id),
        ];

    /// <summary>Those who are called so or have such an address, by name.</summary>
    public static List<Guid> InOrder(this IQueryable<PortalUser> people) =>
        [
            .. people
                .Select(u => new { u.Id, u.Name })
                .AsEnumerable()
                .OrderBy(u => u.Name, StringComparer.CurrentCulture)
                .ThenBy(u => u.Id)
                .Select(u => u.Id),
        ];

    /// <summary>Whether somebody is called so or has such an address.</summary>
    public static bool Is(string name, string? address, string? normalAddress, string words)
    {
        var key = EmailAddress.Key(words);
        return Text.HasWords(name, words)
            || normalAddress?.Contains(key, StringComparison.Ordinal) == true
            || address?.Contains(words.Trim(), StringComparison.OrdinalIgnoreCase) == true;
    }

    /// <summary>Whether an organisation is called so in any language, or by its code; no words name every one.</summary>
    public static bool Is(Organisation organisation, string? words) =>
        string.IsNullOrWhiteSpace(words)
        || organisation.Code.Contains(words.Trim(), StringComparison.OrdinalIgnoreCase)
        || Languages.All.Any(l => Text.HasWords(organisation.Name[l], words));
}
