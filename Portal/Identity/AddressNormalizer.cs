using Microsoft.AspNetCore.Identity;
using Portal.Domain;

namespace Portal.Identity;

/// <summary>Has accounts found by their address in whichever form it is typed: an account's name is its address.</summary>
internal sealed class AddressNormalizer : ILookupNormalizer
{
    public string? NormalizeEmail(string? email) => email is null ? null : EmailAddress.Key(email);

    public string? NormalizeName(string? name) => NormalizeEmail(name);
}
