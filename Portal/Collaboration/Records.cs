using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Lists;

namespace Portal.Collaboration;

/// <summary>What is done with every kind of record alike; a room's service adds the verbs of its own.</summary>
/// <param name="actors">Who asks.</param>
/// <param name="activity">Who can see it and why.</param>
public sealed class Records<T>(ActorSource actors, ActivityService activity)
    where T : class, IProtected
{
    private static readonly RecordRoom<T> Room = RecordRooms.All.OfType<RecordRoom<T>>().Single();

    /// <summary>What a draft is called until it is saved, and numbered with that: a rule that refuses it uses up no number.</summary>
    public const string Unnumbered = "";

    /// <summary>One, whole, for whoever the database is opened for.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public Task<T> One(PortalDb db, string reference, CancellationToken ct = default) =>
        // From a query, too: PostgreSQL has no word for a NUL and answers it with an error.
        reference.Contains('\0', StringComparison.Ordinal)
            ? throw new NotFound()
            : Room.Whole(db.Set<T>()).Where(r => EF.Property<string>(r, nameof(IProtected.Reference)) == reference).OneOrNotFound(ct);

    // Whoever decides on what is no longer so is told that, and not that they may not do what the record has left behind.
    private async Task<T> AsSeen(PortalDb db, string reference)
    {
        var record = await One(db, reference);
        db.Screen?.Demand(record.Id, record.Reference, record.Version);
        return record;
    }

    /// <summary>Who can see one and why: for those who see it whole. Others learn only why they see it themselves.</summary>
    public async Task<IReadOnlyList<ReaderLine>> Readers(string reference)
    {
        await using var db = await actors.Open();
        return await activity.Readers(await One(db, reference), db.Actor);
    }

    /// <summary>Saves a new one under the next number of its kind's series.</summary>
    /// <returns>Its reference.</returns>
    public async Task<string> Draft(Func<PortalDb, Task<T>> draft)
    {
        await using var db = await actors.Open();
        var record = db.Entry(await draft(db));
        record.Property(nameof(IProtected.Reference)).CurrentValue = await db.NextReference(
            record.Entity.Kind,
            db.Now.Year,
            record.Entity.StateIso3
        );
        record.State = EntityState.Added;
        await db.SaveOrRefuse();
        return record.Entity.Reference;
    }

    /// <inheritdoc cref="Draft(Func{PortalDb, Task{T}})"/>
    public Task<string> Draft(Func<Actor, T> draft) => Draft(db => Task.FromResult(draft(db.Actor)));

    /// <summary>Changes one where it still is what whoever writes began on.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public Task Edit(string reference, Guid version, Action<T, Actor> verb) =>
        Edit(
            reference,
            version,
            (db, record) =>
            {
                verb(record, db.Actor);
                return Task.CompletedTask;
            }
        );

    /// <inheritdoc cref="Edit(string, Guid, Action{T, Actor})"/>
    public Task Edit(string reference, Guid version, Func<PortalDb, T, Task> verb) =>
        Act(
            reference,
            (db, record) =>
            {
                Refusal.If(record.Version != version, "record.changed_meanwhile");
                return verb(db, record);
            }
        );

    /// <summary>Does something to one.</summary>
    public Task Act(string reference, Action<T, Actor> verb) =>
        Act(
            reference,
            (db, record) =>
            {
                verb(record, db.Actor);
                return Task.CompletedTask;
            }
        );

    /// <inheritdoc cref="Act(string, Action{T, Actor})"/>
    public async Task Act(string reference, Func<PortalDb, T, Task> verb)
    {
        await using var db = await actors.Open();
        await verb(db, await AsSeen(db, reference));
        await db.SaveOrRefuse();
    }

    /// <summary>
    /// Does something to one that what others do at the same moment takes nothing from: it is tried again on what they have left.
    /// </summary>
    public async Task ActBeside(string reference, Func<PortalDb, T, Task> verb)
    {
        for (var tries = 1; ; tries++)
            try
            {
                await Act(reference, verb);
                return;
            }
            catch (Refusal refusal) when (refusal.Code == "record.changed_meanwhile" && tries < 10) { }
    }

    /// <inheritdoc cref="Act(string, Action{T, Actor})"/>
    /// <returns>What the verb made.</returns>
    public async Task<TMade> Act<TMade>(string reference, Func<PortalDb, T, Task<TMade>> verb)
    {
        await using var db = await actors.Open();
        var made = await verb(db, await AsSeen(db, reference));
        await db.SaveOrRefuse();
        return made;
    }
}
