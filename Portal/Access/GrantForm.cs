using System.Globalization;
using Portal.Domain;
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
    public Candidate? To { get; set; }

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
        var from = Day(From) is { } f && f > today ? f.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) : now;
        // The last day counts whole.
        var until = Day(Until) is { } u ? Days.End(u) : (DateTime?)null;
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
                () => Refusal.If(!IsDay(From), "date.invalid", nameof(From)),
                () => Refusal.If(!IsDay(Until), "date.invalid", nameof(Until))
            ),
            .. to is null ? [] : Grant.Problems(to, terms, now),
        ];
        return problems.Count == 0 ? (to!, terms) : null;
    }

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static bool IsDay(string? text) => string.IsNullOrEmpty(text) || Day(text) is not null;
}
