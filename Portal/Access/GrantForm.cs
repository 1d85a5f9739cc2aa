using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Access;

/// <summary>A grant as it is being typed.</summary>
public sealed class GrantForm
{
    /// <summary>Kind of principal.</summary>
    public PrincipalKind Kind { get; set; } = PrincipalKind.Organisation;

    /// <summary>The role, if it is one.</summary>
    public Role? Role { get; set; }

    /// <summary>The organisation or person chosen.</summary>
    public FinderHit? To { get; set; }

    /// <summary>Section.</summary>
    public Section Section { get; set; } = Section.Needs;

    /// <summary>Level, or null for a deny.</summary>
    public Level? Level { get; set; } = Domain.Access.Level.View;

    /// <summary>States it is limited to.</summary>
    public List<string> States { get; set; } = [];

    /// <summary>Region it is limited to.</summary>
    public RegionalGroup? Region { get; set; }

    /// <summary>Only what is their own.</summary>
    public bool OwnOnly { get; set; }

    /// <summary>First day, ISO 8601; empty is at once.</summary>
    public string? From { get; set; }

    /// <summary>Last day, ISO 8601; empty is without end.</summary>
    public string? Until { get; set; }

    /// <summary>Why.</summary>
    public string? Reason { get; set; }

    /// <summary>Reads it.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="today">The day it is where it is filled in: what is to begin on it begins at once.</param>
    /// <param name="problems">Everything wrong with it.</param>
    public (Principal To, Grant.Terms Terms)? Read(DateTime now, DateOnly today, out IReadOnlyList<Refusal> problems)
    {
        Principal? to = Kind switch
        {
            PrincipalKind.Role => Role is { } role ? Principal.Of(role) : null,
            PrincipalKind.Organisation => To is { } o ? Principal.Organisation(o.Id) : null,
            PrincipalKind.Person => To is { } p ? Principal.Person(p.Id) : null,
        };
        var areDays = PlaceForm.IsDay(From) && PlaceForm.IsDay(Until);
        var from = areDays && PlaceForm.FirstMoment(From, today, now) is { } start && start > now ? start : now;
        // The last day counts whole.
        var until = areDays ? PlaceForm.EndOfDay(Until) : null;
        var terms = new Grant.Terms(
            Section,
            Level ?? Domain.Access.Level.None,
            Level is null,
            States,
            Region,
            OwnOnly,
            from,
            until,
            Reason ?? ""
        );
        problems =
        [
            .. Refusal.Collect(
                () => Refusal.If(to is null, "grant.to_nobody", nameof(To)),
                () => Refusal.Unless(PlaceForm.IsDay(From), "date.invalid", nameof(From)),
                () => Refusal.Unless(PlaceForm.IsDay(Until), "date.invalid", nameof(Until))
            ),
            .. to is null ? [] : Grant.Problems(to, terms, now),
        ];
        return problems.Count == 0 ? (to!, terms) : null;
    }
}
