using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Domain.Collaboration;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>What was kept of a form.</summary>
/// <param name="Id">Which draft.</param>
/// <param name="Fields">What was typed.</param>
/// <param name="Opened">What the record said when it was begun; null for something new, and where that was not kept.</param>
/// <param name="At">UTC.</param>
/// <param name="Text">As it is stored: by it a window sees whether another has gone on with the same draft.</param>
public sealed record Kept<T>(Guid Id, T Fields, T? Opened, DateTime At, string Text)
    where T : class;

/// <summary>A draft in a list.</summary>
/// <param name="Id">Which.</param>
/// <param name="Form">Which form.</param>
/// <param name="Address">Where it is gone on with; null where that is not known.</param>
/// <param name="Title">What it is called so far.</param>
/// <param name="At">UTC.</param>
public sealed record DraftLine(Guid Id, string Form, string? Address, string? Title, DateTime At);

/// <summary>
/// Keeps what people type as they type it, in the database, for the membership they type under: a draft for each window that begins a form.
/// </summary>
public sealed class DraftService(ActorSource actors, TimeProvider clock)
{
    /// <summary>The query parameter that says which draft a window goes on with.</summary>
    public const string Parameter = "draft";

    /// <summary>Which draft an address says.</summary>
    public static Guid? Asked(string uri) =>
        Guid.TryParse(ListAddress.Of(new Uri(uri).PathAndQuery).One(Parameter), out var id) ? id : null;

    private const string OpenedKey = "$opened";

    /// <summary>What was kept of a form, or null.</summary>
    /// <param name="form">Which form.</param>
    /// <param name="id">Which draft of it; the latest where nothing is said.</param>
    public async Task<Kept<T>?> Load<T>(string form, Guid? id = null)
        where T : class, new()
    {
        await using var db = await actors.Open();
        var draft = await db
            .FormDrafts.AsNoTracking()
            .Where(d => d.Form == form && (id == null || d.Id == id))
            .OrderByDescending(d => d.SavedAt)
            .FirstOrDefaultAsync();
        if (draft is null || Parse(draft.Json) is not { } kept)
            return null;
        var opened = kept[OpenedKey] as JsonObject;
        return new(draft.Id, Read<T>(kept), opened is null ? null : Read<T>(opened), draft.SavedAt, draft.Json);
    }

    /// <summary>Keeps a form. Where another window has gone on with the same draft, or ended it, this becomes a draft of its own.</summary>
    /// <param name="form">Which form.</param>
    /// <param name="address">Where it is gone on with.</param>
    /// <param name="says">The form.</param>
    /// <param name="before">Which draft this window goes on with, and how it last stored or read it; null for a new one.</param>
    /// <returns>The draft as it is now; null for who acts under no membership.</returns>
    public async Task<(Guid Id, string Text)?> Keep<T>(string form, string address, Editing<T> says, (Guid Id, string Text)? before)
        where T : class, new()
    {
        await using var db = await actors.Open();
        if (db.Actor.Membership is not { } membership)
            return null;
        var json = FormField.Json(says.Form);
        var title = TitleOf(json);
        if (says.Opened is { } opened)
            json[OpenedKey] = FormField.Json(opened);
        var text = json.ToJsonString();
        var now = clock.GetUtcNow().UtcDateTime;
        var draft = FormDraft.Of(membership.Id, form, text, now, address, title);
        if (
            before is (var id, var last)
            && await db
                .FormDrafts.Where(d => d.Id == id && (d.Json == last || d.Json == text))
                .ExecuteUpdateAsync(d =>
                    d.SetProperty(x => x.Json, draft.Json)
                        .SetProperty(x => x.Title, draft.Title)
                        .SetProperty(x => x.Address, draft.Address)
                        .SetProperty(x => x.SavedAt, now)
                ) == 1
        )
            return (id, text);
        db.FormDrafts.Add(draft);
        await db.SaveChangesAsync();
        return (draft.Id, text);
    }

    /// <summary>Ends one draft: its form was saved, or its writer does not want it.</summary>
    /// <param name="id">Which.</param>
    /// <param name="last">
    /// As this window stored or read it last: what another has typed on since is not ended with it. Null where it is ended as it stands.
    /// </param>
    public async Task Drop(Guid id, string? last = null)
    {
        await using var db = await actors.Open();
        await db.FormDrafts.Where(d => d.Id == id && (last == null || d.Json == last)).ExecuteDeleteAsync();
    }

    /// <summary>What is kept and not saved, latest first.</summary>
    public async Task<IReadOnlyList<DraftLine>> Waiting()
    {
        await using var db = await actors.Open();
        return await db
            .FormDrafts.OrderByDescending(d => d.SavedAt)
            .Take(100)
            .Select(d => new DraftLine(d.Id, d.Form, d.Address, d.Title, d.SavedAt))
            .ToListAsync();
    }

    /// <summary>Names of forms of which something is kept.</summary>
    /// <param name="beginning">What their names begin with.</param>
    public async Task<IReadOnlyCollection<string>> Names(string beginning)
    {
        await using var db = await actors.Open();
        return await db.FormDrafts.Where(d => d.Form.StartsWith(beginning)).Select(d => d.Form).Distinct().ToListAsync();
    }

    private static JsonObject? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Field by field: what an earlier version of the portal kept in another way is left out, and takes nothing else with it.
    private static T Read<T>(JsonObject kept)
        where T : class, new()
    {
        var read = new T();
        foreach (var field in FormField.Of<T>())
        {
            if (!kept.TryGetPropertyValue(field.Name, out var value))
                continue;
            try
            {
                // A list that should be there and is not stays the empty one the form begins with.
                if (value.Deserialize(field.Type) is { } said)
                    field.Set(read, said);
                else if (field.Get(read) is null or string || Nullable.GetUnderlyingType(field.Type) is not null)
                    field.Set(read, null);
            }
            catch (JsonException)
            {
                continue;
            }
        }
        return read;
    }

    private static string? TitleOf(JsonObject form) =>
        (form["Title"] ?? form["Email"]) is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
