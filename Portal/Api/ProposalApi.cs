using Portal.Access;
using Portal.Assistance.Proposals;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Lists;

namespace Portal.Api;

/// <summary>A proposal in a list.</summary>
public sealed record ProposalItem(
    string Reference,
    string Title,
    Language Language,
    string Need,
    string State,
    string Provider,
    ProposalStatus Status,
    decimal? Amount,
    decimal? AcceptedAmount,
    string? Currency,
    IReadOnlyList<string> Modalities,
    DateOnly? From,
    DateOnly? To,
    DateTime UpdatedAt
)
{
    internal static ProposalItem Of(ProposalRow r) =>
        new(
            r.Reference,
            r.Title,
            r.Language,
            r.NeedReference,
            r.StateIso3,
            r.Provider[Shell.Culture.Current],
            r.Status,
            r.Amount,
            r.AcceptedAmount,
            r.Currency,
            r.Modalities,
            r.From,
            r.To,
            r.UpdatedAt
        );
}

/// <summary>A proposal as the reader sees it.</summary>
public sealed record ProposalRecord
{
    /// <summary>Reference.</summary>
    public required string Reference { get; init; }

    /// <summary>For <c>If-Match</c>; null for readers who may not edit.</summary>
    public string? Version { get; init; }

    /// <summary>Title.</summary>
    public required string Title { get; init; }

    /// <summary>What is proposed.</summary>
    public required string Description { get; init; }

    /// <summary>Language of the texts.</summary>
    public required Language Language { get; init; }

    /// <summary>Reference of the need answered.</summary>
    public required string Need { get; init; }

    /// <summary>ISO 3166-1 alpha-3 of the State it is made to.</summary>
    public required string State { get; init; }

    /// <summary>Name of the provider, in the reader's language.</summary>
    public required string Provider { get; init; }

    /// <summary>Stage.</summary>
    public required ProposalStatus Status { get; init; }

    /// <summary>Modality codes.</summary>
    public required IReadOnlyList<string> Modalities { get; init; }

    /// <summary>Whole units of the currency.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The part the State accepted.</summary>
    public decimal? AcceptedAmount { get; init; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; init; }

    /// <summary>First day.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Conditions set.</summary>
    public string? Conditions { get; init; }

    /// <summary>The State's answer when it declined.</summary>
    public string? Answer { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime UpdatedAt { get; init; }

    /// <summary>What the reader may do.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    internal static ProposalRecord Of(ProposalView v) =>
        new()
        {
            Reference = v.Row.Reference,
            Version = v.Acts.Edit ? v.Version.ToString() : null,
            Title = v.Row.Title,
            Description = v.Description,
            Language = v.Row.Language,
            Need = v.Row.NeedReference,
            State = v.Row.StateIso3,
            Provider = v.Row.Provider[Shell.Culture.Current],
            Status = v.Row.Status,
            Modalities = v.Row.Modalities,
            Amount = v.Row.Amount,
            AcceptedAmount = v.Row.AcceptedAmount,
            Currency = v.Row.Currency,
            From = v.Row.From,
            To = v.Row.To,
            Conditions = v.Conditions,
            Answer = v.Answer,
            UpdatedAt = v.Row.UpdatedAt,
            Actions =
            [
                .. new[]
                {
                    (v.Acts.Edit, "edit"),
                    (v.Acts.Propose, "propose"),
                    (v.Acts.Withdraw, "withdraw"),
                    (v.Acts.Shortlist, "shortlist"),
                    (v.Acts.Accept, "accept"),
                    (v.Acts.Answer, "decline"),
                }
                    .Where(x => x.Item1)
                    .Select(x => x.Item2),
            ],
        };
}

/// <summary>What is proposed, as it is sent: all of it, each time.</summary>
public sealed record ProposalContent
{
    /// <summary>Title, up to 200 characters.</summary>
    public string? Title { get; init; }

    /// <summary>Description, up to 20,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Language of the texts.</summary>
    public Language? Language { get; init; }

    /// <summary>Modality codes, at least one.</summary>
    public IReadOnlyList<string>? Modalities { get; init; }

    /// <summary>Whole units of the currency, above zero.</summary>
    public decimal? Amount { get; init; }

    /// <summary>ISO 4217; needed with an amount.</summary>
    public string? Currency { get; init; }

    /// <summary>First day.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Conditions.</summary>
    public string? Conditions { get; init; }

    // No member of the enumeration: the rules refuse it like any unknown code.
    private const Language NoLanguage = (Language)(-1);

    internal Proposal.Content Said =>
        new(Title ?? "", Description ?? "", Language ?? NoLanguage, Inputs.Codes(Modalities), Amount, Currency, From, To, Conditions);

    internal static ProposalContent Of(ProposalView v) =>
        new()
        {
            Title = v.Row.Title,
            Description = v.Description,
            Language = v.Row.Language,
            Modalities = v.Row.Modalities,
            Amount = v.Row.Amount,
            Currency = v.Row.Currency,
            From = v.Row.From,
            To = v.Row.To,
            Conditions = v.Conditions,
        };
}

/// <summary>The part of the amount accepted; the whole of it where it is left out.</summary>
public sealed record AcceptanceInput(decimal? AcceptedAmount);

/// <summary>An answer to the provider.</summary>
public sealed record AnswerInput(string? Answer);

/// <summary>Proposals.</summary>
internal static class ProposalApi
{
    private static readonly ListParameters Parameters = ListParameters.Of(ProposalList.List);

    public static void MapProposals(this RouteGroupBuilder api)
    {
        var proposals = api.MapGroup("")
            .WithTags("Proposals")
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Proposals, Level.View));
        proposals
            .MapGet(Proposal.Card.List, List)
            .Says("listProposals", "Lists the proposals that the reader may see.", 400)
            .Produces<ListOf<ProposalItem>>()
            .WithMetadata(Parameters);
        proposals.MapGet(Proposal.Card.List + "/{reference}", One).Says("getProposal", "One proposal.", 404).Produces<ProposalRecord>();
        proposals
            .MapPost(Need.Card.List + "/{reference}/proposals", Draft)
            .Verb("draftProposal", "Drafts a proposal that answers a need.", 400, 413, 415, 422)
            .Produces<ProposalRecord>(201);
        proposals
            .MapPut(Proposal.Card.List + "/{reference}", Edit)
            .Says(
                "editProposal",
                "Replaces what a draft proposes, if it is still at the version in If-Match.",
                400,
                404,
                413,
                415,
                422,
                428
            )
            .Produces<ProposalRecord>()
            .Produces<Conflict<ProposalContent>>(412, Problems.MediaType)
            .WithMetadata(Inputs.NeedsVersion);
        proposals
            .MapPost(
                Proposal.Card.List + "/{reference}/propose",
                (string reference, ProposalService s) => After(s.Propose(reference), s, reference)
            )
            .Verb("propose", "Makes a proposal to the State.")
            .Produces<ProposalRecord>();
        proposals
            .MapPost(
                Proposal.Card.List + "/{reference}/shortlist",
                (string reference, ProposalService s) => After(s.Shortlist(reference), s, reference)
            )
            .Verb("shortlistProposal", "Keeps a proposal for comparison.")
            .Produces<ProposalRecord>();
        proposals
            .MapPost(
                Proposal.Card.List + "/{reference}/accept",
                (string reference, Body<AcceptanceInput> body, ProposalService s) =>
                    After(s.Accept(reference, body.Value.AcceptedAmount), s, reference)
            )
            .Verb("acceptProposal", "Accepts a proposal, whole or in part.", 400, 413, 415, 422)
            .Produces<ProposalRecord>();
        proposals
            .MapPost(
                Proposal.Card.List + "/{reference}/decline",
                (string reference, Body<AnswerInput> body, ProposalService s) =>
                    After(s.Decline(reference, body.Value.Answer), s, reference)
            )
            .Verb("declineProposal", "Declines a proposal.", 400, 413, 415, 422)
            .Produces<ProposalRecord>();
        proposals
            .MapPost(
                Proposal.Card.List + "/{reference}/withdraw",
                (string reference, Body<ReasonInput> body, ProposalService s) => After(s.Withdraw(reference, body.Value.Why), s, reference)
            )
            .Verb("withdrawProposal", "Takes a proposal back.", 400, 413, 415, 422)
            .Produces<ProposalRecord>();
    }

    private static async Task<ListOf<ProposalItem>> List(HttpRequest request, ListService lists, CancellationToken ct) =>
        ListOf<ProposalItem>.From(await lists.Page(ProposalList.List, Parameters.Read(request), ct), ProposalItem.Of);

    private static async Task<ProposalRecord> One(
        string reference,
        HttpResponse response,
        ProposalService proposals,
        CancellationToken ct
    ) => Tagged(ProposalRecord.Of(await proposals.Get(reference, ct)), response);

    private static ProposalRecord Tagged(ProposalRecord proposal, HttpResponse response)
    {
        if (proposal.Version is { } version)
            response.Headers.ETag = $"\"{version}\"";
        return proposal;
    }

    private static async Task<IResult> Draft(string reference, Body<ProposalContent> body, HttpResponse response, ProposalService proposals)
    {
        var content = body.Value.Said;
        var made = await Inputs.AllMistakes(
            () => proposals.Draft(reference, content, propose: false),
            () => Proposal.DraftProblems(content)
        );
        return TypedResults.Created($"/api/v1{Proposal.Card.Path(made)}", Tagged(ProposalRecord.Of(await proposals.Get(made)), response));
    }

    private static async Task<ProposalRecord> Edit(
        string reference,
        Body<ProposalContent> body,
        HttpContext http,
        ProposalService proposals
    )
    {
        var version = Inputs.Version(http.Request);
        var content = body.Value.Said;
        Refusal.Unless((await proposals.Get(reference)).Acts.Edit, "proposal.not_yours_to_edit");
        await Inputs.Edit(
            () => proposals.Edit(reference, version, content),
            () => Proposal.DraftProblems(content),
            body.Value,
            async () => await proposals.Get(reference) is var now ? (ProposalContent.Of(now), now.Version) : default
        );
        return Tagged(ProposalRecord.Of(await proposals.Get(reference)), http.Response);
    }

    private static async Task<ProposalRecord> After(Task act, ProposalService proposals, string reference)
    {
        await act;
        return ProposalRecord.Of(await proposals.Get(reference));
    }
}
