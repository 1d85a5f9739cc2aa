using Portal.Domain.Access;

namespace Portal.Data;

/// <summary>A record in the version that stands on somebody's screen; an empty version where they are not shown any.</summary>
public readonly record struct Seen(Guid Record, Guid Version);

/// <summary>
/// What somebody sees while they decide. Between the moment a question is opened and the moment it is confirmed others go on working, so
/// what is saved has to have been decided
/// on what is stored: on anything else it is refused, and they look again.
/// </summary>
public sealed class OnScreen
{
    // Of the act itself and not of the circuit: others may be going on beside it.
    private readonly AsyncLocal<IReadOnlyCollection<Seen>?> shown = new();

    /// <summary>Holds what is saved against what is seen until the act is over.</summary>
    /// <exception cref="Refusal"><c>record.changed_since_shown</c>, thrown by saving.</exception>
    public async Task While(IReadOnlyCollection<Seen> seen, Func<Task> act)
    {
        shown.Value = seen;
        await act();
    }

    /// <summary>Whether somebody's screen is held against what is saved.</summary>
    internal bool HoldsAnything => shown.Value is { Count: > 0 };

    /// <summary>Whether a record may be saved that was loaded in a version.</summary>
    internal void Demand(Guid record, Guid version) =>
        Refusal.If(
            shown.Value?.Any(s => s.Record == record && s.Version != Guid.Empty && s.Version != version) == true,
            "record.changed_since_shown"
        );
}
