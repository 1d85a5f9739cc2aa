using Portal.Domain.Access;

namespace Portal.Domain.Committee;

/// <summary>How a circulation stands.</summary>
public enum CirculationStatus
{
    /// <summary>Its days run, or are held.</summary>
    Open,

    /// <summary>Its days have passed without an objection.</summary>
    Passed,

    /// <summary>A delegation objected.</summary>
    Objected,

    /// <summary>The secretariat took it back.</summary>
    Recalled,

    /// <summary>The body takes it up in a meeting: silence decides nothing any more.</summary>
    TakenUp,

    /// <summary>The body, in a meeting, gave it back.</summary>
    Returned,
}

/// <summary>
/// A frozen edition of a record before a body for a number of working days, at the end of which silence decides. It ends once: by the
/// clock, by an objection, in a meeting, or because it is recalled; afterwards nothing is done in it. It never closes early, whoever has
/// said what.
/// </summary>
/// <remarks>
/// <see cref="ClosesAt"/> is the closing if nothing more is done. A hold ends by lapse at the latest, so there always is one, and on its
/// day no hold is in force: what the clock brings about needs no job that runs on time. Who may act is for the record to say.
/// </remarks>
public sealed class Circulation
{
    /// <summary>The fewest working days.</summary>
    public const int ShortestDays = 1;

    /// <summary>The most working days.</summary>
    public const int LongestDays = 60;

    /// <summary>Working days, where nothing else is chosen.</summary>
    public const int UsualDays = 5;

    /// <summary>Longest reason or remark.</summary>
    public const int LongestReason = 4000;

    /// <summary>Longest name of a meeting.</summary>
    public const int LongestMeeting = 200;

    /// <summary>Months after which a hold lapses.</summary>
    public const int HoldMonths = 6;

    private readonly List<CirculationStep> steps = [];

    private Circulation() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The record.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>Who is asked.</summary>
    public Body Body { get; private set; }

    /// <summary>Which round of this record before this body it is, from 1.</summary>
    public int Round { get; private set; }

    /// <summary>Number of the frozen edition.</summary>
    public int Edition { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime OpenedAt { get; private set; }

    /// <summary>The day at Headquarters on which it was opened; the day after is the first that may count.</summary>
    public DateOnly OpenedOn { get; private set; }

    /// <summary>How many days have to count.</summary>
    public int Days { get; private set; }

    /// <summary>How it stands as far as it is written down; what the clock says is <see cref="StatusAt"/>.</summary>
    public CirculationStatus Status { get; private set; }

    /// <summary>
    /// When it closes if nothing more is done (UTC): from this moment on it has passed. Stays as it was when it ends otherwise.
    /// </summary>
    public DateTime ClosesAt { get; private set; }

    /// <summary>When it ended (UTC) as far as it is written down; what the clock says is <see cref="EndedAtAsOf"/>.</summary>
    public DateTime? EndedAt { get; private set; }

    /// <summary>Why it was recalled or given back.</summary>
    public string? EndReason { get; private set; }

    /// <summary>The meeting in which the body decides: its number and day; null where silence does.</summary>
    public string? Meeting { get; private set; }

    /// <summary>What delegations did, in order.</summary>
    public IReadOnlyList<CirculationStep> Steps => [.. steps.OrderBy(s => s.Number)];

    /// <summary>Puts an edition before a body.</summary>
    /// <exception cref="Refusal"><c>circulation.days_out_of_range</c>.</exception>
    public static Circulation Open(Guid recordId, Body body, int round, int edition, int days, DateTime now, Headquarters hq)
    {
        Refusal.If(days is < ShortestDays or > LongestDays, "circulation.days_out_of_range", nameof(Days));
        var today = hq.Today(now);
        return new Circulation
        {
            RecordId = recordId,
            Body = body,
            Round = round,
            Edition = edition,
            OpenedAt = now,
            OpenedOn = today,
            Days = days,
            ClosesAt = hq.CloseOf(CirculationClock.Due(today, days, [], hq)),
        };
    }

    /// <summary>How it stands at a moment, whether or not anything has written it down by then.</summary>
    public CirculationStatus StatusAt(DateTime now) =>
        Status == CirculationStatus.Open && ClosesAt <= now ? CirculationStatus.Passed : Status;

    /// <summary>When it ended, as of a moment: what has passed ended at its closing, however late that is looked at.</summary>
    public DateTime? EndedAtAsOf(DateTime now) => EndedAt ?? (ClosesAt <= now ? ClosesAt : null);

    /// <summary>Whether a delegation's hold is in force at a moment.</summary>
    public bool HeldBy(int organisation, DateTime now) => HoldsAt(now).Any(h => h.OrganisationNumber == organisation);

    /// <summary>Holds in force at a moment, in the order in which they were placed.</summary>
    public IReadOnlyList<CirculationStep> HoldsAt(DateTime now) =>
        [.. Steps.Where(s => s.Act == StepAct.Hold && s.At <= now && now < EndOf(s))];

    /// <summary>
    /// Whether a delegation's word that it has nothing against it stands. A hold takes that back, and once it is lifted the word may be
    /// given again.
    /// </summary>
    public bool HasSaidNoObjection(int organisation) =>
        Steps.LastOrDefault(s => s.OrganisationNumber == organisation && s.Act is StepAct.NoObjection or StepAct.Hold)
            is { Act: StepAct.NoObjection };

    /// <summary>
    /// A delegation asks for time, with or without saying why: from today on no day counts until it lifts the hold or it lapses.
    /// </summary>
    /// <exception cref="Refusal"><c>circulation.already_held</c>, or what every step may be refused for.</exception>
    public void Hold(StepBy by, string? reason, DateTime now, Headquarters hq)
    {
        DemandOpen(by, now);
        Refusal.If(HeldBy(by.OrganisationNumber, now), "circulation.already_held");
        var longest = now.AddMonths(HoldMonths);
        Add(by, StepAct.Hold, Text.Optional(reason, LongestReason, nameof(CirculationStep.Reason)), now, Earlier(by.SeatUntil, longest));
        Count(hq, now);
    }

    /// <summary>
    /// A delegation ends its own hold; nobody else does. Days count again from tomorrow, unless another delegation's is in force.
    /// </summary>
    /// <exception cref="Refusal"><c>circulation.nothing_to_lift</c>, or what every step may be refused for.</exception>
    public void Lift(StepBy by, string? reason, DateTime now, Headquarters hq)
    {
        DemandOpen(by, now);
        Refusal.Unless(HeldBy(by.OrganisationNumber, now), "circulation.nothing_to_lift");
        Add(by, StepAct.Lift, Text.Optional(reason, LongestReason, nameof(CirculationStep.Reason)), now);
        Count(hq, now);
    }

    /// <summary>A delegation objects, holding or not: the round ends at once, and whatever is held with it.</summary>
    /// <exception cref="Refusal"><c>circulation.reason_required</c>, or what every step may be refused for.</exception>
    public void Object(StepBy by, string? reason, DateTime now)
    {
        DemandOpen(by, now);
        Add(by, StepAct.Object, Reason(reason), now);
        End(CirculationStatus.Objected, now);
    }

    /// <summary>
    /// A delegation says that it has looked and has nothing against it. Refused while it holds: who reads the list would see it ask for
    /// time and do without it at once, and its hold would still stop the days.
    /// </summary>
    /// <exception cref="Refusal">
    /// <c>circulation.lift_first</c> or <c>circulation.already_said</c>, or what every step may be refused for.
    /// </exception>
    public void SayNoObjection(StepBy by, DateTime now)
    {
        DemandOpen(by, now);
        Refusal.If(HeldBy(by.OrganisationNumber, now), "circulation.lift_first");
        Refusal.If(HasSaidNoObjection(by.OrganisationNumber), "circulation.already_said");
        Add(by, StepAct.NoObjection, null, now);
    }

    /// <summary>A delegation says something to the others.</summary>
    /// <exception cref="Refusal">What every step may be refused for, or what <see cref="Text.Required"/> says.</exception>
    public void Remark(StepBy by, string text, DateTime now)
    {
        DemandOpen(by, now);
        Add(by, StepAct.Remark, Text.Required(text, LongestReason, nameof(CirculationStep.Reason)), now);
    }

    /// <summary>The secretariat takes it back, held or not.</summary>
    /// <exception cref="Refusal"><c>circulation.over</c> or <c>circulation.reason_required</c>.</exception>
    public void Recall(string reason, DateTime now)
    {
        // From a meeting, too, that never takes place.
        Refusal.Unless(StatusAt(now) is CirculationStatus.Open or CirculationStatus.TakenUp, "circulation.over");
        EndReason = Reason(reason);
        End(CirculationStatus.Recalled, now);
    }

    /// <summary>The secretariat gives the body more days than it was opened for; never fewer.</summary>
    /// <exception cref="Refusal"><c>circulation.over</c>, <c>circulation.days_out_of_range</c> or <c>circulation.only_longer</c>.</exception>
    public void Extend(int days, DateTime now, Headquarters hq)
    {
        DemandOpen(now);
        Refusal.If(days is < ShortestDays or > LongestDays, "circulation.days_out_of_range", nameof(Days));
        Refusal.If(days <= Days, "circulation.only_longer", nameof(Days));
        Days = days;
        Count(hq, now);
    }

    /// <summary>The body takes it up in a meeting, held or not: from now on silence decides nothing.</summary>
    /// <param name="meeting">Which meeting: its number and day.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal"><c>circulation.over</c>, or no meeting is named.</exception>
    public void TakeUp(string meeting, DateTime now)
    {
        // Another time where the meeting is another.
        Refusal.Unless(StatusAt(now) is CirculationStatus.Open or CirculationStatus.TakenUp, "circulation.over");
        Meeting = Text.RequiredLine(meeting, LongestMeeting, nameof(Meeting));
        End(CirculationStatus.TakenUp, now);
    }

    /// <summary>What the body decided in a meeting on what it had taken up.</summary>
    /// <param name="whyNot">Why it was given back; null where the body agreed.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal"><c>circulation.not_taken_up</c> or <c>circulation.reason_required</c>.</exception>
    public void Decide(string? whyNot, DateTime now)
    {
        Refusal.Unless(Status == CirculationStatus.TakenUp, "circulation.not_taken_up");
        if (whyNot is not null)
            EndReason = Reason(whyNot);
        End(whyNot is null ? CirculationStatus.Passed : CirculationStatus.Returned, now);
    }

    /// <summary>Writes down that it has passed, once it has: the same on time and a week late, and safe to ask for twice.</summary>
    public void Settle(DateTime now)
    {
        if (StatusAt(now) == CirculationStatus.Passed)
            End(CirculationStatus.Passed, ClosesAt);
    }

    /// <summary>
    /// The calendar was changed while it runs. What has passed stays passed. A further holiday moves the closing, be it today; one that is
    /// taken away brings it forward to tomorrow at the earliest, unless it was to close today anyhow: no delegation finds that its time is
    /// over which this morning it still had.
    /// </summary>
    public void Recount(Headquarters hq, DateTime now)
    {
        if (StatusAt(now) == CirculationStatus.Open)
            Count(hq, now);
    }

    /// <summary>
    /// A delegation's seat ends at another moment than was known: a hold of its lapses then, and after six months at the latest. Where an
    /// end is only learned afterwards it lapses now, since until now it kept others from acting as if the days ran.
    /// </summary>
    /// <param name="organisation">Number of the delegation.</param>
    /// <param name="at">When the seat ends (UTC, exclusive); null is without end.</param>
    /// <param name="hq">Days at Headquarters.</param>
    /// <param name="now">UTC.</param>
    /// <returns>Whether a hold lapses at another moment than before.</returns>
    public bool SeatEnds(int organisation, DateTime? at, Headquarters hq, DateTime now)
    {
        if (StatusAt(now) != CirculationStatus.Open)
            return false;
        if (HoldsAt(now).FirstOrDefault(h => h.OrganisationNumber == organisation) is not { } hold)
            return false;
        var lapses = Earlier(at, hold.At.AddMonths(HoldMonths));
        if (lapses < now)
            lapses = now;
        if (lapses == hold.Lapses)
            return false;
        hold.LapseAt(lapses);
        Count(hq, now);
        return true;
    }

    // A day that counts and is the due one or later; but not today, on which somebody may rely on a later closing, unless that is when it
    // closes already. Only a change of the calendar makes the due day one that is past.
    private void Count(Headquarters hq, DateTime now)
    {
        var today = hq.Today(now);
        var holds = steps.Where(s => s.Act == StepAct.Hold).Select(h => new Pause(h.At, EndOf(h)));
        var due = CirculationClock.Counting(OpenedOn, holds, hq).Skip(Days - 1).First(day => day > today || hq.CloseOf(day) == ClosesAt);
        ClosesAt = hq.CloseOf(due);
    }

    // When it is lifted, else when it lapses, and with the round at the latest.
    private DateTime EndOf(CirculationStep hold)
    {
        var lifted = steps.Where(s => s.Act == StepAct.Lift && s.OrganisationNumber == hold.OrganisationNumber && s.Number > hold.Number);
        return lifted.Select(s => s.At).Append(hold.Lapses!.Value).Append(EndedAt ?? DateTime.MaxValue).Min();
    }

    private void DemandOpen(DateTime now) => Refusal.Unless(StatusAt(now) == CirculationStatus.Open, "circulation.over");

    private void DemandOpen(StepBy by, DateTime now)
    {
        DemandOpen(now);
        Refusal.If(by.SeatUntil <= now, "circulation.seat_over");
    }

    private void Add(StepBy by, StepAct act, string? reason, DateTime at, DateTime? lapses = null) =>
        steps.Add(new CirculationStep(steps.Count + 1, by, act, reason, at, lapses));

    private void End(CirculationStatus status, DateTime at) => (Status, EndedAt) = (status, at);

    private static string Reason(string? reason)
    {
        var text = Text.Optional(reason, LongestReason, nameof(CirculationStep.Reason));
        Refusal.If(text is null, "circulation.reason_required", nameof(CirculationStep.Reason));
        return text!;
    }

    private static DateTime Earlier(DateTime? one, DateTime other) => one < other ? one.Value : other;
}
