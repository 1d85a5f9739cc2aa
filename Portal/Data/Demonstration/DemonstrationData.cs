using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Identity;

namespace Portal.Data.Demonstration;

/// <summary>How much demonstration data.</summary>
/// <param name="Seed">The same seed gives the same data, its dates being counted from today.</param>
/// <param name="Needs">Needs in all; beyond those of the story they are short and written in bulk.</param>
/// <param name="Offers">Standing offers in all.</param>
/// <param name="Cycles">
/// Assessments of each State that the story tells nothing of; a single short one where nothing is said, else as many with a finding on
/// every topic.
/// </param>
public sealed record DemonstrationSize(int Seed = DemonstrationSize.DefaultSeed, int? Needs = null, int? Offers = null, int? Cycles = null)
{
    /// <summary>The seed unless another is asked for: the first day of the 2009 work programme.</summary>
    public const int DefaultSeed = 20090101;
}

/// <summary>A place of the cast as the database has it.</summary>
public sealed record DemonstrationAccount(string Email, string Person, string Organisation, OrganisationKind Kind, Role Role, string State);

/// <summary>Fills a database with demonstration data, and only one that is empty or already holds nothing else.</summary>
public sealed class DemonstrationData(IServiceProvider services, TimeProvider clock)
{
    /// <summary>Name of the counter that marks a database of demonstration data; its value is the seed.</summary>
    public const string Mark = "demonstration";

    /// <summary>
    /// Name of the counter that stands while bulk is written, which takes many transactions: where it is found, that was broken off.
    /// </summary>
    private const string Unfinished = "demonstration-unfinished";

    /// <summary>Whether writing broke off half-way.</summary>
    public static Task<bool> IsUnfinished(PortalDb db) => db.Counters.AnyAsync(c => c.Name == Unfinished);

    /// <summary>Whether a database is marked as demonstration data.</summary>
    public static Task<bool> IsMarked(PortalDb db) => db.Counters.AnyAsync(c => c.Name == Mark);

    /// <summary>Whether nobody has an account and nothing is filed.</summary>
    public static async Task<bool> IsEmpty(PortalDb db) => !await db.Users.AnyAsync() && !await db.Reach.AnyAsync();

    /// <summary>Seeds a migrated, empty database; one that is empty no more, because another process was quicker, stays as it is.</summary>
    public async Task Seed(DemonstrationSize size, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var past = new StoryClock(now.AddYears(-4));
        await using var db = Open(past);
        // All or nothing: no step of it is taken back alone.
        db.Database.AutoSavepointsEnabled = false;
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            await db.TakeTurn(Mark);
            if (!await IsEmpty(db))
                return;
            await ReferenceOrganisations.Register(db, ct);
            var actors = await Enlist(db, past);
            db.Counters.Add(new Counter { Name = Mark, Value = size.Seed });
            db.Counters.Add(new Counter { Name = Unfinished, Value = 1 });
            await db.SaveChangesAsync(ct);
            var organisations = await db.Organisations.AsNoTracking().ToDictionaryAsync(o => o.Code, ct);
            db.ChangeTracker.Clear();
            foreach (var scene in new DemonstrationStory(size.Seed, now, actors).Scenes(organisations))
            {
                past.Now = scene.At;
                db.Actor = scene.By;
                // Only what the scene is about is followed: looking for changes in all of the story at each step would take most of the
                // time.
                foreach (var record in scene.About)
                    Follow(db, record);
                await scene.Do(db, scene.At);
                await db.SaveChangesAsync(ct);
                db.ChangeTracker.Clear();
            }
            await DemonstrationAccess.Write(db, past, organisations, actors, now);
            db.ChangeTracker.Clear();
            await new DemonstrationImports(db, past, actors, now).Write(ct);
            db.ChangeTracker.Clear();
            await transaction.CommitAsync(ct);
        }
        await new DemonstrationBulk(db, size, now).Write(ct);
        db.ChangeTracker.Clear();
        db.Counters.Remove(await db.Counters.SingleAsync(c => c.Name == Unfinished, ct));
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Empties, migrates and seeds a database. The caller has made sure that nothing but demonstration data is lost.</summary>
    /// <returns>What was done, in a line.</returns>
    public async Task<string> Reset(PortalDb db, DemonstrationSize size, Action<string>? say = null, CancellationToken ct = default)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Empty(db, ct);
        await Upgrade.BringUp(db, say ?? (_ => { }), ct: ct);
        say?.Invoke("Writing demonstration data…");
        await Seed(size, ct);
        return $"Demonstration data written from seed {size.Seed}: {await db.Needs.CountAsync(ct)} needs, {await db.Proposals.CountAsync(ct)} proposals, {await db.Programmes.CountAsync(ct)} programmes, "
            + $"{await db.Offers.CountAsync(ct)} standing offers, {await db.Users.CountAsync(ct)} accounts, in {watch.Elapsed.TotalSeconds:0.0} s.";
    }

    // In place, not by deleting the file: a portal that has it open goes on and shows the new data. Tables and all, so that a reset also
    // mends a database that an older version made; in one transaction, so that there is the old or nothing, whenever it breaks off.
    private static async Task Empty(PortalDb db, CancellationToken ct)
    {
        if (!await db.Database.CanConnectAsync(ct))
            return;
        await db.Database.OpenConnectionAsync(ct);
        var isPostgres = db.Database.IsNpgsql();
        // What is thrown away here was never confidential, so it need not be overwritten.
        if (!isPostgres)
            await Execute(db, "PRAGMA foreign_keys=OFF; PRAGMA secure_delete=OFF", ct);
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            if (isPostgres)
                foreach (
                    var table in await db
                        .Database.SqlQuery<string>($"SELECT tablename AS \"Value\" FROM pg_tables WHERE schemaname = current_schema()")
                        .ToListAsync(ct)
                )
                    await Execute(db, $"DROP TABLE \"{table}\" CASCADE", ct);
            else
            {
                await Execute(db, "DROP TABLE IF EXISTS \"SearchFts\"", ct);
                foreach (
                    var table in await db
                        .Database.SqlQuery<string>(
                            $"SELECT name AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                        )
                        .ToListAsync(ct)
                )
                    await Execute(db, $"DROP TABLE \"{table}\"", ct);
            }
            await transaction.CommitAsync(ct);
        }
        if (!isPostgres)
            await Execute(db, "VACUUM; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;", ct);
        await db.Database.CloseConnectionAsync();
    }

    private static async Task Execute(PortalDb db, string sql, CancellationToken ct)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Everybody's places, in the order of <see cref="DemonstrationCast"/>.</summary>
    public static async Task<IReadOnlyList<DemonstrationAccount>> Accounts(PortalDb db)
    {
        var places = await db
            .Memberships.IgnoreQueryFilters()
            .Include(m => m.Organisation)
            .Join(
                db.Users,
                m => m.PersonId,
                u => u.Id,
                (m, u) =>
                    new
                    {
                        u.Email,
                        u.Name,
                        Membership = m,
                    }
            )
            .ToListAsync();
        var order = DemonstrationCast.All.Index().ToDictionary(p => (p.Item.Email, p.Item.Organisation), p => p.Index);
        return
        [
            .. places
                .Where(p => order.ContainsKey((p.Email!, p.Membership.Organisation.Code)))
                .OrderBy(p => order[(p.Email!, p.Membership.Organisation.Code)])
                .Select(p => new DemonstrationAccount(
                    p.Email!,
                    p.Name,
                    p.Membership.Organisation.Code,
                    p.Membership.Organisation.Kind,
                    p.Membership.Role,
                    p.Membership.Organisation.Kind == OrganisationKind.MemberState
                        ? p.Membership.Organisation.StateIso3!
                        : string.Join(' ', p.Membership.AssignedStates)
                )),
        ];
    }

    // Opened here and not by the store: what happened in the story has to be logged at its own time.
    private PortalDb Open(TimeProvider time)
    {
        var wire = services.GetRequiredService<Wire>();
        PortalDb db = services.GetService<DbContextOptions<SqlitePortalDb>>() is { } sqlite
            ? new SqlitePortalDb(sqlite, time, wire)
            : new PostgresPortalDb(services.GetRequiredService<DbContextOptions<PostgresPortalDb>>(), time, wire);
        (db.IsSystem, db.IsOwner) = (true, true);
        return db;
    }

    private static void Follow(PortalDb db, IProtected record)
    {
        db.Attach(record);
        // Made here, so all there is of it is in memory.
        if (record is Dossier dossier)
        {
            db.Entry(dossier).Collection(d => d.Editions).IsLoaded = true;
            db.Entry(dossier).Collection(d => d.Consents).IsLoaded = true;
            db.Entry(dossier).Collection(d => d.Circulations).IsLoaded = true;
        }
        if (record is Need need)
        {
            db.Entry(need).Collection(n => n.Consents).IsLoaded = true;
            db.Entry(need).Collection(n => n.Requests).IsLoaded = true;
        }
    }

    private async Task<Func<string, string, Actor>> Enlist(PortalDb db, StoryClock past)
    {
        var organisations = await db.Organisations.ToDictionaryAsync(o => o.Code);
        var people = new Dictionary<string, PortalUser>();
        var places = new Dictionary<(string, string), Membership>();
        // Hashing is slow by design; one password needs one hash.
        using var scope = services.CreateScope();
        var hash = scope
            .ServiceProvider.GetRequiredService<IPasswordHasher<PortalUser>>()
            .HashPassword(new PortalUser(), DemonstrationCast.Password);
        foreach (var playing in DemonstrationCast.All)
        {
            if (!people.TryGetValue(playing.Email, out var person))
            {
                people[playing.Email] = person = new PortalUser
                {
                    Id = Guid.CreateVersion7(),
                    Name = playing.Person,
                    UserName = playing.Email,
                    NormalizedUserName = EmailAddress.Key(playing.Email),
                    Email = playing.Email,
                    NormalizedEmail = EmailAddress.Key(playing.Email),
                    EmailConfirmed = true,
                    PasswordHash = hash,
                    SecurityStamp = Guid.NewGuid().ToString("N"),
                    LockoutEnabled = true,
                };
                db.Users.Add(person);
            }
            var place = Membership.Of(person.Id, organisations[playing.Organisation], playing.Role, past.Now, null, playing.States);
            places[(playing.Email, playing.Organisation)] = place;
            db.Memberships.Add(place);
        }
        Actor As(string email, string organisation) => Actor.Of(places[(email, organisation)], people[email].Name, [], past.Now);
        foreach (var (delegation, body) in DemonstrationCast.Chairs)
            organisations[delegation].Preside(As("access@demo.example", ReferenceOrganisations.Cted), body, true, past.Now);
        return As;
    }
}

/// <summary>The clock of the story: where it stands is when things happen.</summary>
internal sealed class StoryClock(DateTime start) : TimeProvider
{
    public DateTime Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => new(Now, TimeSpan.Zero);
}
