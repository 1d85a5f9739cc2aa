using System.Diagnostics.CodeAnalysis;
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
public sealed record ProposalRecord : Proposal.Content, IVersioned
{
    [SetsRequiredMembers]
    internal ProposalRecord(ProposalView v)
        : base(v.Says)
    {
        Reference = v.Row.Reference;
        Version = v.Acts.Edit ? v.Version.ToString() : null;
        Need = v.Row.NeedReference;
        State = v.Row.StateIso3;
        Provider = v.Row.Provider[Shell.Culture.Current];
        Status = v.Row.Status;
        AcceptedAmount = v.Row.AcceptedAmount;
        Answer = v.Answer;
        UpdatedAt = v.Row.UpdatedAt;
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
        ];
    }

    /// <summary>Reference.</summary>
    public required string Reference { get; init; }

    /// <summary>For <c>If-Match</c>; null for readers who may not edit.</summary>
    public string? Version { get; init; }

    /// <summary>Reference of the need answered.</summary>
    public required string Need { get; init; }

    /// <summary>ISO 3166-1 alpha-3 of the State it is made to.</summary>
    public required string State { get; init; }

    /// <summary>Name of the provider, in the reader's language.</summary>
    public required string Provider { get; init; }

    /// <summary>Stage.</summary>
    public required ProposalStatus Status { get; init; }

    /// <summary>The part the State accepted.</summary>
    public decimal? AcceptedAmount { get; init; }

    /// <summary>The State's answer when it declined.</summary>
    public string? Answer { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime UpdatedAt { get; init; }

    /// <summary>What the reader may do.</summary>
    public required IReadOnlyList<string> Actions { get; init; }
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
        var proposals = api.MapKind(Proposal.Card);
        proposals
            .MapGet("", List)
            .Says("listProposals", "Lists the proposals that the reader may see.", 400)
            .Produces<ListOf<ProposalItem>>()
            .WithMetadata(Parameters);
        proposals.MapGet("/{reference}", One).Says("getProposal", "One proposal.", 404).Produces<ProposalRecord>();
        api.MapPost(Need.Card.List + "/{reference}/proposals", Draft)
            .WithTags(nameof(Section.Proposals))
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Proposals, Level.View))
            .Verb("draftProposal", "Drafts a proposal that answers a need.", 400, 413, 415, 422)
            .Produces<ProposalRecord>(201);
        proposals
            .MapPut("/{reference}", Edit)
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
            .Produces<Conflict<Proposal.Content>>(412, Problems.MediaType)
            .WithMetadata(Inputs.NeedsVersion);
        proposals
            .MapPost("/{reference}/propose", (string reference, ProposalService s) => After(s.Propose(reference), s, reference))
            .Verb("propose", "Makes a proposal to the State.")
            .Produces<ProposalRecord>();
        proposals
            .MapPost("/{reference}/shortlist", (string reference, ProposalService s) => After(s.Shortlist(reference), s, reference))
            .Verb("shortlistProposal", "Keeps a proposal for comparison.")
            .Produces<ProposalRecord>();
        proposals
            .MapPost(
                "/{reference}/accept",
                (string reference, Body<AcceptanceInput> body, ProposalService s) =>
                    After(s.Accept(reference, body.Value.AcceptedAmount), s, reference)
            )
            .Verb("acceptProposal", "Accepts a proposal, whole or in part.", 400, 413, 415, 422)
            .Produces<ProposalRecord>();
        proposals
            .MapPost(
                "/{reference}/decline",
                (string reference, Body<AnswerInput> body, ProposalService s) =>
                    After(s.Decline(reference, body.Value.Answer), s, reference)
            )
            .Verb("declineProposal", "Declines a proposal.", 400, 413, 415, 422)
            .Produces<ProposalRecord>();
        proposals
            .MapPost(
                "/{reference}/withdraw",
                (string reference, Body<ReasonInput> body, ProposalService s) => After(s.Withdraw(reference, body.Value.Why), s, reference)
            )
            .Verb("withdrawProposal", "Takes a proposal back.", 400, 413, 415, 422)
            .Produces<ProposalRecord>();
    }

    private static async Task<ListOf<ProposalItem>> List(HttpRequest request, ListService lists, CancellationToken ct) =>
        ListOf<ProposalItem>.From(await lists.Page(ProposalList.List, Parameters.Read(request), ct), ProposalItem.Of);

    private static async Task<ProposalRecord> One(string reference, ProposalService proposals, CancellationToken ct = default) =>
        new(await proposals.Get(reference, ct));

    private static Task<IResult> Draft(string reference, Body<Proposal.Content> body, ProposalService proposals) =>
        Inputs.Draft(Proposal.Card, body.Value, said => proposals.Draft(reference, said, propose: false), made => One(made, proposals));

    private static async Task<ProposalRecord> Edit(
        string reference,
        Body<Proposal.Content> body,
        HttpContext http,
        ProposalService proposals
    )
    {
        var (version, content) = (Inputs.Version(http.Request), body.Value);
        Refusal.Unless((await proposals.Get(reference)).Acts.Edit, "proposal.not_yours_to_edit");
        await Inputs.Edit(
            () => proposals.Edit(reference, version, content),
            () => Proposal.Content.Fields.Problems(content, isDraft: true),
            content,
            async () => await proposals.Get(reference) is var now ? (now.Says, now.Version) : default
        );
        return await One(reference, proposals);
    }

    private static Task<ProposalRecord> After(Task act, ProposalService proposals, string reference) =>
        Inputs.After(act, () => One(reference, proposals));
}
