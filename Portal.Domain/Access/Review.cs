namespace Portal.Domain.Access;

/// <summary>What a review goes through: everything given to one kind of organisation, or every grant in one section.</summary>
public sealed record ReviewSubject
{
    private ReviewSubject(OrganisationKind? kind, Section? section) => (Kind, Section) = (kind, section);

    /// <summary>The kind of organisation, if it is one: memberships in it, and grants to it, its people and its roles.</summary>
    public OrganisationKind? Kind { get; }

    /// <summary>The section, if it is one: the grants in it.</summary>
    public Section? Section { get; }

    /// <summary>Everything given to a kind of organisation.</summary>
    public static ReviewSubject Of(OrganisationKind kind) => new(kind, null);

    /// <summary>Every grant in a section.</summary>
    public static ReviewSubject Of(Section section) => new(null, section);

    /// <summary>Everything that can be reviewed.</summary>
    public static readonly IReadOnlyList<ReviewSubject> All =
    [
        .. Enum.GetValues<OrganisationKind>().Select(Of),
        .. Sections.Open.Select(Of),
    ];

    // A database may name a section that has no pages any more, or not yet.
    private static readonly IReadOnlyList<ReviewSubject> Known = [.. All.Union(Enum.GetValues<Section>().Select(Of))];

    /// <summary>Its name as stored and in addresses: <c>kind-Provider</c>, <c>section-Needs</c>.</summary>
    public string Key => Kind is { } kind ? "kind-" + kind : "section-" + Section;

    /// <summary>The subject of a name, or null.</summary>
    public static ReviewSubject? Find(string? key) => Known.FirstOrDefault(s => s.Key == key);

    /// <inheritdoc/>
    public override string ToString() => Key;
}

/// <summary>What becomes of what nobody has confirmed by the deadline.</summary>
public enum ReviewSilence
{
    /// <summary>It lapses.</summary>
    Lapse,

    /// <summary>It stays, and the report says so.</summary>
    Report,
}

/// <summary>How a review stands.</summary>
public enum ReviewStatus
{
    /// <summary>Reviewers answer.</summary>
    Open,

    /// <summary>The deadline has passed, or every row was answered.</summary>
    Closed,

    /// <summary>Called off; nothing lapsed.</summary>
    Cancelled,
}

/// <summary>
/// A review of who may still enter what (recertification): each membership and grant of its subject is kept or removed by the deadline;
/// what nobody
/// has confirmed by then lapses, or stays and is reported.
/// </summary>
public sealed class ReviewCampaign
{
    private ReviewCampaign() { }

    /// <summary>Days to answer unless others are chosen.</summary>
    public const int UsualDays = 30;

    /// <summary>Most days to answer.</summary>
    public const int MostDays = 180;

    /// <summary>Reviewers whose rows wait are reminded when so much is left.</summary>
    public static readonly IReadOnlyList<TimeSpan> Reminders = [TimeSpan.FromDays(14), TimeSpan.FromDays(3)];

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>What it goes through.</summary>
    public ReviewSubject Subject { get; private set; } = null!;

    /// <summary>What becomes of rows without an answer.</summary>
    public ReviewSilence Silence { get; private set; }

    /// <summary>How it stands.</summary>
    public ReviewStatus Status { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime StartedAt { get; private set; }

    /// <summary>Who started it; null where its time had come.</summary>
    public Guid? StartedBy { get; private set; }

    /// <summary>UTC; answers count until then.</summary>
    public DateTime Deadline { get; private set; }

    /// <summary>How many of <see cref="Reminders"/> have been sent, or passed before it began.</summary>
    public int Reminded { get; private set; }

    /// <summary>UTC; null while it is open.</summary>
    public DateTime? EndedAt { get; private set; }

    /// <summary>Who ended it; null for the deadline.</summary>
    public Guid? EndedBy { get; private set; }

    /// <summary>Concurrency token.</summary>
    public Guid Version { get; private set; } = Guid.CreateVersion7();

    /// <summary>Starts a review.</summary>
    /// <param name="subject">What it goes through.</param>
    /// <param name="silence">What becomes of rows without an answer.</param>
    /// <param name="deadline">UTC.</param>
    /// <param name="by">Who starts it; null where its time has come.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">The deadline is past or too far away.</exception>
    public static ReviewCampaign Start(ReviewSubject subject, ReviewSilence silence, DateTime deadline, Guid? by, DateTime now)
    {
        DemandDeadline(deadline, now);
        var campaign = new ReviewCampaign
        {
            Subject = subject,
            Silence = silence,
            StartedAt = now,
            StartedBy = by,
            Deadline = deadline,
        };
        // Who has just been told of it is not reminded at once.
        campaign.Reminded = campaign.RemindersDue(now);
        return campaign;
    }

    /// <summary>Whether rows may be answered at a moment (UTC).</summary>
    public bool IsOpen(DateTime at) => Status == ReviewStatus.Open && at < Deadline;

    /// <summary>Whether its deadline has passed and it waits to be closed.</summary>
    public bool IsOver(DateTime at) => Status == ReviewStatus.Open && at >= Deadline;

    /// <summary>Sets another deadline.</summary>
    public void MoveDeadline(DateTime deadline, DateTime now)
    {
        Refusal.Unless(IsOpen(now), "review.ended");
        DemandDeadline(deadline, now);
        Deadline = deadline;
        Reminded = RemindersDue(now);
        Version = Guid.CreateVersion7();
    }

    /// <summary>Whether a reminder is due at a moment (UTC).</summary>
    public bool IsReminderDue(DateTime at) => IsOpen(at) && RemindersDue(at) > Reminded;

    /// <summary>Notes that reviewers are reminded; several that are due count as one.</summary>
    public void Remind(DateTime now)
    {
        Refusal.Unless(IsReminderDue(now), "review.no_reminder_due");
        (Reminded, Version) = (RemindersDue(now), Guid.CreateVersion7());
    }

    private int RemindersDue(DateTime at) => Reminders.Count(left => at >= Deadline - left);

    /// <summary>Ends it: at the deadline, or before once nothing waits.</summary>
    /// <param name="waiting">How many rows wait for an answer.</param>
    /// <param name="by">Who ends it; null at the deadline.</param>
    /// <param name="now">UTC.</param>
    public void Close(int waiting, Guid? by, DateTime now)
    {
        Refusal.If(Status == ReviewStatus.Open && now < Deadline && waiting > 0, "review.rows_wait");
        End(ReviewStatus.Closed, by, now);
    }

    /// <summary>Calls it off; what waits stays as it is.</summary>
    public void Cancel(Guid by, DateTime now) => End(ReviewStatus.Cancelled, by, now);

    private void End(ReviewStatus to, Guid? by, DateTime now)
    {
        Refusal.If(Status != ReviewStatus.Open, "review.ended");
        (Status, EndedAt, EndedBy, Version) = (to, now, by, Guid.CreateVersion7());
    }

    private static void DemandDeadline(DateTime deadline, DateTime now)
    {
        Refusal.If(deadline <= now, "review.deadline_over", nameof(Deadline));
        Refusal.If(deadline > now.AddDays(MostDays), "review.deadline_far", nameof(Deadline));
    }
}

/// <summary>What became of one row of a review.</summary>
public enum ReviewOutcome
{
    /// <summary>Nobody has answered.</summary>
    Waiting,

    /// <summary>A reviewer confirmed it.</summary>
    Kept,

    /// <summary>A reviewer took it away.</summary>
    Removed,

    /// <summary>Nobody confirmed it, and it ended.</summary>
    Lapsed,

    /// <summary>Nobody confirmed it, and it stays.</summary>
    Unconfirmed,

    /// <summary>Nobody confirmed it; it stays since nobody else would be left who can let people in.</summary>
    Spared,

    /// <summary>It had ended by then in another way.</summary>
    Gone,
}

/// <summary>One row of a review: a membership or a grant that is kept or removed.</summary>
public sealed class ReviewItem
{
    private ReviewItem() { }

    /// <summary>Longest reason, in characters.</summary>
    public const int LongestReason = 2000;

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The review.</summary>
    public Guid CampaignId { get; private set; }

    /// <summary>The membership, if it is one.</summary>
    public Guid? MembershipId { get; private set; }

    /// <summary>The grant, if it is one.</summary>
    public Guid? GrantId { get; private set; }

    /// <summary>Whose, where it is one person's.</summary>
    public Guid? PersonId { get; private set; }

    /// <summary>In or to which organisation, where it is one.</summary>
    public Guid? OrganisationId { get; private set; }

    /// <summary>In or to which role, where it is one.</summary>
    public Role? Role { get; private set; }

    /// <summary>Whether those who manage the contributors of the organisation may answer, besides access managers.</summary>
    public bool ToDelegate { get; private set; }

    /// <summary>What it was when the review began, in the codes of the log.</summary>
    public string What { get; private set; } = "";

    /// <summary>What became of it.</summary>
    public ReviewOutcome Outcome { get; private set; }

    /// <summary>Who answered; null for the deadline.</summary>
    public Guid? AnsweredBy { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime? AnsweredAt { get; private set; }

    /// <summary>Why, as typed.</summary>
    public string? Why { get; private set; }

    /// <summary>Concurrency token.</summary>
    public Guid Version { get; private set; } = Guid.CreateVersion7();

    /// <summary>The row of a membership, its organisation loaded.</summary>
    public static ReviewItem Of(ReviewCampaign campaign, Membership membership) =>
        new()
        {
            CampaignId = campaign.Id,
            MembershipId = membership.Id,
            PersonId = membership.PersonId,
            OrganisationId = membership.OrganisationId,
            Role = membership.Role,
            ToDelegate = Enum.GetValues<Role>().Any(r => Delegation.Of(r) == membership.Role),
            What = membership.Place,
        };

    /// <summary>The row of a grant.</summary>
    public static ReviewItem Of(ReviewCampaign campaign, Grant grant) =>
        new()
        {
            CampaignId = campaign.Id,
            GrantId = grant.Id,
            PersonId = grant.PersonId,
            OrganisationId = grant.OrganisationId,
            Role = grant.Role,
            What = $"{grant.Section}:{grant.Level}",
        };

    /// <summary>Whether a row may go from one outcome to another. What was kept may still be removed; all else is final.</summary>
    public static bool CanMove(ReviewOutcome from, ReviewOutcome to) =>
        from switch
        {
            ReviewOutcome.Waiting => to != ReviewOutcome.Waiting,
            ReviewOutcome.Kept => to is ReviewOutcome.Removed,
            ReviewOutcome.Removed or ReviewOutcome.Lapsed or ReviewOutcome.Unconfirmed or ReviewOutcome.Spared or ReviewOutcome.Gone =>
                false,
        };

    /// <summary>
    /// Whether it is for an actor to answer, their own access apart: access managers answer all, by delegation one answers for one's own
    /// contributors.
    /// </summary>
    public bool IsFor(Actor actor) =>
        actor.LevelIn(Section.Access) >= Level.Manage
        || (
            ToDelegate
            && actor.Membership is { } own
            && own.OrganisationId == OrganisationId
            && Delegation.Of(own.Role) is { } role
            && role == Role
        );

    /// <summary>Whether it is what someone has by one of these memberships of theirs.</summary>
    public bool IsOwn(IEnumerable<Membership> own) =>
        own.Any(m =>
            PersonId is { } person ? person == m.PersonId
            : OrganisationId is { } organisation ? organisation == m.OrganisationId
            : Role == m.Role
        );

    /// <summary>A reviewer confirms it.</summary>
    /// <param name="reviewer">Who.</param>
    /// <param name="own">Every membership of theirs: nobody confirms their own access.</param>
    /// <param name="why">A note, if there is one.</param>
    /// <param name="now">UTC.</param>
    public void Keep(Actor reviewer, IEnumerable<Membership> own, string? why, DateTime now) =>
        Answer(ReviewOutcome.Kept, reviewer, own, Text.Optional(why, LongestReason, "Reason"), now);

    /// <summary>A reviewer takes it away; the caller ends the membership or revokes the grant with it.</summary>
    /// <inheritdoc cref="Keep" path="/param"/>
    public void Remove(Actor reviewer, IEnumerable<Membership> own, string? why, DateTime now) =>
        Answer(ReviewOutcome.Removed, reviewer, own, Text.Required(why, LongestReason, "Reason"), now);

    private void Answer(ReviewOutcome to, Actor reviewer, IEnumerable<Membership> own, string? why, DateTime now)
    {
        Refusal.Unless(IsFor(reviewer), "review.not_yours");
        Refusal.If(IsOwn(own), "review.own");
        Move(to, reviewer.PersonId, now);
        Why = why;
    }

    /// <summary>The deadline has passed without an answer, or what it was about has ended.</summary>
    /// <param name="to">
    /// <see cref="ReviewOutcome.Lapsed"/>, <see cref="ReviewOutcome.Unconfirmed"/>, <see cref="ReviewOutcome.Spared"/> or <see
    /// cref="ReviewOutcome.Gone"/>.
    /// </param>
    /// <param name="now">UTC.</param>
    public void Settle(ReviewOutcome to, DateTime now)
    {
        Refusal.If(to is ReviewOutcome.Waiting or ReviewOutcome.Kept or ReviewOutcome.Removed, "review.answered");
        Move(to, null, now);
    }

    private void Move(ReviewOutcome to, Guid? by, DateTime now)
    {
        Refusal.Unless(CanMove(Outcome, to), "review.answered");
        (Outcome, AnsweredBy, AnsweredAt, Version) = (to, by, now, Guid.CreateVersion7());
    }
}

/// <summary>How often a subject is reviewed by itself.</summary>
public sealed class ReviewRhythm
{
    private ReviewRhythm() { }

    /// <summary>Months between reviews unless others are set.</summary>
    public const int UsualMonths = 6;

    /// <summary>Most months between reviews.</summary>
    public const int MostMonths = 24;

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>What is reviewed.</summary>
    public ReviewSubject Subject { get; private set; } = null!;

    /// <summary>Whether reviews start by themselves.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Months from one to the next.</summary>
    public int Months { get; private set; }

    /// <summary>Days to answer.</summary>
    public int Days { get; private set; }

    /// <summary>What becomes of rows without an answer.</summary>
    public ReviewSilence Silence { get; private set; }

    /// <summary>UTC; the next one starts then.</summary>
    public DateTime NextAt { get; private set; }

    /// <summary>Concurrency token.</summary>
    public Guid Version { get; private set; } = Guid.CreateVersion7();

    /// <summary>
    /// The rhythm of a subject for which nobody has set another: each kind of organisation every six months, from six months after the
    /// portal first
    /// ran. Sections are off: the grants in them come with the kinds.
    /// </summary>
    public static ReviewRhythm Usual(ReviewSubject subject, DateTime now) =>
        new()
        {
            Subject = subject,
            IsOn = subject.Kind is not null,
            Months = UsualMonths,
            Days = ReviewCampaign.UsualDays,
            Silence = ReviewSilence.Lapse,
            NextAt = now.AddMonths(UsualMonths),
        };

    /// <summary>Sets another rhythm; the next review is so many months from now, unless one was nearer.</summary>
    /// <exception cref="Refusal">Months or days out of range.</exception>
    public void Change(bool isOn, int months, int days, ReviewSilence silence, DateTime now)
    {
        Refusal.If(months is < 1 or > MostMonths, "review.months_out_of_range", nameof(Months));
        Refusal.If(days is < 1 or > ReviewCampaign.MostDays, "review.days_out_of_range", nameof(Days));
        var next = now.AddMonths(months);
        // One switched on again does not start what was missed while it was off.
        NextAt = IsOn && isOn && NextAt < next ? NextAt : next;
        (IsOn, Months, Days, Silence, Version) = (isOn, months, days, silence, Guid.CreateVersion7());
    }

    /// <summary>Whether a review starts at a moment (UTC).</summary>
    public bool IsDue(DateTime at) => IsOn && NextAt <= at;

    /// <summary>Notes that one has started: the next is a whole number of rhythms later, after now.</summary>
    public void Started(DateTime now)
    {
        var first = NextAt;
        for (var n = 1; NextAt <= now; n++)
            NextAt = first.AddMonths(Months * n);
        Version = Guid.CreateVersion7();
    }
}
