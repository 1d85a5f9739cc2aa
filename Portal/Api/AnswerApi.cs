using Portal.Assistance.Proposals;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Api;

/// <summary>A question to the State, answered or not. Who asked is told to the State and CTED only.</summary>
public sealed record QuestionItem(
    Guid Id,
    string Text,
    Language Language,
    DateTime AskedAt,
    bool IsMine,
    string? AskedBy,
    string? Answer,
    Language? AnswerLanguage,
    DateTime? AnsweredAt
)
{
    internal static QuestionItem Of(QuestionLine q) =>
        new(
            q.Id,
            q.Text,
            q.Language,
            q.AskedAt,
            q.IsMine,
            q.By?[Shell.Culture.Current],
            q.Answer,
            q.Answer is null ? null : q.AnswerLanguage,
            q.AnsweredAt
        );
}

/// <summary>The answers to a need in circulation, as far as the reader may know of them.</summary>
public sealed record AnswersRecord(IReadOnlyList<QuestionItem> Questions, NotNowReason? NotNow, IReadOnlyList<string> Actions)
{
    internal static AnswersRecord Of(AnswersView v) =>
        new(
            [.. v.Questions.Select(QuestionItem.Of)],
            v.NotNow,
            Inputs.Allowed(
                ("ask", v.MayAsk),
                ("answer", v.MayAnswer),
                ("notNow", v.MaySayNotNow),
                ("reply", v.SeesReply),
                ("extend", v.MayExtend)
            )
        );
}

/// <summary>What one recipient answered.</summary>
public sealed record RecipientItem(string Name, RecipientAnswer Answer, NotNowReason? Reason, string? Note);

/// <summary>A proposal beside the others.</summary>
public sealed record ReplyProposalItem(
    ProposalItem Proposal,
    string? Conditions,
    IReadOnlyList<string> Covered,
    IReadOnlyList<string> Missing,
    decimal? InCurrencyOfNeed,
    int? CoversPercent,
    int? TimePercent
);

/// <summary>All answers to a need in one place, for its State and CTED.</summary>
public sealed record ReplyRecord(
    string Need,
    NeedStatus Status,
    DateOnly? ReplyBy,
    DateTime? RepliedAt,
    decimal? EstimatedCost,
    decimal? AcceptedAmount,
    decimal? FundingGap,
    string? Currency,
    IReadOnlyList<ReplyProposalItem> Proposals,
    IReadOnlyList<RecipientItem> Recipients,
    IReadOnlyList<string> Actions
)
{
    internal static ReplyRecord Of(ReplyView v) =>
        new(
            v.Reference,
            v.Status,
            v.ReplyBy,
            v.RepliedAt,
            v.Cost,
            v.Accepted,
            v.Gap,
            v.Currency,
            [
                .. v.Proposals.Select(p => new ReplyProposalItem(
                    ProposalItem.Of(p.Row),
                    p.Conditions,
                    p.Covered,
                    p.Missing,
                    p.Told,
                    p.CoversPercent,
                    p.TimePercent
                )),
            ],
            [.. v.Recipients.Select(r => new RecipientItem(r.Name[Shell.Culture.Current], r.Answer, r.Reason, r.Note))],
            Inputs.Allowed(("send", v.MaySend), ("choose", v.MayChoose))
        );
}

/// <summary>A question, or an answer to one.</summary>
public sealed record TextInput([property: Called("Question", "Answer")] string? Text, Language? Language);

/// <summary>Why nothing is proposed now.</summary>
public sealed record NotNowInput(NotNowReason? Reason, string? Note);

/// <summary>A proposal that the State accepts: the part of its amount, or the whole of it where that is left out.</summary>
public sealed record ChosenProposal(string? Proposal, decimal? AcceptedAmount);

/// <summary>The proposals that the State accepts with one act.</summary>
public sealed record ChoiceInput(IReadOnlyList<ChosenProposal>? Proposals);

/// <summary>Answers to needs in circulation.</summary>
internal static class AnswerApi
{
    public static void MapAnswers(this RouteGroupBuilder api)
    {
        var needs = api.MapKind(Need.Card, "/{reference}", "Answers");
        needs
            .MapGet("/answers", One)
            .Says("getAnswers", "Questions and answers about a need, as the reader may know of them.", 404)
            .Produces<AnswersRecord>();
        needs
            .MapPost(
                "/questions",
                (string reference, Body<TextInput> body, AnswerService s) =>
                    After(s.Ask(reference, body.Value.Text ?? "", Said(body.Value)), s, reference)
            )
            .Verb("askQuestion", "Asks the State a question.", 400, 413, 415, 422)
            .Produces<AnswersRecord>();
        needs
            .MapPost(
                "/questions/{id:guid}/answer",
                (string reference, Guid id, Body<TextInput> body, AnswerService s) =>
                    After(s.Answer(reference, id, body.Value.Text ?? "", Said(body.Value)), s, reference)
            )
            .Verb(
                "answerQuestion",
                "Answers a question, once and for all recipients that were given as much of the need.",
                400,
                413,
                415,
                422
            )
            .Produces<AnswersRecord>();
        needs
            .MapPost(
                "/not-now",
                (string reference, Body<NotNowInput> body, AnswerService s) => After(NotNow(reference, body.Value, s), s, reference)
            )
            .Verb("sayNotNow", "Says that the organisation acted for proposes nothing now.", 400, 413, 415, 422)
            .Produces<AnswersRecord>();
        needs
            .MapPost(
                "/reply-by",
                (string reference, Body<CirculationInput> body, AnswerService s) => After(Extend(reference, body.Value, s), s, reference)
            )
            .Verb("extendReplyBy", "Gives recipients longer to reply.", 400, 413, 415, 422)
            .Produces<AnswersRecord>();
        needs
            .MapGet("/reply", Reply)
            .Says("getReply", "All answers to a need in one place, for its State and CTED.", 404)
            .Produces<ReplyRecord>();
        needs
            .MapPost(
                "/reply/send",
                (string reference, Body<NoteInput> body, AnswerService s) => AfterReply(s.Send(reference, body.Value.Note), s, reference)
            )
            .Verb("sendReply", "Sends the State one reply with all answers.", 400, 413, 415, 422)
            .Produces<ReplyRecord>();
        needs
            .MapPost(
                "/reply/choose",
                (string reference, Body<ChoiceInput> body, AnswerService s) => AfterReply(Choose(reference, body.Value, s), s, reference)
            )
            .Verb("chooseProposals", "Accepts several proposals, whole or in part, with one act.", 400, 413, 415, 422)
            .Produces<ReplyRecord>();
    }

    // No member of the enumeration: the rules refuse it like any unknown code.
    private static Language Said(TextInput input) => input.Language ?? (Language)(-1);

    private static Task NotNow(string reference, NotNowInput input, AnswerService answers) =>
        answers.SayNotNow(reference, input.Reason ?? throw new Refusal("field.required", nameof(NotNowInput.Reason)), input.Note);

    private static Task Extend(string reference, CirculationInput input, AnswerService answers) =>
        answers.Extend(reference, input.ReplyBy ?? throw new Refusal("field.required", nameof(Need.ReplyBy)));

    private static Task Choose(string reference, ChoiceInput input, AnswerService answers) =>
        answers.Choose(reference, [.. (input.Proposals ?? []).Select(p => (p?.Proposal ?? "", p?.AcceptedAmount))]);

    private static async Task<AnswersRecord> One(string reference, AnswerService answers, CancellationToken ct = default) =>
        AnswersRecord.Of(await answers.Get(reference, ct));

    private static Task<AnswersRecord> After(Task act, AnswerService answers, string reference) =>
        Inputs.After(act, () => One(reference, answers));

    private static async Task<ReplyRecord> Reply(string reference, AnswerService answers, CancellationToken ct = default) =>
        ReplyRecord.Of(await answers.Reply(reference, ct));

    private static Task<ReplyRecord> AfterReply(Task act, AnswerService answers, string reference) =>
        Inputs.After(act, () => Reply(reference, answers));
}
