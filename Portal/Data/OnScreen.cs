using Portal.Domain.Access;

namespace Portal.Data;

/// <summary>A record in the version that stands on somebody's screen; an empty version where they are not shown any.</summary>
public readonly record struct Seen(Guid Record, Guid Version)
{
    /// <summary>A record that is only known by its reference, as a program names it.</summary>
    public static Seen Of(string reference, Guid version) => new(Guid.Empty, version) { Reference = reference };

    /// <summary>Its reference, where that is all that is known.</summary>
    internal string? Reference { get; private init; }
}

/// <summary>
/// What somebody sees while they decide. Between the moment a question is opened and the moment it is confirmed others go on working, so
/// what is saved has to have been decided
/// on what is stored: on anything else it is refused, and they look again.
/// </summary>
public sealed class OnScreen
{
    // Of the act itself and not of the circuit: others may be going on beside it.
    private readonly AsyncLocal<List<Seen>?> shown = new();

    /// <summary>Holds what is saved against what is seen until the act is over.</summary>
    /// <exception cref="Refusal"><c>record.changed_since_shown</c>, thrown by saving.</exception>
    public async Task While(IReadOnlyCollection<Seen> seen, Func<Task> act)
    {
        shown.Value = [.. seen];
        await act();
    }

    /// <summary>Whether somebody's screen is held against what is saved.</summary>
    internal bool HoldsAnything => shown.Value is { Count: > 0 };

    /// <summary>Whether all that an act on a record takes with it was shown beside that, where a screen shows the record.</summary>
    internal void DemandBeside(Guid record, IEnumerable<Guid> taken) =>
        Refusal.If(
            shown.Value is { } seen && seen.Exists(s => s.Record == record) && taken.Any(t => !seen.Exists(s => s.Record == t)),
            "record.changed_since_shown"
        );

    /// <summary>What was decided on a record is done: whoever reads it now sees another version, and that is right.</summary>
    internal void Settle(Guid record, string? reference) => shown.Value?.RemoveAll(s => IsOf(s, record, reference));

    private static bool IsOf(Seen seen, Guid record, string? reference) =>
        seen.Reference is null ? seen.Record == record : seen.Reference == reference;

    /// <summary>Whether a record may be saved that was loaded in a version.</summary>
    internal void Demand(Guid record, string? reference, Guid version) =>
        Refusal.If(
            shown.Value?.Exists(s => IsOf(s, record, reference) && s.Version != Guid.Empty && s.Version != version) == true,
            "record.changed_since_shown"
        );
}
