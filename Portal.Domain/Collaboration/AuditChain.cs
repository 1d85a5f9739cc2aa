using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Domain.Collaboration;

/// <summary>
/// Where the log ends: the number and hash of its last entry. Whoever appends holds it until the end of the transaction, so that the chain
/// has one end.
/// </summary>
public sealed class AuditHead
{
    private AuditHead() { }

    /// <summary>There is one.</summary>
    public int Id { get; private set; } = 1;

    /// <summary>Number of the last entry, which is how many there are.</summary>
    public long Sequence { get; private set; }

    /// <summary>Its hash; zeros while there is none.</summary>
    public byte[] Hash { get; private set; } = new byte[AuditChain.HashLength];

    /// <summary>Of an empty log.</summary>
    public static AuditHead Start() => new();

    /// <summary>Puts an entry at the end.</summary>
    public void Append(AuditEntry entry)
    {
        entry.Follow(this);
        (Sequence, Hash) = (entry.Id, entry.Hash);
    }
}

/// <summary>
/// What the end of the log was at a moment, kept away from the database: who can write to the database could otherwise make all of the
/// chain anew, or cut its end off, and it would fit.
/// </summary>
/// <param name="Count">How many entries there were.</param>
/// <param name="Sequence">Number of the last one.</param>
/// <param name="Hash">Its hash, in lower-case hexadecimal.</param>
/// <param name="At">When (UTC).</param>
public sealed record AuditAnchor(long Count, long Sequence, string Hash, DateTime At)
{
    /// <summary>The anchor of a log that ends there.</summary>
    public static AuditAnchor Of(AuditHead head, DateTime now) =>
        new(head.Sequence, head.Sequence, Convert.ToHexStringLower(head.Hash), now);
}

/// <summary>What is wrong with a log.</summary>
public enum AuditFault
{
    /// <summary>The hash of an entry does not fit what it says and what stands before it: it was changed, moved or put in.</summary>
    Altered,

    /// <summary>One or more entries before this one are not there.</summary>
    Missing,

    /// <summary>An entry stands where another number is due: it was put in or moved.</summary>
    OutOfPlace,

    /// <summary>The log ends before the entry that it ended with once.</summary>
    CutOff,

    /// <summary>The log goes on after the end that the database notes.</summary>
    BeyondEnd,

    /// <summary>The entry is not the one that stood there when the anchor was taken, although the chain fits: it was made anew.</summary>
    Rewritten,

    /// <summary>
    /// The database does not say any more where the log ends: the note of it was taken away, with or without the entries.
    /// </summary>
    NoEnd,
}

/// <summary>Where the log is broken first.</summary>
/// <param name="Fault">How.</param>
/// <param name="Sequence">At which entry.</param>
public sealed record AuditBreak(AuditFault Fault, long Sequence);

/// <summary>The hashes that hold the log together.</summary>
public static class AuditChain
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    // In front of all else, so that a later encoding is told from this one.
    private const byte EncodingVersion = 1;

    /// <summary>
    /// The hash of an entry that stands after another. Every field goes in with its length before it (-1 where there is none), in one
    /// order, so that no two entries are the same bytes.
    /// </summary>
    public static byte[] Hash(ReadOnlySpan<byte> previous, AuditEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([EncodingVersion]);
        Add(hash, previous);
        Add(hash, entry.Id);
        Add(hash, entry.At.Ticks);
        Add(hash, entry.Code);
        Add(hash, entry.Section.ToString());
        Add(hash, entry.RecordId);
        Add(hash, entry.Reference);
        Add(hash, entry.From);
        Add(hash, entry.To);
        Add(hash, entry.Subject);
        Add(hash, entry.PersonId);
        Add(hash, entry.MembershipId);
        Add(hash, entry.OrganisationId);
        Add(hash, entry.Role?.ToString());
        return hash.GetHashAndReset();
    }

    private static void Add(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        Add(hash, bytes);
    }

    private static void Add(IncrementalHash hash, Guid? id)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (id?.TryWriteBytes(bytes, bigEndian: true, out _) is null)
            AddNothing(hash);
        else
            Add(hash, bytes);
    }

    private static void Add(IncrementalHash hash, string? text)
    {
        if (text is null)
            AddNothing(hash);
        else
            Add(hash, Encoding.UTF8.GetBytes(text));
    }

    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        AddLength(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AddNothing(IncrementalHash hash) => AddLength(hash, -1);

    private static void AddLength(IncrementalHash hash, int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        hash.AppendData(bytes);
    }
}

/// <summary>
/// Goes along the log, entry by entry, and finds where it is broken first. It keeps one hash in memory, however long the log.
/// </summary>
/// <param name="noted">Where the database notes the end, read before the entries: what others append meanwhile comes after it.</param>
/// <param name="known">Anchors kept elsewhere; each is looked for.</param>
public sealed class AuditVerifier(AuditHead noted, params IReadOnlyList<AuditAnchor> known)
{
    private readonly AuditAnchor[] anchors = [AuditAnchor.Of(noted, default), .. known];
    private byte[] previous = new byte[AuditChain.HashLength];

    /// <summary>How many entries were looked at and fit.</summary>
    public long Count { get; private set; }

    /// <summary>Looks at the next entry in the order of the log; null while all fits. Nothing is asked after a break.</summary>
    public AuditBreak? Next(AuditEntry entry)
    {
        var due = Count + 1;
        if (entry.Id > due)
            return new(AuditFault.Missing, due);
        if (entry.Id < due)
            return new(AuditFault.OutOfPlace, due);
        if (!CryptographicOperations.FixedTimeEquals(AuditChain.Hash(previous, entry), entry.Hash))
            return new(AuditFault.Altered, due);
        foreach (var anchor in anchors)
            if (anchor.Sequence == due && !Same(anchor.Hash, entry.Hash))
                return new(AuditFault.Rewritten, due);
        (previous, Count) = (entry.Hash, due);
        return null;
    }

    /// <summary>
    /// After the last entry: whether the log goes as far as any anchor, and no further than the end noted now, read after the entries.
    /// </summary>
    public AuditBreak? End(AuditHead now)
    {
        if (anchors.Any(a => a.Sequence > Count))
            return new(AuditFault.CutOff, Count + 1);
        if (now.Sequence < Count)
            return new(AuditFault.BeyondEnd, now.Sequence + 1);
        return now.Sequence > Count || now.Hash.AsSpan().SequenceEqual(previous) ? null : new(AuditFault.Altered, Count);
    }

    private static bool Same(string hexadecimal, byte[] hash) =>
        string.Equals(hexadecimal, Convert.ToHexString(hash), StringComparison.OrdinalIgnoreCase);
}
