using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Collaboration;

namespace Portal.Commands;

/// <summary>Holds the log to what it was: an anchor kept elsewhere, and the check against it.</summary>
public static class AuditCommands
{
    /// <summary><c>audit anchor</c>.</summary>
    public static readonly Command Anchor = new(
        "audit anchor",
        "[FILE]",
        "Prints where the log ends: how many entries, the number and hash of the last one, and when. With FILE also writes it there, as JSON; an existing file is not overwritten.\n"
            + "Keep it where those who run the database cannot change it. That it was taken is itself in the log.",
        Take
    );

    /// <summary><c>audit verify</c>.</summary>
    public static readonly Command Verify = new(
        "audit verify",
        "[--anchor FILE]",
        "Goes along the whole log and says where it is broken first, if it is: an entry changed, taken out, put in or moved. Changes nothing.\n"
            + "--anchor: a file that audit anchor wrote. Only with it is a log found that was cut off at its end or made anew as a whole.",
        Check
    );

    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    private static async Task Take(CommandContext context)
    {
        var file = context.Arguments.OptionalValue();
        context.Arguments.Done();
        if (file is not null && (File.Exists(file) || System.IO.Directory.Exists(file)))
            throw new CommandFailed($"{file} is there already; an anchor is not overwritten.");
        await using var db = await Open(context);
        db.Audit(new Act("audit.anchored", 0), Section.Audit);
        try
        {
            await db.SaveChangesAsync();
        }
        catch (AuditLogBroken broken)
        {
            throw new CommandFailed(broken.Message);
        }
        var anchor = AuditAnchor.Of(await db.Head(), context.Service<TimeProvider>().GetUtcNow().UtcDateTime);
        if (file is not null)
        {
            await using var to = new FileStream(file, FileMode.CreateNew);
            await JsonSerializer.SerializeAsync(to, anchor, Layout);
        }
        context.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Entries: {anchor.Count}. Last: {anchor.Sequence}. Hash: {anchor.Hash}. At: {anchor.At:yyyy-MM-dd HH:mm:ss} UTC."
            )
        );
        if (file is not null)
            context.Say($"Written to {file}.");
    }

    private static async Task Check(CommandContext context)
    {
        var file = context.Arguments.Option("anchor");
        context.Arguments.Done();
        IReadOnlyList<AuditAnchor> anchors = file is null ? [] : [await Read(file)];
        await using var db = await Open(context);
        var (count, found) = await db.Verify(anchors);
        if (found is { Fault: AuditFault.NoEnd })
            throw new CommandFailed($"broken: {Say(found)} Entries there: {await db.AuditEntries.CountAsync()}.");
        if (found is not null)
            throw new CommandFailed($"broken at entry {found.Sequence}: {Say(found)} Entries before it that fit: {count}.");
        var head = await db.Head();
        context.Say($"Whole. Entries: {count}. Last hash: {Convert.ToHexStringLower(head.Hash)}.");
        context.Say(
            anchors is [var anchor]
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"It holds entry {anchor.Sequence} as it was on {anchor.At:yyyy-MM-dd HH:mm:ss} UTC."
                )
                : "Without an anchor a log that was cut off or made anew as a whole would look the same. See: audit anchor --help"
        );
    }

    private static string Say(AuditBreak found) =>
        found.Fault switch
        {
            AuditFault.Altered => "its hash does not fit; it was changed, moved or put in.",
            AuditFault.Missing => "it is not there, and later ones are.",
            AuditFault.OutOfPlace => "another entry stands in its place.",
            AuditFault.CutOff => "the log ends before it, and did not once.",
            AuditFault.BeyondEnd => "the log goes on after the end that the database notes.",
            AuditFault.Rewritten => "it is not the entry of the anchor; the log was made anew.",
            AuditFault.NoEnd => "the database does not say where the log ends; the note of it was taken away, and perhaps entries with it.",
        };

    private static async Task<AuditAnchor> Read(string file)
    {
        if (!File.Exists(file))
            throw new CommandFailed($"{file} is not there.");
        try
        {
            await using var from = File.OpenRead(file);
            if (
                await JsonSerializer.DeserializeAsync<AuditAnchor>(from, Layout) is
                { Hash.Length: 2 * AuditChain.HashLength, Sequence: > 0 } anchor
            )
                return anchor;
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new CommandFailed($"{file} is not an anchor that audit anchor wrote.");
    }

    private static async Task<PortalDb> Open(CommandContext context)
    {
        var db = await context.Service<PortalStore>().OpenAsSystem("audit by command");
        if (await db.Database.CanConnectAsync() && !(await db.Database.GetPendingMigrationsAsync()).Any())
            return db;
        await db.DisposeAsync();
        throw new CommandFailed("the database is not ready. Run: migrate");
    }
}
