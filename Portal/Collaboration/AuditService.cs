using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Collaboration;
using Portal.Domain.Reference;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>What the log is asked for, as its page's address says it.</summary>
/// <param name="Record">Reference of a record, whole.</param>
/// <param name="Who">E-mail address of who acted, or a piece of their name.</param>
/// <param name="Organisation">Code of the organisation acted for, or a piece of its name.</param>
/// <param name="Section">Section.</param>
/// <param name="Code">Act code.</param>
/// <param name="From">First day (UTC).</param>
/// <param name="To">Last day (UTC).</param>
/// <param name="Page">Page, from 1.</param>
public sealed record AuditQuery(
    string? Record,
    string? Who,
    string? Organisation,
    Section? Section,
    string? Code,
    DateOnly? From,
    DateOnly? To,
    int Page = 1
)
{
    /// <summary>Rows on a page.</summary>
    public const int PageSize = 50;

    /// <summary>Reads an address; what is not understood is left out.</summary>
    public static AuditQuery Of(ListAddress address) =>
        new(
            address.One("q"),
            address.One("who"),
            address.One("organisation"),
            address.Sections("section") is [var section, ..] ? section : null,
            address.One("act"),
            Day(address.One("from")),
            Day(address.One("to")),
            address.Page
        );

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is > 1900 and < 9999
            ? day
            : null;
}

/// <summary>One line of the log as its reader sees it.</summary>
/// <param name="Number">Position.</param>
/// <param name="At">UTC.</param>
/// <param name="Code">Act code.</param>
/// <param name="Section">Section.</param>
/// <param name="Reference">Record.</param>
/// <param name="From">What changed, before.</param>
/// <param name="To">The same, after.</param>
/// <param name="Subject">Audience, account, file or parts concerned.</param>
/// <param name="About">The name of the account or organisation that the subject is; null where it is none.</param>
/// <param name="By">Name of who acted; null for the portal itself and for whoever was not let in.</param>
/// <param name="PersonId">Their account.</param>
/// <param name="Organisation">For which organisation.</param>
/// <param name="Role">In which role.</param>
/// <param name="Hash">In hexadecimal.</param>
public sealed record AuditLine(
    long Number,
    DateTime At,
    string Code,
    Section Section,
    string? Reference,
    string? From,
    string? To,
    string? Subject,
    AuditSubject? About,
    string? By,
    Guid PersonId,
    LocalName? Organisation,
    Role? Role,
    string Hash
);

/// <summary>Whom an act concerned, where that is an account or an organisation.</summary>
public sealed record AuditSubject(string? Person, LocalName? Organisation);

/// <summary>How the chain stands.</summary>
/// <param name="Count">How many entries.</param>
/// <param name="Hash">Hash of the last, in hexadecimal.</param>
/// <param name="AnchoredAt">When an anchor was taken last (UTC).</param>
/// <param name="Anchored">At which entry.</param>
/// <param name="VerifiedAt">When it was verified last from its page (UTC).</param>
/// <param name="Found">What was found then: <c>Whole</c> or a fault.</param>
public sealed record AuditState(long Count, string Hash, DateTime? AnchoredAt, long? Anchored, DateTime? VerifiedAt, string? Found);

/// <summary>The log, for those who may read it. It holds no content of any record, so there is none to hide here.</summary>
public sealed class AuditService(ActorSource actors, AuditCheck check)
{
    /// <summary>What is noted where nothing is wrong with the chain.</summary>
    public const string Whole = "Whole";

    /// <summary>A page of the log, newest first.</summary>
    public async Task<Page<AuditLine>> List(AuditQuery query, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var entries = await Asked(db, query, ct);
        // In a preview it is counted whole: what it is asked for would tell what it says.
        var count = await db.CountSeen((db.IsPreview ? db.AuditEntries : entries).Take(ReachList.CountLimit + 1), ct);
        var rows = await entries
            .OrderByDescending(e => e.At)
            .ThenByDescending(e => e.Id)
            .Skip((query.Page - 1) * AuditQuery.PageSize)
            .Take(AuditQuery.PageSize)
            .ToListAsync(ct);
        return new Page<AuditLine>(
            await Lines(db, rows, ct),
            Math.Min(count, ReachList.CountLimit),
            count > ReachList.CountLimit,
            query.Page,
            AuditQuery.PageSize
        );
    }

    /// <summary>The newest lines that are asked for, up to a limit: what an export holds. The export is on the record.</summary>
    public async Task<IReadOnlyList<AuditLine>> Export(AuditQuery query, string format, int most = 10_000, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var rows = await (await Asked(db, query, ct)).OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(most).ToListAsync(ct);
        var lines = await Lines(db, rows, ct);
        db.Audit(new Act("audit.exported", 0, Subject: $"{format}:{lines.Count}"), Section.Audit);
        await db.SaveChangesAsync(ct);
        return lines;
    }

    /// <summary>How the chain stands.</summary>
    /// <exception cref="NotFound">Not for this reader.</exception>
    public async Task<AuditState> State(CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        if (db.Actor.LevelIn(Section.Audit) < Level.View)
            throw new NotFound();
        var head = await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(ct) ?? AuditHead.Start();
        var anchored = await Last(db, "audit.anchored", ct);
        var verified = await Last(db, "audit.verified", ct);
        return new AuditState(head.Sequence, Convert.ToHexStringLower(head.Hash), anchored?.At, anchored?.Id, verified?.At, verified?.To);
    }

    /// <summary>Goes along the whole log, and notes that it was done and what was found.</summary>
    /// <returns>How many entries fit, and where it is broken first, or null.</returns>
    /// <exception cref="NotFound">Not for this reader.</exception>
    public async Task<(long Count, AuditBreak? Break)> Verify(CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        if (db.Actor.LevelIn(Section.Audit) < Level.View)
            throw new NotFound();
        var (count, found) = await check.One(() => db.Verify([], ct), ct);
        if (found is { Fault: AuditFault.NoEnd })
            return (count, found); // where nothing can be noted any more, that this was found cannot either
        db.Audit(
            new Act(
                "audit.verified",
                0,
                To: found?.Fault.ToString() ?? Whole,
                Subject: (found?.Sequence ?? count).ToString(CultureInfo.InvariantCulture)
            ),
            Section.Audit
        );
        await db.SaveChangesAsync(ct);
        return (count, found);
    }

    private static Task<AuditEntry?> Last(PortalDb db, string code, CancellationToken ct) =>
        db
            .AuditEntries.AsNoTracking()
            .Where(e => e.Code == code)
            .OrderByDescending(e => e.At)
            .ThenByDescending(e => e.Id)
            .FirstOrDefaultAsync(ct);

    // Each filter has an index that ends in the moment, so that a page is read from it in order.
    private static async Task<IQueryable<AuditEntry>> Asked(PortalDb db, AuditQuery query, CancellationToken ct)
    {
        var entries = db.AuditEntries.AsNoTracking();
        if (query.Record is { } record)
        {
            var (upper, lower) = (record.ToUpperInvariant(), record.ToLowerInvariant());
            entries = entries.Where(e => e.Reference == upper || e.Reference == lower);
        }
        if (query.Section is { } section)
            entries = entries.Where(e => e.Section == section);
        if (query.Code is { } code)
            entries = entries.Where(e => e.Code == code);
        if (query.From is { } from)
            entries = Since(entries, from);
        if (query.To is { } to)
            entries = Before(entries, to.AddDays(1));
        if (query.Who is { } who)
        {
            var people = db.Users.Ids(who);
            entries = people is [var one] ? entries.Where(e => e.PersonId == one) : entries.Where(e => people.Contains(e.PersonId));
        }
        if (query.Organisation is { } organisation)
        {
            var all = await db
                .Organisations.AsNoTracking()
                .Select(o => new
                {
                    o.Id,
                    o.Code,
                    o.Name,
                })
                .ToListAsync(ct);
            var bodies = all.Where(o =>
                    o.Code.Equals(organisation, StringComparison.OrdinalIgnoreCase)
                    || Languages.All.Any(l => o.Name[l].Contains(organisation, StringComparison.OrdinalIgnoreCase))
                )
                .Select(o => (Guid?)o.Id)
                .ToList();
            entries = bodies is [var one]
                ? entries.Where(e => e.OrganisationId == one)
                : entries.Where(e => bodies.Contains(e.OrganisationId));
        }
        return entries;
    }

    private static IQueryable<AuditEntry> Since(IQueryable<AuditEntry> entries, DateOnly day)
    {
        var at = day.ToDateTime(default, DateTimeKind.Utc);
        return entries.Where(e => e.At >= at);
    }

    private static IQueryable<AuditEntry> Before(IQueryable<AuditEntry> entries, DateOnly day)
    {
        var at = day.ToDateTime(default, DateTimeKind.Utc);
        return entries.Where(e => e.At < at);
    }

    private static async Task<IReadOnlyList<AuditLine>> Lines(PortalDb db, IReadOnlyList<AuditEntry> rows, CancellationToken ct)
    {
        static Guid? Account(AuditEntry e) =>
            e.Code.StartsWith("account.", StringComparison.Ordinal) && Guid.TryParse(e.Subject, out var id) ? id : null;
        static int? Number(AuditEntry e) => e.Subject is null ? null : new Audience(e.Subject).OrganisationNumber;
        var ids = rows.Select(e => e.PersonId).Concat(rows.Select(Account).OfType<Guid>()).Distinct().ToList();
        var people = await db
            .Users.Where(u => ids.Contains(u.Id))
            .Select(u => new { u.Id, u.Name })
            .ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        var bodies = rows.Select(e => e.OrganisationId).OfType<Guid>().Distinct().ToList();
        var numbers = rows.Select(Number).OfType<int>().Distinct().ToList();
        var organisations = await db
            .Organisations.Where(o => bodies.Contains(o.Id) || numbers.Contains(o.Number))
            .Select(o => new
            {
                o.Id,
                o.Number,
                o.Name,
            })
            .ToListAsync(ct);
        var (byId, byNumber) = (organisations.ToDictionary(o => o.Id, o => o.Name), organisations.ToDictionary(o => o.Number, o => o.Name));
        AuditSubject? About(AuditEntry e) =>
            Number(e) is { } number && byNumber.TryGetValue(number, out var body) ? new AuditSubject(null, body)
            : Account(e) is { } account && account != e.PersonId && people.TryGetValue(account, out var name) ? new AuditSubject(name, null)
            : null;
        return
        [
            .. rows.Select(e => new AuditLine(
                e.Id,
                e.At,
                e.Code,
                e.Section,
                e.Reference,
                e.From,
                e.To,
                e.Subject,
                About(e),
                people.GetValueOrDefault(e.PersonId),
                e.PersonId,
                e.OrganisationId is { } body ? byId.GetValueOrDefault(body) : null,
                e.Role,
                Convert.ToHexStringLower(e.Hash)
            )),
        ];
    }
}

/// <summary>Lets one go along the whole log at a time on this node; the next waits.</summary>
public sealed class AuditCheck : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1);

    /// <summary>Does it when it is one's turn.</summary>
    public async Task<T> One<T>(Func<Task<T>> check, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            // SQLite works on the thread that asks, which must not be a screen's.
            return await Task.Run(check, ct);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => oneAtATime.Dispose();
}
