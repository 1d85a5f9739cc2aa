namespace Portal.Domain.Access;

/// <summary>What one step of an explanation says.</summary>
public enum StepKind
{
    /// <summary>The membership is not in force: nothing counts.</summary>
    NotInForce,

    /// <summary>The separation of duties keeps this role out of the section, whatever is granted.</summary>
    Duties,

    /// <summary>The role brings a level.</summary>
    Baseline,

    /// <summary>A grant gives a level.</summary>
    Grant,

    /// <summary>A deny takes it.</summary>
    Deny,

    /// <summary>A grant or deny is for them and does not count: it waits, begins later, has ended or was revoked.</summary>
    NotCounting,

    /// <summary>No level is left in the section.</summary>
    NoLevel,

    /// <summary>What is left does not reach the record's State.</summary>
    OutOfScope,

    /// <summary>The record rule names an audience they are in.</summary>
    RecordRule,

    /// <summary>The record is shown to others only.</summary>
    OtherAudiences,
}

/// <summary>One step of an explanation.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Level">Level brought, where it brings one.</param>
/// <param name="Grant">The grant or deny, where it is one.</param>
/// <param name="Exposure">The record rule, where it is one.</param>
/// <param name="Audiences">Who is shown the record instead.</param>
public sealed record Step(
    StepKind Kind,
    Level Level = Level.None,
    Grant? Grant = null,
    Exposure? Exposure = null,
    IReadOnlyList<Audience>? Audiences = null
);

/// <summary>
/// Why someone may or may not: grant, where it comes from, record rule. Drawn from the decision itself; the level it ends with is the level
/// decided.
/// </summary>
/// <param name="Level">The level decided.</param>
/// <param name="Steps">How it came to that, in order.</param>
public sealed record Explanation(Level Level, IReadOnlyList<Step> Steps)
{
    /// <summary>Explains a section to or about someone.</summary>
    public static Explanation OfSection(Section section, Membership membership, IReadOnlyCollection<Grant> grants, DateTime now)
    {
        var steps = Granted(section, membership, grants, now);
        var level = Actor.Of(membership, "", grants, now).LevelIn(section);
        if (level == Level.None && steps.TrueForAll(s => s.Kind is not (StepKind.Duties or StepKind.NotInForce)))
            steps.Add(new Step(StepKind.NoLevel));
        return new Explanation(level, steps);
    }

    /// <summary>Explains a record to or about someone.</summary>
    public static Explanation OfRecord(IProtected record, Membership membership, IReadOnlyCollection<Grant> grants, DateTime now)
    {
        var section = record.Kind.Section;
        var steps = Granted(section, membership, grants, now);
        var actor = Actor.Of(membership, "", grants, now);
        var decision = Decision.On(record, actor);
        if (decision.Visible)
        {
            steps.AddRange(
                decision
                    .Reasons.GroupBy(r => r.Exposure)
                    .Select(g => new Step(StepKind.RecordRule, g.Max(r => r.Claim?.Level ?? Level.View), Exposure: g.Key))
            );
            return new Explanation(decision.Level, steps);
        }
        if (steps.Exists(s => s.Kind is StepKind.Duties or StepKind.NotInForce))
            return new Explanation(Level.None, steps);
        if (actor.LevelIn(section) == Level.None)
            steps.Add(new Step(StepKind.NoLevel));
        else if (!actor.Claims.Any(c => c.Section == section && c.Scope.Includes(record.StateIso3)))
            steps.Add(new Step(StepKind.OutOfScope));
        else
            steps.Add(new Step(StepKind.OtherAudiences, Audiences: [.. record.Exposures().Select(e => e.Audience)]));
        return new Explanation(Level.None, steps);
    }

    // What the actor's side brings: duties, baseline, grants and denies, whether or not they count.
    private static List<Step> Granted(Section section, Membership membership, IEnumerable<Grant> grants, DateTime now)
    {
        if (!membership.InForce(now))
            return [new Step(StepKind.NotInForce)];
        if (Baseline.Forbids(membership.Role, section))
            return [new Step(StepKind.Duties)];
        var steps = new List<Step>();
        if (Baseline.Of(membership.Role, section) is var level and > Level.None)
            steps.Add(new Step(StepKind.Baseline, level));
        foreach (var grant in grants.Where(g => g.Section == section && g.IsFor(membership)).OrderBy(g => g.Deny).ThenBy(g => g.GrantedAt))
            steps.Add(
                !grant.InForce(now) ? new Step(StepKind.NotCounting, grant.Level, grant)
                : grant.Deny ? new Step(StepKind.Deny, Grant: grant)
                : new Step(StepKind.Grant, grant.Level, grant)
            );
        return steps;
    }
}
