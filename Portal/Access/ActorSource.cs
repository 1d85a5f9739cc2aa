using Portal.Data;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Access;

/// <summary>
/// Who asks. Circuits live for hours, and a lock, a membership or a grant may end meanwhile: the session and the version of access are read
/// from the database for each operation of a circuit, once for a request.
/// </summary>
public sealed class ActorSource(PortalStore store, Sessions sessions, KnownActors known, Visitor visitor, OnScreen screen)
{
    /// <summary>
    /// The actor of this request or circuit; <see cref="Actor.Anonymous"/> when the session, the account or the membership no longer
    /// stands.
    /// </summary>
    public async Task<Actor> Current() => (await Known()).Actor;

    /// <summary>
    /// The next moment (UTC) at which the clock alone changes what the actor may do: a membership or a grant begins or ends.
    /// </summary>
    public async Task<DateTime?> NextChange() => (await Known()).Until;

    /// <summary>Opens the database for the actor of this request or circuit.</summary>
    public async Task<PortalDb> Open()
    {
        var db = await store.OpenFor(await Current());
        db.Screen = screen;
        return db;
    }

    // A token is read at the door of its one request, as a session is, and gives no more than its owner has.
    private async ValueTask<KnownActor> Known() =>
        visitor is { Token: { } token, OfRequest: { } given } && await known.Of(given) is var owner
            ? owner with
            {
                Actor = token.Narrow(owner.Actor),
            }
        : visitor.SessionId is { } id && (visitor.OfRequest ?? await sessions.Of(id)) is { } standing ? await known.Of(standing)
        : KnownActor.Nobody;
}
