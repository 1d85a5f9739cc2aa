using Portal.Domain.Access;

namespace Portal.Access;

/// <summary>A review as it is being set up.</summary>
public sealed class ReviewForm
{
    /// <summary>Name of the subject.</summary>
    public string Subject { get; set; } = ReviewSubject.Of(OrganisationKind.Provider).Key;

    /// <summary>What becomes of rows without an answer.</summary>
    public ReviewSilence Silence { get; set; }

    /// <summary>Last day to answer, ISO 8601.</summary>
    public string? Deadline { get; set; }

    /// <summary>Reads it.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="problems">Everything wrong with it.</param>
    public (ReviewSubject Subject, DateTime Deadline)? Read(DateTime now, out IReadOnlyList<Refusal> problems)
    {
        var (subject, deadline) = (ReviewSubject.Find(Subject), EndOf(Deadline));
        problems = Refusal.Collect(
            () => Refusal.If(subject is null, "field.unknown_code", nameof(Subject)),
            () => Refusal.If(deadline is null, "date.invalid", nameof(Deadline)),
            () =>
            {
                if (subject is not null && deadline is { } d)
                    ReviewCampaign.Start(subject, Silence, d, null, now);
            }
        );
        return problems.Count == 0 ? (subject!, deadline!.Value) : null;
    }

    /// <summary>The end of a day, since the last day counts whole; null where it is none.</summary>
    public static DateTime? EndOf(string? day) => PlaceForm.IsDay(day) ? PlaceForm.EndOfDay(day) : null;
}
