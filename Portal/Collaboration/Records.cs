using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Collaboration;

/// <summary>What is done with every kind of record alike; a room's service adds the verbs of its own.</summary>
/// <param name="actors">Who asks.</param>
/// <param name="activity">Who can see it and why.</param>
/// <param name="whole">The records with all that their rules read.</param>
public sealed class Records<T>(ActorSource actors, ActivityService activity, Func<PortalDb, IQueryable<T>> whole)
    where T : class, IProtected
{
    /// <summary>What a draft is called until it is saved, and numbered with that: a rule that refuses it uses up no number.</summary>
    public const string Unnumbered = "";

    /// <summary>One, whole, for whoever the database is opened for.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public Task<T> One(PortalDb db, string reference, CancellationToken ct = default) =>
        whole(db).Where(r => EF.Property<string>(r, nameof(IProtected.Reference)) == reference).OneOrNotFound(ct);

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
        record.Property(nameof(IProtected.Reference)).CurrentValue = await db.NextReference(record.Entity.Kind, db.Now.Year);
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
        await verb(db, await One(db, reference));
        await db.SaveOrRefuse();
    }

    /// <inheritdoc cref="Act(string, Action{T, Actor})"/>
    /// <returns>What the verb made.</returns>
    public async Task<TMade> Act<TMade>(string reference, Func<PortalDb, T, Task<TMade>> verb)
    {
        await using var db = await actors.Open();
        var made = await verb(db, await One(db, reference));
        await db.SaveOrRefuse();
        return made;
    }
}

/// <summary>Adds what is done alike with the records of a kind.</summary>
internal static class RecordsSetup
{
    /// <param name="services">The portal's services.</param>
    /// <param name="whole">The records with all that their rules read.</param>
    public static void AddRecords<T>(this IServiceCollection services, Func<PortalDb, IQueryable<T>> whole)
        where T : class, IProtected =>
        services.AddScoped(s => new Records<T>(s.GetRequiredService<ActorSource>(), s.GetRequiredService<ActivityService>(), whole));
}
