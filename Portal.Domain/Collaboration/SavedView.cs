using Portal.Domain.Access;

namespace Portal.Domain.Collaboration;

/// <summary>
/// A list as somebody wants to find it again: its search, filters and order under a name. It belongs to the membership it was saved under.
/// </summary>
public sealed class SavedView
{
    /// <summary>Most views of one list and membership.</summary>
    public const int Most = 20;

    /// <summary>Longest name.</summary>
    public const int LongestName = 60;

    /// <summary>Longest query string.</summary>
    public const int LongestQuery = 1000;

    private SavedView() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The membership; under another one it does not exist.</summary>
    public Guid MembershipId { get; private set; }

    /// <summary>Of the list of which kind.</summary>
    public Kind List { get; private set; } = null!;

    /// <summary>What its tab says.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The list's query string, without page and question mark.</summary>
    public string Query { get; private set; } = "";

    /// <summary>Whether the list opens with it.</summary>
    public bool IsDefault { get; private set; }

    /// <summary>Whether its owner wants to be told of records that come to fit it.</summary>
    public bool TellsNew { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>Concurrency token.</summary>
    public Guid Version { get; private set; } = Guid.CreateVersion7();

    /// <summary>Saves a view.</summary>
    /// <exception cref="Refusal">There is no name, nothing to find again, or too much of either.</exception>
    public static SavedView Of(Guid membershipId, Kind list, string? name, string? query, DateTime now)
    {
        Refusal.If(string.IsNullOrWhiteSpace(query), "view.nothing_chosen");
        Refusal.If(query!.Length > LongestQuery, "view.too_long");
        return new SavedView
        {
            MembershipId = membershipId,
            List = list,
            Name = Text.RequiredLine(name, LongestName, nameof(Name)),
            Query = query,
            CreatedAt = now,
        };
    }

    /// <summary>Whether an actor keeps views of a list: those who may open it.</summary>
    public static bool CanKeep(Actor actor, Kind list) => list.Views != Views.None && actor.LevelIn(list.Section) >= Level.View;

    /// <summary>Gives it another name.</summary>
    public void Rename(string? name) => (Name, Version) = (Text.RequiredLine(name, LongestName, nameof(Name)), Guid.CreateVersion7());

    /// <summary>Has the list open with it, or not.</summary>
    public void OpenWith(bool isDefault) => (IsDefault, Version) = (isDefault, Guid.CreateVersion7());

    /// <summary>Has its owner told of new ones, or not.</summary>
    public void Tell(bool tells)
    {
        Refusal.If(tells && List.Views != Views.Told, "view.cannot_tell");
        (TellsNew, Version) = (tells, Guid.CreateVersion7());
    }
}

/// <summary>
/// A record known to fit a view whose owner wants to be told of new ones: from the start, or since it came to fit and was told of.
/// Who no longer sees the record no longer sees this.
/// </summary>
public sealed class ViewHit
{
    private ViewHit() { }

    /// <summary>The view.</summary>
    public Guid ViewId { get; private set; }

    /// <summary>The record.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>The view's membership.</summary>
    public Guid MembershipId { get; private set; }

    /// <summary>Kind of the record.</summary>
    public Kind Kind { get; private set; } = null!;

    /// <summary>Its reference.</summary>
    public string Reference { get; private set; } = "";

    /// <summary>UTC; found to fit.</summary>
    public DateTime At { get; private set; }

    /// <summary>Whether it came to fit after its owner asked to be told: then it is told of.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Notes that a record fits.</summary>
    public static ViewHit Of(SavedView view, Guid recordId, Kind kind, string reference, DateTime now, bool isNew) =>
        new()
        {
            ViewId = view.Id,
            MembershipId = view.MembershipId,
            RecordId = recordId,
            Kind = kind,
            Reference = reference,
            At = now,
            IsNew = isNew,
        };
}
