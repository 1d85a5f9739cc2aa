using System.Globalization;
using Portal.Domain.Reference;

namespace Portal.Domain.Assistance;

/// <summary>What is reported of a programme: what it says, and its stage.</summary>
public sealed record ProgrammeReport(Programme.Content Content, ProgrammeStatus Status);

/// <summary>A field in which what the publisher sent and what the portal has differ.</summary>
/// <param name="Field">The field, by the name of the content's own; finance by its kind.</param>
/// <param name="Before">What it was: in the portal, or for a conflict what the publisher had sent last.</param>
/// <param name="After">What the publisher sends now.</param>
/// <param name="Here">For a conflict what the portal has, where it was changed too; else null.</param>
/// <param name="IsTaken">Whether the publisher's takes the place of the portal's.</param>
public sealed record FieldChange(string Field, string Before, string After, string? Here, bool IsTaken);

/// <summary>
/// Brings what a publisher sends together with what was changed in the portal since it was sent last, field by field and line by line. What
/// one side alone changed is taken from that side.
/// What both changed, each in its own way, is a conflict, and stays as the portal has it unless somebody says otherwise.
/// </summary>
public sealed class ProgrammeMerge
{
    private static readonly Programme.Content Nothing = new();

    private static Fields<Programme.Content> Fields => Programme.Content.Fields;

    // What is not judged by itself alone.
    private static readonly IReadOnlyList<Field<Programme.Content>> Texts = [Fields["Title"], Fields["Description"], Fields["Language"]];
    private static readonly IReadOnlyList<(Field<Programme.Content> First, Field<Programme.Content> End)> Spans =
    [
        (Fields["StartPlanned"], Fields["EndPlanned"]),
        (Fields["StartActual"], Fields["EndActual"]),
    ];

    private readonly List<FieldChange> changes = [];
    private readonly Programme.Content? last;
    private readonly Programme.Content theirs;
    private readonly Programme.Content ours;
    private readonly Programme.Content merged;
    private readonly IReadOnlySet<string> publisherWins;

    private ProgrammeMerge(ProgrammeReport? last, ProgrammeReport theirs, ProgrammeReport ours, IReadOnlySet<string> publisherWins)
    {
        static Programme.Content Settled(Programme.Content c) => Fields.Settled(c with { });
        (this.last, this.theirs, this.ours, this.publisherWins) = (
            last is null ? null : Settled(last.Content),
            Settled(theirs.Content),
            Settled(ours.Content),
            publisherWins
        );
        merged = this.ours with { };
        Together(Texts);
        foreach (var (first, end) in Spans)
            Days(first, end);
        var status = Decide("Status", last?.Status.ToString() ?? "", theirs.Status.ToString(), ours.Status.ToString())
            ? theirs.Status
            : ours.Status;
        foreach (
            var field in Fields.Where(f => f.Kind != FieldKind.Lines).Except(Texts).Except(Spans.SelectMany(s => new[] { s.First, s.End }))
        )
            One(field);
        Merged = new ProgrammeReport(
            merged with
            {
                Participants = Lines(
                    "Participants",
                    c => c.Participants,
                    p => (p.Role, p.Identifier ?? p.Name),
                    p => string.Join(" · ", new[] { p.Role.ToString(), p.Name, p.Identifier }.OfType<string>())
                ),
                Money = Money(),
                Results = Lines(
                    "Results",
                    c => c.Results,
                    r => (r.Kind, r.Title),
                    r => $"{r.Title} · {r.Target ?? "–"} / {r.Actual ?? "–"}",
                    Blend
                ),
                Documents = Lines("Documents", c => c.Documents, d => d.Address, d => $"{d.Title} · {d.Address}"),
            },
            status
        );
    }

    /// <summary>What comes of it.</summary>
    public ProgrammeReport Merged { get; }

    /// <summary>Every field in which it differs from what the portal has, and every conflict.</summary>
    public IReadOnlyList<FieldChange> Changes => changes;

    /// <summary>Brings three reports together.</summary>
    /// <param name="last">
    /// What the publisher sent last; null where that is not known, and then nothing that the portal has is taken for out of date.
    /// </param>
    /// <param name="theirs">What the publisher sends now.</param>
    /// <param name="ours">What the portal has.</param>
    /// <param name="publisherWins">Fields whose conflicts somebody settled for the publisher.</param>
    public static ProgrammeMerge Of(
        ProgrammeReport? last,
        ProgrammeReport theirs,
        ProgrammeReport ours,
        IReadOnlySet<string>? publisherWins = null
    ) => new(last, theirs, ours, publisherWins ?? new HashSet<string>());

    private Programme.Content Last => last ?? Nothing;

    // Whether the publisher's is taken, of values that are as they read.
    private bool Decide(string field, string before, string after, string here)
    {
        if (after == before || after == here)
            return false;
        var isConflict = here != before;
        var isTaken = !isConflict || publisherWins.Contains(field);
        changes.Add(new FieldChange(field, isConflict ? before : here, after, isConflict ? here : null, isTaken));
        return isTaken;
    }

    private void One(Field<Programme.Content> field)
    {
        if (Decide(field.Name, field.Say(Last), field.Say(theirs), field.Say(ours)))
            Take(theirs, field);
    }

    private void Take(Programme.Content from, params IReadOnlyList<Field<Programme.Content>> fields)
    {
        foreach (var field in fields)
            field.Set(merged, field.Get(from));
    }

    // Title and description are of one language. Where that is not the same throughout they are changed together or not at all, so that no
    // text is said to be in a language it is not in.
    private void Together(IReadOnlyList<Field<Programme.Content>> texts)
    {
        bool Same(Programme.Content a, Programme.Content b) => texts.All(f => f.Say(a) == f.Say(b));
        static string Say(Programme.Content c) => $"{c.Language.Tag()}: {c.Title} · {c.Description}";
        if (theirs.Language == ours.Language && (last is null || last.Language == ours.Language))
            foreach (var field in texts)
                One(field);
        else if (last is not null && Same(theirs, last))
            return;
        else if (last is not null && Same(ours, last))
        {
            foreach (var field in texts.Where(f => f.Say(theirs) != f.Say(ours)))
                changes.Add(new FieldChange(field.Name, field.Say(ours), field.Say(theirs), null, true));
            Take(theirs, texts);
        }
        else if (Decide("Title", last is null ? "" : Say(last), Say(theirs), Say(ours)))
            Take(theirs, texts);
    }

    // A first and a last day, each by itself unless that would turn them around.
    private void Days(Field<Programme.Content> from, Field<Programme.Content> to)
    {
        var before = changes.Count;
        One(from);
        One(to);
        if ((DateOnly?)to.Get(merged) >= (DateOnly?)from.Get(merged) || from.Get(merged) is null || to.Get(merged) is null)
            return;
        changes.RemoveRange(before, changes.Count - before);
        string Both(Programme.Content c) => $"{from.Say(c)} – {to.Say(c)}";
        var isTaken = publisherWins.Contains(from.Name);
        changes.Add(new FieldChange(from.Name, Both(Last), Both(theirs), Both(ours), isTaken));
        Take(isTaken ? theirs : ours, from, to);
    }

    private IReadOnlyList<MoneyLine> Money()
    {
        var before = changes.Count;
        var lines = Enum.GetValues<MoneyKind>()
            .SelectMany(kind =>
                Lines<MoneyLine>(
                    "Money." + kind,
                    c => [.. c.Money.Where(m => m.Kind == kind)],
                    m => (m.Date, m.Until, m.Currency),
                    m =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{m.Date:yyyy-MM-dd}{(m.Until is { } until ? $"/{until:yyyy-MM-dd}" : "")} {m.Amount:0.############} {m.Currency}"
                        )
                )
            )
            .ToList();
        return changes.Skip(before).Any(c => c.IsTaken) ? lines : ours.Money;
    }

    // A list, line by line: lines that stand for the same thing are held against each other, whatever their order.
    private IReadOnlyList<T> Lines<T>(
        string field,
        Func<Programme.Content, IReadOnlyList<T>> of,
        Func<T, object> key,
        Func<T, string> say,
        Func<T, T, T, T?>? blend = null
    )
        where T : class
    {
        var (before, after, here) = (of(Last), of(theirs), of(ours));
        if (Same(after, before) || Same(after, here))
            return here;
        if (Same(here, before))
        {
            changes.Add(new FieldChange(field, Say(Without(here, after)), Say(Without(after, here)), null, true));
            return after;
        }
        var isTaken = publisherWins.Contains(field);
        // Where it is not known what the publisher sent last, the list is one thing.
        if (last is null)
        {
            changes.Add(new FieldChange(field, "", Say(after), Say(here), isTaken));
            return isTaken ? after : here;
        }
        var (was, sent, has) = (before.ToLookup(key), after.ToLookup(key), here.ToLookup(key));
        var (merged, plain, disputed) = (new List<T>(), new List<T>(), new List<object>());
        foreach (var one in here.Select(key).Concat(after.Select(key)).Distinct())
        {
            List<T> b = [.. was[one]],
                t = [.. sent[one]],
                o = [.. has[one]];
            if (Same(t, b) || Same(t, o))
                plain.AddRange(o);
            else if (Same(o, b))
                plain.AddRange(t);
            else if (
                blend is not null
                && b is [var lastLine]
                && t is [var theirLine]
                && o is [var ourLine]
                && blend(lastLine, theirLine, ourLine) is { } both
            )
                plain.Add(both);
            else
            {
                disputed.Add(one);
                merged.AddRange(isTaken ? t : o);
            }
        }
        var there = here.Where(h => !disputed.Contains(key(h))).ToList();
        if (!Same(plain, there))
            changes.Add(new FieldChange(field, Say(Without(there, plain)), Say(Without(plain, there)), null, true));
        if (disputed.Count > 0)
            changes.Add(
                new FieldChange(
                    field,
                    Say(disputed.SelectMany(k => was[k])),
                    Say(disputed.SelectMany(k => sent[k])),
                    Say(disputed.SelectMany(k => has[k])),
                    isTaken
                )
            );
        merged.InsertRange(0, plain);
        return Same(merged, here) ? here : merged;

        string Say(IEnumerable<T> lines) => string.Join("; ", lines.Select(say));
    }

    // A target is set once and what was reached is reported again and again: one side may have changed the one, the other side the other.
    private static ResultLine? Blend(ResultLine last, ResultLine theirs, ResultLine ours)
    {
        static bool Agree(string? last, string? theirs, string? ours, out string? both)
        {
            both = theirs == last ? ours : theirs;
            return theirs == last || ours == last || ours == theirs;
        }
        return
            Agree(last.Target, theirs.Target, ours.Target, out var target) && Agree(last.Actual, theirs.Actual, ours.Actual, out var actual)
            ? ours with
            {
                Target = target,
                Actual = actual,
            }
            : null;
    }

    private static bool Same<T>(IReadOnlyList<T> a, IReadOnlyList<T> b)
        where T : class => a.Count == b.Count && (a.SequenceEqual(b) || Without(a, b).Count == 0);

    // What is in one list and not in another, as often as it is there more often.
    private static List<T> Without<T>(IReadOnlyList<T> all, IReadOnlyList<T> those)
        where T : class
    {
        var left = those.CountBy(x => x).ToDictionary(x => x.Key, x => x.Value);
        var rest = new List<T>();
        foreach (var one in all)
            if (left.GetValueOrDefault(one) is > 0 and var n)
                left[one] = n - 1;
            else
                rest.Add(one);
        return rest;
    }
}
