using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Identity;

/// <summary>Random keys that are shown once, and the hashes of them that are kept.</summary>
internal static class Secrets
{
    /// <summary>256 random bits, fit for an address or a cookie.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256, hexadecimal. Enough for keys of 256 random bits: there is nothing to guess.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
