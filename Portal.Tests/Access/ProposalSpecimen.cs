using Portal.Assistance.Proposals;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Shell;
using Portal.Tests.Collaboration;

namespace Portal.Tests.Access;

internal static class ProposalSpecimen
{
    public static readonly Specimen Is = new(
        Proposal.Card,
        Section.Proposals,
        3,
        w => Cast.ProposalAt(w.One(Enum.GetValues<ProposalStatus>()), Cast.NeedAt(NeedStatus.Circulated, w.One([Cast.Amina, Cast.Rosa]))),
        (w, needs) => Cast.ProposalAt(w.One([ProposalStatus.Draft, ProposalStatus.Proposed]), w.One(needs)),
        r => ((Proposal)r).StateIso3,
        OfProposal,
        ["/api/v1/proposals", "/api/v1/proposals?q=course", "/proposals/export?format=csv"],
        "/api/v1/proposals/",
        "PROP-2001-0001",
        [("Says.Title", 1), ("Says.Description", 1), ("Says.Conditions", 1), ("Answer", 1)]
    )
    {
        Edits = new EditDesk<Typed<Proposal.Content>>(
            Cast.Ingrid,
            Cast.Lars,
            () => Cast.NeedAt(NeedStatus.Circulated) is var need ? [need, Cast.Proposal(need)] : [],
            r => r[1].Reference,
            async (at, of) =>
                await at.Get<ProposalService>().Get(of) is var view ? (Typed<Proposal.Content>.Of(view.Says), view.Version) : default,
            (at, of, version, form) => at.Get<ProposalService>().Edit(of, version, form.Read(out _))
        ),
        Keeps = Kept.Of<Proposal.Content>(() =>
            Cast.ProposalContent with { To = new DateOnly(2028, 1, 31), Conditions = "Rooms are the State's." } is var said
                ? (said, Cast.Proposal(Cast.NeedAt(NeedStatus.Circulated), content: said).Says)
                : default
        ),
        Walk = new(
            "manager.norad",
            [.. Walk.OfAssistance.Except([Role.Partner])],
            null,
            Opened: "?status=Accepted",
            Edited: "?status=Draft"
        ),
    };

    private static IEnumerable<(string, int)> OfProposal(IProtected record)
    {
        var proposal = (Proposal)record;
        yield return ("org:" + proposal.OrganisationNumber, 3);
        if (proposal.Status != ProposalStatus.Draft)
        {
            yield return ("state:" + proposal.StateIso3, 1);
            yield return ("cted", 1);
        }
    }
}
