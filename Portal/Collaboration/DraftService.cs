using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Domain.Collaboration;

namespace Portal.Collaboration;

/// <summary>Keeps what people type as they type it, in the database, for the membership they type under.</summary>
public sealed class DraftService(ActorSource actors, TimeProvider clock)
{
    /// <summary>What was kept of a form, or null.</summary>
    public async Task<T?> Load<T>(string form) where T : class
    {
        await using var db = await actors.Open();
        var json = await db.FormDrafts.Where(d => d.Form == form).Select(d => d.Json).FirstOrDefaultAsync();
        return json is null ? null : JsonSerializer.Deserialize<T>(json);
    }

    /// <summary>Keeps a form; the last one to type wins, since only one person types under a membership.</summary>
    public async Task Keep<T>(string form, T fields) where T : class
    {
        await using var db = await actors.Open();
        if (db.Actor.Membership is not { } membership)
            return;
        var json = JsonSerializer.Serialize(fields);
        var now = clock.GetUtcNow().UtcDateTime;
        if (await db.FormDrafts.FirstOrDefaultAsync(d => d.Form == form) is { } draft)
            draft.Keep(json, now);
        else
            db.FormDrafts.Add(FormDraft.Of(membership.Id, form, json, now));
        await db.SaveChangesAsync();
    }

    /// <summary>Forgets a form once it has been saved.</summary>
    public async Task Drop(string form)
    {
        await using var db = await actors.Open();
        if (await db.FormDrafts.FirstOrDefaultAsync(d => d.Form == form) is { } draft)
        {
            db.FormDrafts.Remove(draft);
            await db.SaveChangesAsync();
        }
    }
}
