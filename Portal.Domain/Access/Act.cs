namespace Portal.Domain.Access;

/// <summary>
/// Something done to a record: code, states before and after, and why. Who and when are added by the store, from the actor and the clock.
/// </summary>
/// <param name="Code">Stable code such as <c>need.submitted</c>; its words are in the reader's language.</param>
/// <param name="Part">View bit a reader of the record must hold to see this act in its activity.</param>
/// <param name="From">What changed, before: a stage, parts shared, a place held. Codes, never content.</param>
/// <param name="To">The same, after.</param>
/// <param name="Why">Reason or note given, as typed.</param>
/// <param name="Subject">Whom or what it concerned: an audience key or a file name.</param>
/// <param name="Logged">What the log holds in place of the subject where that is text people typed: an identifier.</param>
public sealed record Act(
    string Code,
    int Part,
    string? From = null,
    string? To = null,
    string? Why = null,
    string? Subject = null,
    string? Logged = null
)
{
    /// <summary>Whom it tells. Saving writes the notices.</summary>
    public IEnumerable<Telling> Tells { get; init; } = [];
}

/// <summary>That an audience is told of what was done to a record.</summary>
/// <param name="Audience">Who is told; whoever of them does not see the record does not see the notice.</param>
/// <param name="Code">What they are told, where that is not the act as such: that a need is shared with them, say.</param>
/// <param name="Part">
/// View bit that whoever is told must hold, where the record as such is not enough. Whoever did the act is not told of it then.
/// </param>
public readonly record struct Telling(Audience Audience, string? Code = null, int Part = 0)
{
    /// <summary>An audience is told of the act itself.</summary>
    public static implicit operator Telling(Audience audience) => new(audience);
}

/// <summary>Acts done since a record was loaded. A change without an act is refused by the store: no log, no act.</summary>
public sealed class ActLog
{
    private readonly List<Act> acts = [];
    private readonly List<Act> noted = [];
    private readonly List<(Audience Audience, string Code)> told = [];
    private readonly List<(Audience Audience, string Code, int Part)> toldOfPart = [];

    /// <summary>Whether nothing was done.</summary>
    public bool IsEmpty => acts.Count == 0;

    /// <summary>Adds an act.</summary>
    public void Add(Act act)
    {
        acts.Add(act);
        Tell(act);
    }

    /// <summary>
    /// Notes an act that leaves the record as it was, such as a question about it: it is logged, and whom it tells is told.
    /// </summary>
    public void Note(Act act)
    {
        noted.Add(act);
        Tell(act);
    }

    /// <summary>Tells an audience of this record what was done to another that it belongs to, or what was found.</summary>
    public void Tell(Audience audience, string code) => told.Add((audience, code));

    private void Tell(Act act)
    {
        told.AddRange(act.Tells.Where(t => t.Part == 0).Select(t => (t.Audience, t.Code ?? act.Code)));
        toldOfPart.AddRange(act.Tells.Where(t => t.Part != 0).Select(t => (t.Audience, t.Code ?? act.Code, t.Part)));
    }

    /// <summary>Hands over the acts and forgets them.</summary>
    public IReadOnlyList<Act> Take() => Taken(acts);

    /// <summary>Hands over what was only noted and forgets it.</summary>
    public IReadOnlyList<Act> TakeNoted() => Taken(noted);

    /// <summary>Hands over who is told what, each once however often it was done, and forgets it.</summary>
    public IReadOnlyList<(Audience Audience, string Code)> TakeTold() => [.. Taken(told).Distinct()];

    /// <summary>The same of those who are told only if they hold a part.</summary>
    public IReadOnlyList<(Audience Audience, string Code, int Part)> TakeToldOfPart() => [.. Taken(toldOfPart).Distinct()];

    private static List<T> Taken<T>(List<T> from)
    {
        List<T> taken = [.. from];
        from.Clear();
        return taken;
    }
}

/// <summary>A rule said no. The code has words in all six languages; nothing was changed.</summary>
/// <param name="code">Stable code such as <c>need.not_yours_to_submit</c>.</param>
/// <param name="field">The form field at fault, when there is one.</param>
public sealed class Refusal(string code, string? field = null) : Exception(code)
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;

    /// <summary>Name of the field at fault, or null.</summary>
    public string? Field { get; } = field;

    /// <summary>Refuses when a condition holds.</summary>
    public static void If(bool condition, string code, string? field = null)
    {
        if (condition)
            throw new Refusal(code, field);
    }

    /// <summary>What else is wrong with what was said.</summary>
    public IReadOnlyList<Refusal> Others { get; private init; } = [];

    /// <summary>Everything that is wrong: this, which was found first, and what else is.</summary>
    public IEnumerable<Refusal> All => [Others.Count == 0 ? this : new Refusal(Code, Field), .. Others];

    /// <summary>Refuses for everything that is wrong, so that all of it can be put right at once.</summary>
    public static void IfAny(IReadOnlyList<Refusal> wrong)
    {
        if (wrong is [var first, ..])
            throw new Refusal(first.Code, first.Field) { Others = [.. wrong.Skip(1)] };
    }

    /// <summary>Runs every check and refuses for all that they refuse together.</summary>
    public static void IfAny(params IEnumerable<Action> checks) => IfAny(Collect(checks));

    /// <summary>Runs every check and gathers what each refuses, so that a form can show all its mistakes at once.</summary>
    public static IReadOnlyList<Refusal> Collect(params IEnumerable<Action> checks)
    {
        var refusals = new List<Refusal>();
        foreach (var check in checks)
        {
            try
            {
                check();
            }
            catch (Refusal refusal)
            {
                refusals.AddRange(refusal.All);
            }
        }
        return refusals;
    }

    /// <summary>Refuses unless a condition holds.</summary>
    public static void Unless(bool condition, string code, string? field = null) => If(!condition, code, field);
}

/// <summary>The record does not exist for who asks: hidden and missing are the same answer.</summary>
public sealed class NotFound() : Exception("not found");
