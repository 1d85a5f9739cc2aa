using System.Linq.Expressions;
using Portal.Domain.Access;

namespace Portal.Domain.Assistance;

/// <summary>Who sees a need, and who may do what with it. The page's gate, the service and the button ask these same functions.</summary>
public static class NeedRules
{
    /// <summary>
    /// Who sees a need: its State always; CTED from submission; consented audiences, with the parts consented to, once circulated.
    /// </summary>
    public static IEnumerable<Exposure> Exposures(Need need)
    {
        yield return new Exposure(Audience.State(need.StateIso3), (int)NeedParts.Whole, need.UpdatedAt, ExposureRule.OwnState);
        if (need.SubmittedAt is not null)
            yield return new Exposure(Audience.Cted, (int)NeedParts.Whole, need.UpdatedAt, ExposureRule.Stage);
        if (!need.Status.IsShared())
            yield break;
        foreach (var consent in need.Consents.Where(c => c.Stands))
            yield return new Exposure(
                consent.Audience,
                (int)consent.Parts,
                Later(consent.GivenAt, need.CirculatedAt!.Value),
                ExposureRule.Consent
            );
    }

    /// <summary>Whether a State may consent to an audience: one organisation, all providers, all partners, the public.</summary>
    public static bool IsConsentable(Audience audience) =>
        audience == Audience.Providers
        || audience == Audience.Partners
        || audience == Audience.Public
        || audience.OrganisationNumber is not null;

    /// <summary>Whether an actor may start a draft.</summary>
    public static bool CanDraft(Actor actor) =>
        actor.StateIso3 is { } iso3 && actor.Is(Audience.State(iso3), Section.Needs, Level.Contribute, iso3);

    /// <summary>Whether an actor may change what it says: its State's people; contributors only until CTED has it.</summary>
    public static bool CanEdit(this Need need, Actor actor) =>
        need.Status.IsEditable()
        && need.Status switch
        {
            NeedStatus.Draft or NeedStatus.Returned => AsState(need, actor, Level.Contribute),
            NeedStatus.Submitted or NeedStatus.Authenticated or NeedStatus.Circulated or NeedStatus.Matched or NeedStatus.InDelivery =>
                AsState(need, actor, Level.Decide),
            NeedStatus.Withdrawn or NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet => false,
        };

    /// <summary>Whether an actor may add a translation: its State, or CTED once it has it.</summary>
    public static bool CanTranslate(this Need need, Actor actor) =>
        need.Status.IsEditable() && (AsState(need, actor, Level.Contribute) || (need.SubmittedAt is not null && AsCted(need, actor)));

    /// <summary>Whether an actor may submit it: a focal point of its State.</summary>
    public static bool CanSubmit(this Need need, Actor actor) =>
        need.Status.CanMove(NeedStatus.Submitted) && AsState(need, actor, Level.Decide);

    /// <summary>Whether an actor may authenticate or return it: a CTED assistance officer.</summary>
    public static bool CanAuthenticate(this Need need, Actor actor) => need.Status == NeedStatus.Submitted && AsCted(need, actor);

    /// <summary>Whether an actor may circulate it.</summary>
    public static bool CanCirculate(this Need need, Actor actor) => need.Status == NeedStatus.Authenticated && AsCted(need, actor);

    /// <summary>Whether an actor may give and revoke consent: a focal point of its State, at any stage before withdrawal.</summary>
    public static bool CanConsent(this Need need, Actor actor) => need.Status != NeedStatus.Withdrawn && AsState(need, actor, Level.Decide);

    /// <summary>
    /// Whether an actor may allow the State's silence to consent to wider circulation: a focal point of its State, from authentication on.
    /// </summary>
    public static bool CanAllowSilence(this Need need, Actor actor) => need.Status.IsMatched() && need.CanConsent(actor);

    /// <summary>Whether an actor may ask the State to share it more widely: a CTED assistance officer, once it is authenticated.</summary>
    public static bool CanAskConsent(this Need need, Actor actor) => need.Status.IsMatched() && AsCted(need, actor);

    /// <summary>The parts of a need that consents give the people of a provider or partner organisation between them.</summary>
    /// <param name="standing">Audience keys and parts of the consents that stand, of a need that is shared.</param>
    /// <param name="kind">Kind of the organisation.</param>
    /// <param name="number">Its number.</param>
    public static NeedParts GivenTo(IEnumerable<(string Audience, NeedParts Parts)> standing, OrganisationKind kind, int number) =>
        ConsentRules.Seen(standing.Select(c => new Given(new Audience(c.Audience), c.Parts)), Audience.Org(number), kind);

    /// <summary>Whether matches are looked for: for CTED from authentication on, for providers once it is shared with them.</summary>
    public static bool IsMatched(this NeedStatus status) => status is NeedStatus.Authenticated || status.IsOpen();

    /// <summary>Whether an actor may withdraw it.</summary>
    public static bool CanWithdraw(this Need need, Actor actor) =>
        need.Status.CanMove(NeedStatus.Withdrawn) && AsState(need, actor, Level.Decide);

    /// <summary>Whether an actor may say that it still stands.</summary>
    public static bool CanConfirm(this Need need, Actor actor) => need.Status.IsEditable() && AsState(need, actor, Level.Decide);

    /// <summary>Whether an actor may say that help is being given, or that it has been: a focal point of its State.</summary>
    public static bool CanFollow(this Need need, Actor actor) =>
        need.Status is NeedStatus.Matched or NeedStatus.InDelivery && need.SpeaksForState(actor);

    /// <summary>Whether an actor is a focal point of its State, whatever the stage.</summary>
    internal static bool SpeaksForState(this Need need, Actor actor) => AsState(need, actor, Level.Decide);

    /// <summary>Whether an actor may say what came of it: a focal point of its State, once help was delivered.</summary>
    public static bool CanConclude(this Need need, Actor actor) =>
        need is { Status: NeedStatus.InDelivery, DeliveredOn: not null } && AsState(need, actor, Level.Decide);

    /// <summary>The day on which the State is asked what came of help that was delivered on a day: a year later.</summary>
    public static DateOnly OutcomeAskedOn(DateOnly delivered) => delivered.AddYears(1);

    /// <summary>The last day of delivery of which the State is asked by now, for what asks the database.</summary>
    public static DateOnly DeliveredLongEnough(DateTime now)
    {
        var day = Days.Begun(now).AddYears(-1);
        // Help delivered on 29 February is asked about on the 28th.
        return OutcomeAskedOn(day.AddDays(1)) <= Days.Begun(now) ? day.AddDays(1) : day;
    }

    /// <summary>Whether the State is to be asked what came of it, wherever that day has begun.</summary>
    public static bool IsOutcomeDue(this Need need, DateTime now) =>
        need is { Status: NeedStatus.InDelivery, DeliveredOn: { } day } && OutcomeAskedOn(day) <= Days.Begun(now);

    /// <summary>
    /// Whether an actor may answer it with a proposal: a provider that sees it while it is circulated or partly matched, up to the reply-by
    /// date.
    /// </summary>
    public static bool CanPropose(this Need need, Actor actor, DateTime now) =>
        need.IsOpenForReplies(now)
        && actor.Membership?.Organisation is { Kind: OrganisationKind.Provider } own
        && actor.Is(Audience.Org(own.Number), Section.Proposals, Level.Contribute, need.StateIso3)
        && Decision.On(need, actor).Visible;

    /// <summary>Whether an actor may also make the proposal to the State: a manager of the provider.</summary>
    public static bool CanSendProposal(this Need need, Actor actor, DateTime now) =>
        need.CanPropose(actor, now)
        && actor.Is(Audience.Org(actor.Membership!.Organisation.Number), Section.Proposals, Level.Decide, need.StateIso3);

    /// <summary>Refuses an answer that comes too late, and says for what.</summary>
    internal static void DemandOpenForReplies(this Need need, DateTime now)
    {
        Refusal.Unless(need.Status.IsOpen(), "need.answers_over");
        Refusal.Unless(need.IsOpenForReplies(now), "need.reply_by_over");
    }

    /// <summary>Whether answers are taken: shared, and up to the day to reply by.</summary>
    public static bool IsOpenForReplies(this Need need, DateTime now) => need.Status.IsOpen() && Days.NotOver(now) <= need.ReplyBy;

    /// <summary>The same, for what asks the database.</summary>
    /// <param name="today">The day that is not over yet anywhere.</param>
    public static Expression<Func<Need, bool>> TakesReplies(DateOnly today) =>
        n => NeedStages.Open.Contains(n.Status) && n.ReplyBy >= today;

    /// <summary>Whether an actor speaks for an organisation that the need is shown to.</summary>
    public static bool IsRecipient(this Need need, Actor actor) =>
        need.Status.IsShared()
        && actor.Membership?.Organisation is { Kind: OrganisationKind.Provider or OrganisationKind.Partner } own
        && actor.Is(Audience.Org(own.Number), Section.Directory, Level.Contribute)
        && Decision.On(need, actor).Reasons.Any(r => r.Claim is not null);

    /// <summary>Whether an actor may answer questions about it: a focal point of its State, or CTED for the State.</summary>
    public static bool CanAnswerQuestions(this Need need, Actor actor) =>
        need.Status.IsOpen() && (AsState(need, actor, Level.Decide) || AsCted(need, actor));

    /// <summary>
    /// Whether an actor may send the State the consolidated reply or give recipients longer: a CTED assistance officer, once it is
    /// circulated.
    /// </summary>
    public static bool CanReply(this Need need, Actor actor) => need.Status.IsOpen() && AsCted(need, actor);

    /// <summary>Whether a need has not been confirmed for a year.</summary>
    public static bool IsStale(this Need need, DateTime now) =>
        need.Status.IsEditable() && need.Status != NeedStatus.InDelivery && need.LastConfirmedAt.AddYears(1) < now;

    private static bool AsState(Need need, Actor actor, Level atLeast) =>
        actor.Is(Audience.State(need.StateIso3), Section.Needs, atLeast, need.StateIso3);

    private static bool AsCted(Need need, Actor actor) => actor.Is(Audience.Cted, Section.Needs, Level.Decide, need.StateIso3);

    private static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;
}
