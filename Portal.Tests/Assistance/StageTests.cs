using Portal.Domain.Access;
using Portal.Domain.Assistance;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>Which stage follows which: every pair, written out.</summary>
public sealed class StageTests
{
    private const string NeedMoves = """
                      Draft Submitted Returned Authenticated Circulated Matched Withdrawn InDelivery Met PartlyMet Unmet
        Draft           .       x        .          .            .         .        x         .       .     .       .
        Submitted       .       .        x          x            .         .        x         .       .     .       .
        Returned        .       x        .          .            .         .        x         .       .     .       .
        Authenticated   .       .        .          .            x         .        x         .       .     .       .
        Circulated      .       .        .          .            .         x        x         .       .     .       .
        Matched         .       .        .          .            .         .        x         x       .     .       .
        Withdrawn       .       .        .          .            .         .        .         .       .     .       .
        InDelivery      .       .        .          .            .         .        x         .       x     x       x
        Met             .       .        .          .            .         .        .         .       .     .       .
        PartlyMet       .       .        .          .            .         .        .         .       .     .       .
        Unmet           .       .        .          .            .         .        .         .       .     .       .
        """;

    private const string ProposalMoves = """
                      Draft Proposed Shortlisted Accepted Declined Withdrawn
        Draft           .       x         .          .        .        x
        Proposed        .       .         x          x        x        x
        Shortlisted     .       .         .          x        x        x
        Accepted        .       .         .          .        .        .
        Declined        .       .         .          .        .        .
        Withdrawn       .       .         .          .        .        .
        """;

    [Fact]
    public void A_need_moves_so_and_not_otherwise() => Check<NeedStatus>(NeedMoves, NeedStages.CanMove);

    [Fact]
    public void A_proposal_moves_so_and_not_otherwise() => Check<ProposalStatus>(ProposalMoves, ProposalStages.CanMove);

    private static void Check<T>(string table, Func<T, T, bool> canMove)
        where T : struct, Enum
    {
        var lines = table.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(Enum.GetValues<T>(), lines[0].Select(Enum.Parse<T>));
        Assert.Equal(Enum.GetValues<T>(), lines.Skip(1).Select(l => Enum.Parse<T>(l[0])));
        foreach (var line in lines.Skip(1))
            for (var i = 0; i < lines[0].Length; i++)
                Assert.True(
                    canMove(Enum.Parse<T>(line[0]), Enum.Parse<T>(lines[0][i])) == (line[i + 1] == "x"),
                    $"{line[0]} to {lines[0][i]}"
                );
    }

    [Fact]
    public void The_cast_has_a_need_and_a_proposal_at_every_stage()
    {
        foreach (var status in Enum.GetValues<NeedStatus>())
            Assert.Equal(status, NeedAt(status).Status);
        foreach (var status in Enum.GetValues<ProposalStatus>())
            Assert.Equal(status, ProposalAt(status, NeedAt(NeedStatus.Circulated)).Status);
    }

    // Who does what with a need of Kenya's, at each stage: F its focal point Amina, C its contributor Otieno, A the assistance officer
    // Andrei.
    // Nobody else of the cast does anything with it, a provider's answer apart.
    private const string NeedVerbs = """
                      Edit Translate Submit Return Authenticate Circulate Consent Revoke Withdraw Confirm
        Draft          FC     FC       F      -         -           -        F       F       F       F
        Submitted      F      FCA      -      A         A           -        F       F       F       F
        Returned       FC     FCA      F      -         -           -        F       F       F       F
        Authenticated  F      FCA      -      -         -           A        F       F       F       F
        Circulated     F      FCA      -      -         -           -        F       F       F       F
        Matched        F      FCA      -      -         -           -        F       F       F       F
        Withdrawn      -      -        -      -         -           -        -       -       -       -
        InDelivery     F      FCA      -      -         -           -        F       F       F       F
        Met            -      -        -      -         -           -        F       F       -       -
        PartlyMet      -      -        -      -         -           -        F       F       -       -
        Unmet          -      -        -      -         -           -        F       F       -       -
        """;

    private static readonly Dictionary<string, Action<Need, Actor>> VerbsOfNeeds = new()
    {
        ["Edit"] = (n, a) => n.Edit(a, NeedContent with { Title = "Another title" }, Now),
        ["Translate"] = (n, a) => n.Translate(a, Domain.Reference.Language.Fr, "Titre", "Texte", Now),
        ["Submit"] = (n, a) => n.Submit(a, Now),
        ["Return"] = (n, a) => n.Return(a, "Please complete.", Now),
        ["Authenticate"] = (n, a) => n.Authenticate(a, Now),
        ["Circulate"] = (n, a) => n.Circulate(a, ReplyBy, Now),
        ["Consent"] = (n, a) => n.GiveConsent(a, LegalNetwork.Audience, NeedParts.Description, Now),
        ["Revoke"] = (n, a) => n.RevokeConsent(a, Audience.Providers, null, Now),
        ["Withdraw"] = (n, a) => n.Withdraw(a, "Solved.", Now, []),
        ["Confirm"] = (n, a) => n.Confirm(a, Now),
    };

    private static readonly Dictionary<string, Func<Need, Actor, bool>> AsksOfNeeds = new()
    {
        ["Edit"] = NeedRules.CanEdit,
        ["Translate"] = NeedRules.CanTranslate,
        ["Submit"] = NeedRules.CanSubmit,
        ["Return"] = NeedRules.CanAuthenticate,
        ["Authenticate"] = NeedRules.CanAuthenticate,
        ["Circulate"] = NeedRules.CanCirculate,
        ["Consent"] = NeedRules.CanConsent,
        ["Revoke"] = NeedRules.CanConsent,
        ["Withdraw"] = NeedRules.CanWithdraw,
        ["Confirm"] = NeedRules.CanConfirm,
    };

    [Fact]
    public void These_people_and_nobody_else_do_this_with_a_need_at_each_stage()
    {
        foreach (var (status, verb, who) in Cells<NeedStatus>(NeedVerbs, VerbsOfNeeds.Keys))
        foreach (var actor in Cast.Actors)
        {
            var need = NeedAt(status);
            // A consent to revoke at every stage; from circulation on the cast's needs have one.
            if (status < NeedStatus.Circulated)
                need.SharedWith(Audience.Providers);
            var may =
                (actor == Amina.Actor && who.Contains('F'))
                || (actor == Otieno.Actor && who.Contains('C'))
                || (actor == Andrei.Actor && who.Contains('A'));
            Assert.True(AsksOfNeeds[verb](need, actor) == may, $"{actor.Name} may {verb} at {status}");
            _ = need.Acts.Take();
            if (may)
            {
                VerbsOfNeeds[verb](need, actor);
                Assert.Single(need.Acts.Take());
            }
            else
            {
                Assert.Throws<Refusal>(() => VerbsOfNeeds[verb](need, actor));
                Assert.Equal(status, need.Status);
                Assert.Empty(need.Acts.Take());
            }
        }
    }

    // With an offer of Ingrid's for Kenya: M the provider's manager Ingrid, L its contributor Lars, F Kenya's focal point Amina.
    private const string ProposalVerbs = """
                      Edit Propose Shortlist Accept Decline Withdraw
        Draft          ML    M         -       -       -       M
        Proposed       -     -         F       F       F       M
        Shortlisted    -     -         -       F       F       M
        Accepted       -     -         -       -       -       -
        Declined       -     -         -       -       -       -
        Withdrawn      -     -         -       -       -       -
        """;

    private static readonly Dictionary<string, Action<Proposal, Need, Actor>> VerbsOfProposals = new()
    {
        ["Edit"] = (p, _, a) => p.Edit(a, ProposalContent with { Title = "Another title" }, Now),
        ["Propose"] = (p, n, a) => p.Propose(a, n, Now),
        ["Shortlist"] = (p, _, a) => p.Shortlist(a, Now),
        ["Accept"] = (p, n, a) => p.Accept(a, n, null, Now),
        ["Decline"] = (p, _, a) => p.Decline(a, "No.", Now),
        ["Withdraw"] = (p, _, a) => p.Withdraw(a, null, Now),
    };

    private static readonly Dictionary<string, Func<Proposal, Need, Actor, bool>> AsksOfProposals = new()
    {
        ["Edit"] = (p, _, a) => p.CanEdit(a),
        ["Propose"] = (p, n, a) => p.CanPropose(a, n, Now),
        ["Shortlist"] = (p, _, a) => p.CanShortlist(a),
        ["Accept"] = (p, _, a) => p.CanAnswer(a),
        ["Decline"] = (p, _, a) => p.CanAnswer(a),
        ["Withdraw"] = (p, _, a) => p.CanWithdraw(a),
    };

    [Fact]
    public void These_people_and_nobody_else_do_this_with_a_proposal_at_each_stage()
    {
        foreach (var (status, verb, who) in Cells<ProposalStatus>(ProposalVerbs, VerbsOfProposals.Keys))
        foreach (var actor in Cast.Actors)
        {
            var need = NeedAt(NeedStatus.Circulated);
            var proposal = ProposalAt(status, need);
            _ = proposal.Acts.Take();
            var may =
                (actor == Ingrid.Actor && who.Contains('M'))
                || (actor == Lars.Actor && who.Contains('L'))
                || (actor == Amina.Actor && who.Contains('F'));
            Assert.True(AsksOfProposals[verb](proposal, need, actor) == may, $"{actor.Name} may {verb} at {status}");
            if (may)
            {
                VerbsOfProposals[verb](proposal, need, actor);
                Assert.Single(proposal.Acts.Take());
            }
            else
            {
                Assert.Throws<Refusal>(() => VerbsOfProposals[verb](proposal, need, actor));
                Assert.Equal(status, proposal.Status);
                Assert.Empty(proposal.Acts.Take());
            }
        }
    }

    private static IEnumerable<(T Status, string Verb, string Who)> Cells<T>(string table, IEnumerable<string> verbs)
        where T : struct, Enum
    {
        var lines = table.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(verbs, lines[0]);
        Assert.Equal(Enum.GetValues<T>(), lines.Skip(1).Select(l => Enum.Parse<T>(l[0])));
        return from line in lines.Skip(1)
            from i in Enumerable.Range(0, lines[0].Length)
            select (Enum.Parse<T>(line[0]), lines[0][i], line[i + 1]);
    }

    [Fact]
    public void Only_people_of_a_State_draft_needs_and_only_for_their_own()
    {
        foreach (var actor in Cast.Actors)
        {
            var may = actor.Role is Role.FocalPoint or Role.StateContributor;
            Assert.Equal(may, NeedRules.CanDraft(actor));
            if (may)
                Assert.Equal(actor.StateIso3, Need(actor).StateIso3);
            else
                Assert.Equal("need.not_yours_to_draft", Assert.Throws<Refusal>(() => Need(actor)).Code);
        }
    }
}
