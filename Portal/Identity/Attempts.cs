using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Identity;

/// <summary>
/// Bounds guessing without locking anyone out. Guesses are counted per door: an account from one address, an account from one browser
/// known to be its owner's, an address. An attempt is counted before it is judged, in one statement, so that many at once gain nothing.
/// A door closes until it has been quiet for a quarter of an hour: no fifteen minutes ever see more than its limit.
/// </summary>
public sealed class Attempts(PortalStore store, TimeProvider clock)
{
    /// <summary>Guesses at one account from one place.</summary>
    public const int PerAccount = 10;

    /// <summary>Guesses at whatever accounts from one address; many honest people may share it.</summary>
    public const int PerAddress = 100;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(15);

    /// <summary>Counts an attempt; false when the door is closed.</summary>
    public async Task<bool> Take(string door, int limit) => await Count(door, limit) is not null;

    /// <summary>Counts an attempt, and says how many the door has seen with it; null when it is closed.</summary>
    public async Task<int?> Count(string door, int limit)
    {
        var (key, now) = (Secrets.Hash(door), clock.GetUtcNow().ToUnixTimeMilliseconds());
        var before = now - (long)Quiet.TotalMilliseconds;
        await using var db = await store.OpenAsSystem("count an attempt");
        var counted = await db
            .Database.SqlQuery<int>(
                $"""
                INSERT INTO "Attempts" ("Key", "Count", "LastAt") VALUES ({key}, 1, {now})
                ON CONFLICT ("Key") DO UPDATE SET "Count" = CASE WHEN "Attempts"."LastAt" <= {before} THEN 1 ELSE "Attempts"."Count" + 1 END, "LastAt" = {now}
                WHERE "Attempts"."LastAt" <= {before} OR "Attempts"."Count" < {limit}
                RETURNING "Count"
                """
            )
            .ToListAsync();
        return counted is [var count] ? count : null;
    }

    /// <summary>Gives back an attempt that was no guess: the secret was right.</summary>
    public async Task Return(string door)
    {
        var key = Secrets.Hash(door);
        await using var db = await store.OpenAsSystem("give back an attempt");
        await db.Set<Attempt>()
            .Where(a => a.Key == key && a.Count > 0)
            .ExecuteUpdateAsync(s => s.SetProperty(a => a.Count, a => a.Count - 1));
    }

    /// <summary>The network an address belongs to as far as one person can choose: itself, or the /64 of IPv6.</summary>
    public static string Network(IPAddress? address) =>
        address switch
        {
            null => "",
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
            _ => address.ToString(),
        };
}
