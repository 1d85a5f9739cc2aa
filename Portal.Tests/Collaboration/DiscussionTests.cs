using System.Globalization;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Domain.Reference;
using Portal.Tests.Assessments;
using static Portal.Tests.Cast;

namespace Portal.Tests.Collaboration;

/// <summary>Who begins a thread, writes in it, closes it, corrects and withdraws: asked of the domain alone.</summary>
public sealed class DiscussionTests
{
    private static string? Refused(Action act) => Record.Exception(act) is Refusal refusal ? refusal.Code : null;

    private static Said Says(string? text = "Since when?", params Audience[] tells) => new(text, Language.En, tells);

    private static (DiscussionThread Thread, ThreadMessage First) Begin(
        IProtected record,
        Actor actor,
        Enum part,
        params Audience[] tells
    ) =>
        DiscussionThread.Open(
            record,
            actor,
            Convert.ToInt32(part, CultureInfo.InvariantCulture),
            "A question",
            null,
            false,
            new Said("Since when?", Language.En, tells),
            Now
        );

    private static readonly Dictionary<string, IProtected> Records = new()
    {
        ["a draft"] = NeedAt(NeedStatus.Draft),
        ["a need"] = NeedAt(NeedStatus.Circulated),
        ["a proposal that is drafted"] = ProposalAt(ProposalStatus.Draft, NeedAt(NeedStatus.Circulated)),
        ["a proposal"] = ProposalAt(ProposalStatus.Proposed, NeedAt(NeedStatus.Circulated)),
        ["a dossier that is drafted"] = DossierCast.At(DossierStage.Drafting),
        ["a dossier before a subcommittee"] = DossierCast.At(DossierStage.Subcommittee),
        ["a dossier before the Committee"] = DossierCast.At(DossierStage.Committee),
        ["a letter"] = DossierCast.At(DossierStage.Sent),
        ["a recommendation"] = RecommendationCast.At(RecommendationStage.Asked),
    };

    // Who has more than View where the record shows them the part. Nobody else, whatever they see of it beside.
    public static readonly TheoryData<string, int, string> Writers = new()
    {
        { "a draft", (int)NeedParts.Inner, "Amina Otieno" },
        { "a need", (int)NeedParts.Inner, "Amina Otieno Andrei" },
        { "a need", (int)NeedParts.Description, "" },
        { "a proposal that is drafted", (int)ProposalParts.Content, "Ingrid Lars" },
        { "a proposal", (int)ProposalParts.Content, "Amina Ingrid Lars Andrei" },
        { "a proposal", (int)ProposalParts.Own, "" },
        { "a dossier that is drafted", (int)DossierParts.Inner, "Leila Chloe Dorothea" },
        { "a dossier that is drafted", (int)DossierParts.Deliberation, "Leila Chloe Dorothea" },
        { "a dossier that is drafted", (int)DossierParts.TalkState, "" },
        { "a dossier before a subcommittee", (int)DossierParts.Deliberation, "Leila Chloe Dorothea Tuan Sofia" },
        { "a dossier before the Committee", (int)DossierParts.Deliberation, "Leila Chloe Dorothea Wei Tuan Sofia Hamid" },
        { "a dossier before the Committee", (int)DossierParts.TalkState, "" },
        { "a letter", (int)DossierParts.Inner, "Leila Chloe Dorothea" },
        { "a letter", (int)DossierParts.Deliberation, "Leila Chloe Dorothea Wei Tuan Sofia Hamid" },
        { "a letter", (int)DossierParts.TalkState, "Amina Otieno Leila Chloe Dorothea" },
        { "a letter", (int)DossierParts.Letter, "" },
        { "a recommendation", (int)RecommendationParts.Inner, "Leila Chloe Dorothea" },
        { "a recommendation", (int)RecommendationParts.Progress, "Amina Otieno Leila Chloe Dorothea Wei Tuan Sofia Hamid" },
    };

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_thread_is_begun_by_those_who_hold_its_part_and_contribute(string name, int part, string writers)
    {
        var record = Records[name];
        Assert.Equal(
            writers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            All.Where(p => Discussion.CanWrite(record, p, part)).Select(p => p.Name).Order()
        );
        foreach (var player in All)
        {
            var may = writers.Contains(player.Name, StringComparison.Ordinal);
            Assert.Equal(
                may ? null : "thread.not_yours_to_write",
                Refused(() => DiscussionThread.Open(record, player, part, "A question", null, false, Says(), Now))
            );
            // Nobody writes as another who only looks as they would.
            Assert.False(Discussion.CanWrite(record, player.Actor.SeenBy(Dorothea), part));
        }
        Assert.False(Discussion.CanWrite(record, Nobody, part));
    }

    [Fact]
    public void What_a_thread_says_is_there_and_of_a_length()
    {
        var need = NeedAt(NeedStatus.Submitted);
        void Open(string? title, string? anchor, Said said) =>
            DiscussionThread.Open(need, Amina, (int)NeedParts.Inner, title, anchor, false, said, Now);
        var all = Assert.Throws<Refusal>(() => Open("", new string('a', 301), Says("")));
        Assert.Equal(
            [("field.required", "Title"), ("field.too_long", "Anchor"), ("field.required", "Text")],
            all.All.Select(r => (r.Code, r.Field))
        );
        Assert.Equal("field.required", Refused(() => Open(" ", null, Says())));
        Assert.Equal("field.required", Refused(() => Open("A question", null, Says(""))));
        Assert.Equal("field.too_long", Refused(() => Open(new string('a', 201), null, Says())));
        Assert.Equal("field.too_long", Refused(() => Open("A question", new string('a', 301), Says())));
        Assert.Equal("field.too_long", Refused(() => Open("A question", null, Says(new string('a', 8001)))));
        Assert.Equal("field.unknown_code", Refused(() => Open("A question", null, Says() with { Language = (Language)(-1) })));
        Assert.Null(Refused(() => Open("A question", "tracing funds", Says())));
    }

    [Fact]
    public void It_is_resolved_by_those_who_began_it_and_by_CTED_and_then_nobody_writes_in_it()
    {
        var need = NeedAt(NeedStatus.Submitted);
        var ofState = Begin(need, Otieno, NeedParts.Inner).Thread;
        Assert.Equal([Amina, Otieno, Andrei], All.Where(p => ofState.CanResolve(need, p)));
        var ofCted = Begin(need, Andrei, NeedParts.Inner).Thread;
        Assert.Equal([Andrei], All.Where(p => ofCted.CanResolve(need, p)));
        Assert.Equal("thread.not_yours_to_resolve", Refused(() => ofCted.Resolve(need, Amina, Now)));
        ofCted.Resolve(need, Andrei, Now);
        Assert.Equal((Now, "Andrei"), (ofCted.ResolvedAt, ofCted.ResolvedBy));
        Assert.Equal("thread.resolved_already", Refused(() => ofCted.Resolve(need, Andrei, Now)));
        Assert.Equal("thread.resolved_already", Refused(() => ThreadMessage.Write(ofCted, need, Amina, Says(), [], Now)));
        // Who does not read it does not learn that it is closed.
        Assert.Equal("thread.not_yours_to_write", Refused(() => ThreadMessage.Write(ofCted, need, Ingrid, Says(), [], Now)));
        // A thread is not one of any other record.
        Assert.False(ofState.CanWrite(NeedAt(NeedStatus.Submitted), Amina));
    }

    [Fact]
    public void A_message_is_corrected_for_a_quarter_of_an_hour_and_withdrawn_at_any_time_by_its_writer()
    {
        var need = NeedAt(NeedStatus.Submitted);
        var (thread, first) = Begin(need, Amina, NeedParts.Inner);
        foreach (var other in new[] { Otieno, Andrei, Ingrid })
        {
            Assert.Equal("message.not_yours_to_edit", Refused(() => first.Edit(thread, need, other, "No.", Now)));
            Assert.Equal("message.not_yours_to_withdraw", Refused(() => first.Withdraw(thread, need, other, Now)));
        }
        first.Edit(thread, need, Amina, "Since May?", Now.AddMinutes(15));
        Assert.Equal(("Since May?", Now.AddMinutes(15)), (first.Text, first.EditedAt));
        Assert.Equal("message.too_late", Refused(() => first.Edit(thread, need, Amina, "Since June?", Now.AddMinutes(15).AddTicks(1))));
        first.Withdraw(thread, need, Amina, Now.AddDays(3));
        Assert.Equal(("", Now.AddDays(3)), (first.Text, first.WithdrawnAt));
        Assert.Equal("message.withdrawn_already", Refused(() => first.Withdraw(thread, need, Amina, Now)));
        Assert.Equal("message.withdrawn_already", Refused(() => first.Edit(thread, need, Amina, "Back.", Now)));
    }

    [Fact]
    public void Those_are_offered_to_be_told_who_hold_the_part_and_nobody_is_told_of_a_reader_they_may_not_know_of()
    {
        string Offered(string record, Enum part, Actor actor) =>
            string.Join(
                ' ',
                Discussion.Tellable(Records[record], actor, Convert.ToInt32(part, CultureInfo.InvariantCulture)).Select(a => a.Key)
            );
        Assert.Equal("state:KEN", Offered("a draft", NeedParts.Inner, Amina));
        Assert.Equal("state:KEN cted", Offered("a need", NeedParts.Inner, Amina));
        Assert.Equal("state:KEN cted", Offered("a need", NeedParts.Inner, Andrei));
        Assert.Equal("", Offered("a need", NeedParts.Inner, Ingrid));
        Assert.Equal("org:9001 state:KEN cted", Offered("a proposal", ProposalParts.Content, Amina));
        Assert.Equal("cted", Offered("a letter", DossierParts.Inner, Leila));
        Assert.Equal("cted state:KEN", Offered("a letter", DossierParts.TalkState, Leila));
        Assert.Equal("cted state:KEN", Offered("a letter", DossierParts.TalkState, Amina));
        Assert.Equal("", Offered("a letter", DossierParts.TalkState, Tuan));
        Assert.Equal("cted subcommittee:B committee", Offered("a letter", DossierParts.Deliberation, Leila));
        Assert.Equal($"cted committee org:{Cast.Delegation.Number}", Offered("a letter", DossierParts.Deliberation, Wei));
        // Which subcommittee considers a State the State never learns.
        Assert.Equal("cted state:KEN", Offered("a recommendation", RecommendationParts.Progress, Amina));
        Assert.Equal("cted state:KEN subcommittee:B committee", Offered("a recommendation", RecommendationParts.Progress, Leila));
    }

    [Fact]
    public void A_message_tells_whom_it_names_and_those_that_wrote_before_and_not_the_writers_own()
    {
        var need = NeedAt(NeedStatus.Submitted);
        _ = (need.Acts.TakeTold(), need.Acts.Take());
        var inner = (int)NeedParts.Inner;
        var (thread, _) = Begin(need, Amina, NeedParts.Inner, Audience.Cted);
        Assert.Equal([(Audience.Cted, "thread.mentioned", inner)], need.Acts.TakeToldOfPart());
        ThreadMessage.Write(thread, need, Andrei, Says(), [Kenya, Cted], Now);
        Assert.Equal([(Audience.State("KEN"), "thread.answered", inner)], need.Acts.TakeToldOfPart());
        ThreadMessage.Write(thread, need, Amina, Says("Since May.", Audience.Cted), [Kenya, Cted], Now);
        Assert.Equal([(Audience.Cted, "thread.mentioned", inner)], need.Acts.TakeToldOfPart());
        Assert.Equal(
            "thread.cannot_tell",
            Refused(() => ThreadMessage.Write(thread, need, Amina, Says("Hello.", NorthernAgency.Audience), [], Now))
        );
        Assert.Equal(
            "thread.cannot_tell",
            Refused(() => ThreadMessage.Write(thread, need, Amina, Says("Hello.", new Audience("")), [], Now))
        );
        // All of it is noted, and nothing is done to the record.
        Assert.Empty(need.Acts.TakeTold());
        Assert.True(need.Acts.IsEmpty);
        Assert.Equal(
            ["need.thread_opened", "need.thread_answered", "need.thread_answered"],
            need.Acts.TakeNoted().Select(a => a.Part == inner ? a.Code : "")
        );
    }

    [Fact]
    public void A_review_is_not_passed_while_a_thread_that_must_be_answered_is_open()
    {
        var dossier = DossierCast.At(DossierStage.Review);
        Assert.Equal([QualityItem.NoOpenThread], QualityCheck.Wanting(dossier, isAnswered: false));
        Assert.Equal("dossier.quality_wanting", Refused(() => dossier.PassReview(Chloe, QualityCheck.Said, null, Now, isAnswered: false)));
        dossier.ReturnReview(Chloe, QualityCheck.Said, "There is a question.", Now, isAnswered: false);
        Assert.Equal([QualityItem.NoOpenThread], dossier.Review!.Wanting);
    }

    [Fact]
    public void Every_part_that_is_discussed_in_is_one_of_its_kind() =>
        Assert.All(
            Kinds.All.SelectMany(k => k.Talks.Select(t => (Kind: k, Talk: t))),
            t => Assert.Contains(t.Talk, t.Kind.Parts.Named.Append(t.Kind.Parts.Inner))
        );
}
