using System.Xml.Linq;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;

namespace Portal.Domain.Iati;

/// <summary>
/// What an activity that comes again would do to its programme: only what its publisher changed since it was sent last. A correction made
/// in the portal stays.
/// </summary>
public sealed class IatiRestatement
{
    /// <summary>A field that the activity changes.</summary>
    public const string Changed = "iati.changed";

    /// <summary>A field that was changed on both sides; the portal's stays.</summary>
    public const string ChangedHere = "iati.changed_here";

    /// <summary>A field that was changed on both sides, and somebody said that the publisher's is taken.</summary>
    public const string PublisherWins = "iati.publisher_wins";

    /// <summary>Nothing that the portal shows is changed, but something that is published with it.</summary>
    public const string Republished = "iati.republished";

    private readonly ProgrammeMerge merge;

    private IatiRestatement(ProgrammeMerge merge, int line, bool isOlder, bool isPartial)
    {
        (this.merge, IsOlder, IsPartial) = (merge, isOlder, isPartial);
        Said = [.. merge.Changes.Select(c => Say(c, line))];
        if (Said.Count == 0 && !isPartial)
            Said = [new ImportProblem(Republished, line, "iati-activity", null, false)];
    }

    /// <summary>What the programme would report.</summary>
    public ProgrammeReport Merged => merge.Merged;

    /// <summary>Whether that is something else than it reports now.</summary>
    public bool IsChange => merge.Changes.Any(c => c.IsTaken);

    /// <summary>Whether it waits for somebody to say whose word counts, and does nothing until then.</summary>
    public bool IsDispute => merge.Changes.Count > 0 && !IsChange;

    /// <summary>Whether its publisher had changed it since when this was written: nothing of it is taken.</summary>
    public bool IsOlder { get; }

    /// <summary>
    /// Whether it leaves out what the portal withholds from everyone, as the portal's own files do: of that it says nothing, and it does
    /// not take the place of the activity that is kept.
    /// </summary>
    public bool IsPartial { get; }

    /// <summary>Every change and every conflict, as it is told.</summary>
    public IReadOnlyList<ImportProblem> Said { get; }

    /// <summary>Holds an activity against its programme and against what was sent last.</summary>
    /// <param name="programme">The programme.</param>
    /// <param name="source">The activity that was sent last, or null where none is kept.</param>
    /// <param name="activity">The activity that comes now.</param>
    /// <param name="line">Its line in the file.</param>
    /// <param name="told">What was told of it before, with what somebody said of its conflicts.</param>
    public static IatiRestatement Of(
        Programme programme,
        XElement? source,
        IatiActivity activity,
        int line,
        IReadOnlyList<ImportProblem>? told = null
    )
    {
        var last = source is null ? null : IatiActivity.Of(source);
        var wins = (told ?? []).Where(p => p.Code == PublisherWins).Select(p => p.Where).ToHashSet();
        var theirs = activity.ReportAfter(last);
        var spoken = theirs with { Content = Spoken(theirs.Content, last?.Content, programme) };
        return new IatiRestatement(
            ProgrammeMerge.Of(last?.Report, spoken, programme.Report, wins),
            line,
            activity.Updated < last?.Updated,
            !ReferenceEquals(spoken.Content, theirs.Content)
        );
    }

    // A part that is withheld from everyone and not in the file is not done away with.
    private static Programme.Content Spoken(Programme.Content theirs, Programme.Content? last, Programme programme)
    {
        bool IsWithheld(ProgrammeParts part) => programme.PublicParts != ProgrammeParts.None && !programme.PublicParts.Has(part);
        if (last is null)
            return theirs;
        if (IsWithheld(ProgrammeParts.Finance) && theirs.Money.Count == 0 && last.Money.Count > 0)
            theirs = theirs with { Money = last.Money, Currency = last.Currency };
        if (IsWithheld(ProgrammeParts.Results) && theirs.Results.Count == 0 && last.Results.Count > 0)
            theirs = theirs with { Results = last.Results };
        if (IsWithheld(ProgrammeParts.Documents) && theirs.Documents.Count == 0 && last.Documents.Count > 0)
            theirs = theirs with { Documents = last.Documents };
        if (
            IsWithheld(ProgrammeParts.Description)
            && theirs.Sectors.Count == 0
            && theirs.Paragraphs.Count == 0
            && theirs.Description == theirs.Title
            && last.Description != last.Title
        )
            theirs = theirs with
            {
                Description = last.Description,
                Sectors = last.Sectors,
                Paragraphs = last.Paragraphs,
                Participants = last.Participants,
            };
        return theirs;
    }

    /// <summary>Whether it is what was told before.</summary>
    public bool IsAsTold(IReadOnlyList<ImportProblem> told) => told.Where(p => IsOfIt(p.Code)).SequenceEqual(Said);

    /// <summary>Whether a code tells of a change or a conflict.</summary>
    public static bool IsOfIt(string code) => code is Changed or ChangedHere or PublisherWins or Republished;

    private static ImportProblem Say(FieldChange change, int line)
    {
        var (before, after, here) = (change.Before, change.After, change.Here);
        var from = Math.Max(0, Common([before, after, .. here is null ? Array.Empty<string>() : [here]]) - 40);
        return new ImportProblem(
            here is null ? Changed
                : change.IsTaken ? PublisherWins
                : ChangedHere,
            line,
            change.Field,
            Excerpt(after, from),
            false,
            Excerpt(before, from),
            here is null ? null : Excerpt(here, from)
        );
    }

    // Of long texts the place where they begin to differ.
    private static string Excerpt(string text, int from) =>
        ImportProblem.Shown(
            from == 0 || text.Length <= 200 ? text
            : text.Length <= from ? "…"
            : "…" + text[from..]
        )!;

    private static int Common(IReadOnlyList<string> texts)
    {
        var said = texts.Where(t => t.Length > 0).ToList();
        var i = 0;
        while (said.Count > 1 && said.TrueForAll(t => i < t.Length && t[i] == said[0][i]))
            i++;
        return i;
    }
}
