using System.Globalization;
using Portal.Domain;
using Portal.Domain.Access;

namespace Portal.Access;

/// <summary>A place for somebody as it is being typed.</summary>
public sealed class PlaceForm
{
    /// <summary>To whom, where they are invited.</summary>
    public string? Email { get; set; }

    /// <summary>The organisation chosen.</summary>
    public FinderHit? To { get; set; }

    /// <summary>Its kind.</summary>
    public OrganisationKind? Kind { get; set; }

    /// <summary>Role in it.</summary>
    public Role? Role { get; set; }

    /// <summary>States assigned, for a legal officer.</summary>
    public List<string> States { get; set; } = [];

    /// <summary>First day, ISO 8601; empty is at once.</summary>
    public string? From { get; set; }

    /// <summary>Last day, ISO 8601; empty is without end.</summary>
    public string? Until { get; set; }

    /// <summary>Takes an organisation, or none; a role that does not fit it is dropped.</summary>
    public void Choose((FinderHit Hit, OrganisationKind Kind)? chosen)
    {
        (To, Kind) = (chosen?.Hit, chosen?.Kind);
        if (Role?.Kind() != Kind)
            Role = null;
    }

    /// <summary>Reads it.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="today">The day it is where it is filled in.</param>
    /// <param name="problems">Everything wrong with it.</param>
    public PlaceTerms? Read(DateTime now, DateOnly today, out IReadOnlyList<Refusal> problems)
    {
        var terms =
            To is { } to && Role is { } role && IsDay(From) && IsDay(Until)
                ? new PlaceTerms(
                    to.Id,
                    role,
                    FirstMoment(From, today, now),
                    EndOfDay(Until),
                    role == Domain.Access.Role.LegalOfficer ? States : []
                )
                : null;
        problems =
        [
            .. Refusal.Collect(
                () => Refusal.If(To is null, "field.required", nameof(To)),
                () => Refusal.If(To is not null && Role is null, "field.required", nameof(Role)),
                () => Refusal.Unless(IsDay(From), "date.invalid", nameof(From)),
                () => Refusal.Unless(IsDay(Until), "date.invalid", nameof(Until))
            ),
            .. terms?.Problems(Kind!.Value, now) ?? [],
        ];
        return problems.Count == 0 ? terms : null;
    }

    /// <summary>The first moment of a day (UTC), or null where nothing is typed.</summary>
    /// <exception cref="Refusal"><c>date.invalid</c>.</exception>
    public static DateTime? FirstMoment(string? day, DateOnly today, DateTime now) => Day(day) is { } d ? Days.Start(d, today, now) : null;

    /// <summary>The end of a day, which counts whole (UTC, exclusive), or null where nothing is typed.</summary>
    /// <exception cref="Refusal"><c>date.invalid</c>.</exception>
    public static DateTime? EndOfDay(string? day) => Day(day) is { } d ? Days.End(d) : null;

    /// <summary>The last day of a period that ends at a moment, as a date control takes it.</summary>
    public static DateOnly? LastDay(DateTime? until) => until is { } u ? Days.Last(u) : null;

    private static DateOnly? Day(string? text)
    {
        Refusal.Unless(IsDay(text), "date.invalid", "Until");
        return string.IsNullOrWhiteSpace(text) ? null : Parse(text);
    }

    /// <summary>Whether something is a day of this century, or nothing.</summary>
    internal static bool IsDay(string? text) => string.IsNullOrWhiteSpace(text) || Parse(text) is { Year: >= 2000 and <= 2100 };

    private static DateOnly? Parse(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
