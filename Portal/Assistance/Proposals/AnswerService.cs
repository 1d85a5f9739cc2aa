using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Consents;
using Portal.Assistance.Funding;
using Portal.Calendar;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Proposals;

/// <summary>A question as one reader sees it.</summary>
/// <param name="Id">The question.</param>
/// <param name="Text">Its text.</param>
/// <param name="Language">Language of the text.</param>
/// <param name="AskedAt">UTC.</param>
/// <param name="Answer">The answer, if there is one.</param>
/// <param name="AnswerLanguage">Language of the answer.</param>
/// <param name="ByCted">Whether CTED answered, for the State.</param>
/// <param name="AnsweredAt">UTC.</param>
/// <param name="IsMine">Whether the reader's organisation asked.</param>
/// <param name="By">Who asked; for the State and CTED only.</param>
public sealed record QuestionLine(
    Guid Id,
    string Text,
    Language Language,
    DateTime AskedAt,
    string? Answer,
    Language AnswerLanguage,
    bool ByCted,
    DateTime? AnsweredAt,
    bool IsMine,
    LocalName? By
);

/// <summary>Answers to a circulated need, and what the reader may do about them.</summary>
public sealed record AnswersView(
    IReadOnlyList<QuestionLine> Questions,
    bool MayAsk,
    bool MayAnswer,
    bool MaySayNotNow,
    NotNowReason? NotNow,
    bool IsOver,
    bool MayExtend,
    bool SeesReply,
    bool MayAllowTacit,
    bool MayAskTacit,
    int TacitDays,
    DateOnly TacitUntil
);

/// <summary>A proposal beside the others: how much of the need it covers.</summary>
/// <param name="Row">The proposal.</param>
/// <param name="Conditions">Conditions set.</param>
/// <param name="Covered">Modalities asked for that it brings.</param>
/// <param name="Missing">Modalities asked for that it does not bring.</param>
/// <param name="Told">Its amount in the need's currency; null where there is no rate or no amount.</param>
/// <param name="CoversPercent">Share of the estimated cost.</param>
/// <param name="TimePercent">Share of the time wanted.</param>
/// <param name="MayAccept">Whether the reader may accept it.</param>
public sealed record ReplyProposal(
    ProposalRow Row,
    string? Conditions,
    IReadOnlyList<string> Covered,
    IReadOnlyList<string> Missing,
    decimal? Told,
    int? CoversPercent,
    int? TimePercent,
    bool MayAccept
);

/// <summary>What a recipient answered.</summary>
public enum RecipientAnswer
{
    /// <summary>A proposal.</summary>
    Proposal,

    /// <summary>Not now.</summary>
    NotNow,

    /// <summary>A question, and nothing else yet.</summary>
    Question,

    /// <summary>Nothing yet.</summary>
    None,
}

/// <summary>A recipient and its answer.</summary>
public sealed record RecipientLine(LocalName Name, RecipientAnswer Answer, NotNowReason? Reason, string? Note);

/// <summary>All answers to a need in one place, for its State and CTED.</summary>
public sealed record ReplyView(
    string Reference,
    string Title,
    Language Language,
    string StateIso3,
    NeedStatus Status,
    DateOnly? ReplyBy,
    DateTime? RepliedAt,
    decimal? Cost,
    decimal? Accepted,
    decimal? Gap,
    string? Currency,
    DateOnly RatesOf,
    IReadOnlyList<ReplyProposal> Proposals,
    IReadOnlyList<RecipientLine> Recipients,
    bool MaySend,
    bool MayChoose
)
{
    /// <summary>The need and the proposals as they are shown.</summary>
    public IReadOnlyList<Seen> Seen { get; init; } = [];
}

/// <summary>Answers of recipients: questions, "not now", and the consolidated reply with the State's choice.</summary>
public sealed class AnswerService(ActorSource actors, Records<Need> needs, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;
    private DateOnly Today => DateOnly.FromDateTime(Now);

    private static bool SeesInner(Need need, Actor actor) => ((NeedParts)Decision.On(need, actor).View).Has(NeedParts.Inner);

    /// <summary>Answers to a need as far as the reader may know of them.</summary>
    public async Task<AnswersView> Get(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var need = await db.WholeNeed(reference, ct);
        var (inner, own) = (SeesInner(need, db.Actor), db.Actor.Membership?.OrganisationId);
        var questions = await db
            .Questions.AsNoTracking()
            .Where(q => q.NeedId == need.Id)
            .OrderBy(q => q.AskedAt)
            .Select(q => new QuestionLine(
                q.Id,
                q.Text,
                q.Language,
                q.AskedAt,
                q.Answer,
                q.AnswerLanguage,
                q.AnsweredByCted,
                q.AnsweredAt,
                q.OrganisationId == own,
                inner ? db.Organisations.Where(o => o.Id == q.OrganisationId).Select(o => o.Name).FirstOrDefault() : null
            ))
            .ToListAsync(ct);
        var said = await db
            .NotNow.Where(x => x.NeedId == need.Id && x.OrganisationId == own)
            .Select(x => (NotNowReason?)x.Reason)
            .FirstOrDefaultAsync(ct);
        var recipient = need.IsRecipient(db.Actor);
        var mayAllow = need.CanAllowSilence(db.Actor) || (need.AllowsTacitConsent && need.CanConsent(db.Actor));
        // Most readers of most needs are told nothing of it.
        var (days, until) = mayAllow || need.AllowsTacitConsent ? await Silence(db, ct) : default;
        return new AnswersView(
            questions,
            recipient && need.IsOpenForReplies(Now),
            need.CanAnswerQuestions(db.Actor),
            recipient
                && need.IsOpenForReplies(Now)
                && said is null
                && !await db.Proposals.AnyAsync(p => p.NeedId == need.Id && p.OrganisationId == own && p.WasMade, ct),
            said,
            recipient && need.Status.IsOpen() && !need.IsOpenForReplies(Now),
            need.CanReply(db.Actor),
            inner && need.Status.IsShared(),
            mayAllow,
            need.AllowsTacitConsent && need.Status.IsShared() && need.CanAskConsent(db.Actor),
            days,
            until
        );
    }

    /// <summary>Asks the State a question.</summary>
    public Task Ask(string reference, string text, Language language) =>
        needs.Act(
            reference,
            (db, need) =>
            {
                db.Questions.Add(NeedQuestion.Ask(need, db.Actor, text, language, Now));
                return Task.CompletedTask;
            }
        );

    /// <summary>Answers a question: once, and for all recipients that were given as much of the need.</summary>
    public Task Answer(string reference, Guid questionId, string answer, Language language) =>
        needs.Act(
            reference,
            async (db, need) =>
            {
                var question = await db.Questions.Where(q => q.NeedId == need.Id && q.Id == questionId).OneOrNotFound();
                question.Reply(need, db.Actor, answer, language, Now);
            }
        );

    /// <summary>Says that the organisation acted for proposes nothing now.</summary>
    public Task SayNotNow(string reference, NotNowReason reason, string? note) =>
        needs.Act(
            reference,
            async (db, need) =>
            {
                var said = NotNow.Say(need, db.Actor, reason, note, Now);
                Refusal.If(
                    await db.NotNow.AnyAsync(x => x.NeedId == need.Id && x.OrganisationId == said.OrganisationId),
                    "need.not_now_already"
                );
                db.NotNow.Add(said);
            }
        );

    /// <summary>Gives recipients longer to reply.</summary>
    public Task Extend(string reference, DateOnly day) => needs.Act(reference, (need, actor) => need.ExtendReplyBy(actor, day, Now));

    // ---- Wider circulation by silence, where the State allowed it

    /// <summary>The State says whether its silence may consent to wider circulation of this need.</summary>
    public Task AllowTacit(string reference, bool allows) =>
        needs.Act(reference, (need, actor) => need.AllowTacitConsent(actor, allows, Now));

    /// <summary>
    /// CTED tells the State that the need will be shared more widely unless it objects within the working days that are set.
    /// </summary>
    public Task AskTacit(string reference, Audience audience, NeedParts parts) =>
        needs.Act(
            reference,
            async (db, need) =>
            {
                _ = await ConsentService.Kinds(db, [audience]);
                need.AskConsent(db.Actor, audience, parts, (await Silence(db)).Until, Now);
            }
        );

    // How many working days a State has to object, and the last of them where it is told now.
    private async Task<(int Days, DateOnly Until)> Silence(PortalDb db, CancellationToken ct = default)
    {
        var settings = await db.AssistanceSettings.AsNoTracking().SingleOrDefaultAsync(ct);
        var days = settings?.TacitDays ?? AssistanceSettings.UsualTacitDays;
        return (days, (await db.UnCalendar(ct)).After(Days.Begun(Now), days));
    }

    // ---- The consolidated reply

    /// <summary>All answers side by side.</summary>
    /// <exception cref="NotFound">Not the State's or CTED's to see.</exception>
    public async Task<ReplyView> Reply(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var need = await db.WholeNeed(reference, ct);
        if (!SeesInner(need, db.Actor) || need.CirculatedAt is null)
            throw new NotFound();
        var rates = await db.AllRates(ct);
        var proposals = await db
            .Proposals.Include(p => p.Organisation)
            .AsNoTracking()
            .Where(p => p.NeedId == need.Id && p.WasMade)
            .OrderBy(p => p.CreatedAt)
            .ToListAsync(ct);
        var said = await db.NotNow.AsNoTracking().Where(x => x.NeedId == need.Id).ToListAsync(ct);
        var asked = await db
            .Questions.AsNoTracking()
            .Where(q => q.NeedId == need.Id)
            .Select(q => q.OrganisationNumber)
            .Distinct()
            .ToListAsync(ct);
        var numbers = need
            .Consents.Where(c => c.Stands)
            .Select(c => c.Audience.OrganisationNumber)
            .OfType<int>()
            .Concat(proposals.Select(p => p.OrganisationNumber))
            .Concat(said.Select(s => s.OrganisationNumber))
            .Concat(asked)
            .Distinct()
            .ToList();
        var names = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Name, ct);
        var text = need.TranslatedInto(Shell.Culture.Current, NeedParts.Whole);
        var programmed = (
            await GapService.Programmed(db, [new(need.Id, need.EstimatedCost, need.AcceptedAmount, need.Currency)], Today, ct)
        ).GetValueOrDefault(need.Id);
        return new ReplyView(
            need.Reference,
            text?.Title ?? need.Title,
            text?.Language ?? need.Language,
            need.StateIso3,
            need.Status,
            need.ReplyBy,
            need.RepliedAt,
            need.EstimatedCost,
            need.AcceptedAmount,
            need.NotAccepted is { } open ? Math.Max(0, open - programmed) : null,
            need.Currency,
            Today,
            proposals.ConvertAll(p => Beside(need, p, rates, db.Actor)),
            [
                .. numbers
                    .Where(names.ContainsKey)
                    .Select(n => new RecipientLine(
                        names[n],
                        proposals.Exists(p => p.OrganisationNumber == n) ? RecipientAnswer.Proposal
                            : said.Exists(s => s.OrganisationNumber == n) ? RecipientAnswer.NotNow
                            : asked.Contains(n) ? RecipientAnswer.Question
                            : RecipientAnswer.None,
                        said.Find(s => s.OrganisationNumber == n)?.Reason,
                        said.Find(s => s.OrganisationNumber == n)?.Note
                    ))
                    .OrderBy(r => r.Answer),
            ],
            need.CanReply(db.Actor),
            need.Status.IsOpen() && proposals.Exists(p => p.CanAnswer(db.Actor))
        )
        {
            Seen = [new Seen(need.Id, need.Version), .. proposals.Select(p => new Seen(p.Id, p.Version))],
        };
    }

    private ReplyProposal Beside(Need need, Proposal p, Rates rates, Actor actor)
    {
        var told = p.Amount is { } amount && need.Currency is { } currency ? rates.Convert(amount, p.Currency!, currency, Today) : null;
        return new ReplyProposal(
            ProposalRow.Of(p),
            p.Says.Conditions,
            [.. need.Modalities.Intersect(p.Modalities)],
            [.. need.Modalities.Except(p.Modalities)],
            told,
            told is { } t && need.EstimatedCost is > 0 and { } cost ? (int)Math.Min(100, t * 100 / cost) : null,
            Overlap(need, p),
            need.Status.IsOpen() && p.CanAnswer(actor)
        );
    }

    private static int? Overlap(Need need, Proposal p)
    {
        if (need.From is not { } from || need.To is not { } to || p.From is null)
            return null;
        var (begin, end) = (Math.Max(from.DayNumber, p.From.Value.DayNumber), Math.Min(to.DayNumber, (p.To ?? to).DayNumber));
        return Math.Max(0, (end - begin + 1) * 100 / (to.DayNumber - from.DayNumber + 1));
    }

    /// <summary>CTED sends the State one reply with all answers.</summary>
    public Task Send(string reference, string? note) => needs.Act(reference, (need, actor) => need.SendReply(actor, note, Now));

    /// <summary>
    /// The State chooses: it accepts one or several proposals, each whole or in part, with one act. All of it is done or nothing: where one
    /// of them was withdrawn
    /// or answered meanwhile, or somebody else chose at the same moment, none is accepted.
    /// </summary>
    public Task Choose(string reference, IReadOnlyList<(string Proposal, decimal? Part)> parts) =>
        needs.Act(
            reference,
            async (db, need) =>
            {
                Refusal.If(parts.Count == 0, "proposal.none_chosen");
                var references = parts.Select(p => p.Proposal).Distinct().ToList();
                var proposals = await db
                    .Proposals.Include(p => p.Organisation)
                    .Where(p => p.NeedId == need.Id && references.Contains(p.Reference))
                    .ToDictionaryAsync(p => p.Reference);
                if (proposals.Count != parts.Count)
                    throw new NotFound();
                var rates = await db.AllRates();
                foreach (var (chosen, part) in parts)
                    proposals[chosen].Accept(db.Actor, need, part, Now, rates);
            }
        );
}
