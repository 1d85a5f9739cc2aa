using System.Diagnostics.CodeAnalysis;
using Portal.Access;
using Portal.Assistance.Proposals;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

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
        Actions = Inputs.Allowed(
            ("edit", v.Acts.Edit),
            ("propose", v.Acts.Propose),
            ("withdraw", v.Acts.Withdraw),
            ("shortlist", v.Acts.Shortlist),
            ("accept", v.Acts.Accept),
            ("decline", v.Acts.Answer)
        );
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
    public static void MapProposals(this RouteGroupBuilder api)
    {
        api.MapRecords<ProposalService, ProposalRecord>(
                Proposal.Card,
                "What providers answer, and what the State says to that.",
                async (proposals, reference, ct) => new(await proposals.Get(reference, ct))
            )
            .Read(ProposalList.List, ProposalItem.Of, "One proposal.")
            .Edit<Proposal.Content>(
                async (s, r) => Refusal.Unless((await s.Get(r)).Acts.Edit, "proposal.not_yours_to_edit"),
                async (s, r) => await s.Get(r) is var now ? (now.Says, now.Version) : default,
                (s, r, version, said) => s.Edit(r, version, said),
                "Replaces what a draft proposes, if it is still at the version in If-Match."
            )
            .Verb("propose", "propose", "Makes a proposal to the State.", (s, r) => s.Propose(r))
            .Verb("shortlist", "shortlistProposal", "Keeps a proposal for comparison.", (s, r) => s.Shortlist(r))
            .Verb<AcceptanceInput>(
                "accept",
                "acceptProposal",
                "Accepts a proposal, whole or in part.",
                (s, r, said) => s.Accept(r, said.AcceptedAmount)
            )
            .Verb<AnswerInput>("decline", "declineProposal", "Declines a proposal.", (s, r, said) => s.Decline(r, said.Answer))
            .Verb<ReasonInput>("withdraw", "withdrawProposal", "Takes a proposal back.", (s, r, said) => s.Withdraw(r, said.Why))
            .Threads();
        // One is drafted beneath the need that it answers.
        api.MapPost(
                Need.Card.List + "/{reference}/proposals",
                (string reference, Body<Proposal.Content> body, ProposalService proposals) =>
                    Inputs.Draft(
                        Proposal.Card,
                        body.Value,
                        said => proposals.Draft(reference, said, propose: false),
                        async made => new ProposalRecord(await proposals.Get(made))
                    )
            )
            .WithTags(nameof(Section.Proposals))
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Proposals, Level.View))
            .Verb("draftProposal", "Drafts a proposal that answers a need.", 400, 413, 415, 422)
            .Produces<ProposalRecord>(201);
    }
}
