using Microsoft.EntityFrameworkCore;
using Portal.Assessments;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Data.Demonstration;

/// <summary>
/// What happened in the demonstration, as a person would have done it: every act by someone who may, through the verbs of the records,
/// at its own time. The seed decides texts, amounts and days; who gets to see what follows a fixed pattern, so that every case is there.
/// </summary>
internal sealed class DemonstrationStory(int seed, DateTime now, Func<string, string, Actor> actor)
{
    /// <summary>Needs in the story.</summary>
    public const int Needs = 63;

    /// <summary>Standing offers in the story.</summary>
    public const int Offers = 20;

    private readonly Random random = new(seed);
    private readonly List<Scene> scenes = [];
    private List<IProtected> about = [];

    // What is discussed: told last, so that all before it stays as it is.
    private readonly List<Talk> talks = [];

    private sealed record Talk(
        DateTime At,
        List<IProtected> About,
        Func<IProtected> Record,
        int Part,
        Actor Asks,
        Actor? Answers,
        bool MustBeAnswered,
        (string Title, string Question, string? Answer) Says
    );

    /// <summary>Something done at a moment, about records that were made before.</summary>
    public sealed record Scene(DateTime At, Actor By, List<IProtected> About, Func<PortalDb, DateTime, Task> Do);

    /// <summary>All of it, in the order in which it happened.</summary>
    public IReadOnlyList<Scene> Scenes(IReadOnlyDictionary<string, Organisation> organisations)
    {
        scenes.Clear();
        talks.Clear();
        var number = 0;
        foreach (var (state, (iso3, language)) in DemonstrationCast.States.Index())
            for (
                var k = 0;
                k
                    < (
                        iso3 == "JPN" ? 2
                        : state < 5 ? 6
                        : 5
                    );
                k++, number++
            )
                // The State that also gives keeps to itself what it asks for, so that its agency does not answer it.
                TellNeed(
                    number,
                    iso3 != "JPN" ? (Fate)(number % Enum.GetValues<Fate>().Length)
                        : k == 0 ? Fate.Draft
                        : Fate.Submitted,
                    iso3,
                    language
                );
        TellDirectory(organisations);
        TellProgrammes();
        TellDossiers();
        TellThreads();
        // Stable, so that what is told for the same minute keeps its order.
        return [.. scenes.OrderBy(s => s.At)];
    }

    /// <summary>What becomes of a need: its stage, and with whom it is shared.</summary>
    private enum Fate
    {
        Draft,
        SharedWithAll,
        Submitted,
        SharedWithFirst,
        Matched,
        Returned,
        SharedWithSecond,
        AuthenticatedForFirst,
        Public,
        Withdrawn,
        PartnersAndSecond,
        MatchedInParts,
        RevokedFromFirst,
        Stale,
        AuthenticatedForNobody,
    }

    private void TellNeed(int number, Fate fate, string iso3, Language language)
    {
        var topic = DemonstrationTexts.Topics[(number * 5 + random.Next(2)) % DemonstrationTexts.Topics.Length];
        var title = DemonstrationTexts
            .Variants[number / DemonstrationTexts.Topics.Length % DemonstrationTexts.Variants.Length]
            .In(language, topic.Title[language]);
        var cost = random.Next(10) < 8 ? random.Next(4, 120) * 5_000m : (decimal?)null;
        if (fate is Fate.Matched or Fate.MatchedInParts)
            cost ??= 240_000m;
        // Help is wanted after the last day to reply; what has been given was wanted before.
        var isTold = fate is Fate.Matched or Fate.MatchedInParts && number % 30 > 15;
        var at = fate == Fate.Stale ? Days(-460 - random.Next(30)) : Days(-200 + number * 2 % 120 + random.Next(10));
        var wanted = isTold ? DateOnly.FromDateTime(at).AddDays(20) : DateOnly.FromDateTime(now).AddMonths(7 + random.Next(10));
        var content = new Need.Content
        {
            Title = title,
            Description =
                topic.Description[language] + " " + DemonstrationTexts.Extent.In(language, 10 + 5 * random.Next(12), 1 + random.Next(18)),
            Language = language,
            Theme = topic.Theme,
            Paragraphs = topic.Paragraphs,
            Origin = (NeedOrigin)random.Next(3),
            Modalities = topic.Modalities,
            Sectors = topic.Sectors,
            Beneficiary = random.Next(8) == 0 ? null : topic.Beneficiary[language],
            Urgency = (Urgency)random.Next(4),
            EstimatedCost = cost,
            Currency =
                cost is null ? null
                : random.Next(4) == 0 ? "EUR"
                : "USD",
            From = wanted,
            To =
                random.Next(3) == 0 ? null
                : isTold ? wanted.AddMonths(1)
                : wanted.AddMonths(6 + random.Next(18)),
        };

        var code = iso3.ToLowerInvariant();
        var focalPoint = actor(iso3 == "JPN" ? "both.jpn@demo.example" : $"focal.{code}@demo.example", code);
        var drafter = iso3 is "KEN" or "PER" ? actor($"contributor.{code}@demo.example", code) : focalPoint;
        var officer = actor(number % 3 == 0 ? "assistance.second@demo.example" : "assistance@demo.example", ReferenceOrganisations.Cted);
        Need need = null!;

        var records = about = [];
        Then(
            ref at,
            0,
            drafter,
            async (db, t) => Add(records, db.Needs, need = Need.Draft(await db.NextReference(Need.Card, t.Year), drafter, content, t))
        );
        if (number % 3 == 1)
            Then(ref at, 1, drafter, (db, t) => Attach(db, need, drafter, number, topic, language, t));
        if (fate == Fate.Draft)
            return;
        Then(ref at, 3, focalPoint, (_, t) => need.Submit(focalPoint, t));
        // What donors of all languages are to read is translated by CTED.
        if (language != Language.En || number % 4 == 2)
        {
            var other = language == Language.En ? Language.Fr : Language.En;
            Then(
                ref at,
                1,
                officer,
                (_, t) =>
                    need.Translate(
                        officer,
                        other,
                        DemonstrationTexts.Variants[0].In(other, topic.Title[other]),
                        topic.Description[other],
                        t
                    )
            );
        }
        if (fate == Fate.Submitted)
        {
            var asked = at.AddDays(1);
            talks.Add(new(asked, records, () => need, (int)NeedParts.Inner, officer, focalPoint, false, DemonstrationTexts.NeedThread));
            return;
        }
        if (fate == Fate.Returned || number % 7 == 0)
        {
            Then(ref at, 4, officer, (_, t) => need.Return(officer, DemonstrationTexts.Notes[number % 2][language], t));
            if (fate == Fate.Returned)
                return;
            Then(ref at, 3, focalPoint, (_, t) => need.Submit(focalPoint, t));
        }
        Then(ref at, 3, officer, (_, t) => need.Authenticate(officer, t));
        foreach (var (audience, parts) in Consents(fate))
            Then(ref at, 0, focalPoint, (_, t) => need.GiveConsent(focalPoint, audience, parts, t));
        if (fate is Fate.AuthenticatedForFirst or Fate.AuthenticatedForNobody)
            return;
        // Still open today whenever it was circulated, unless help has been given; two years is the longest time to reply that there is.
        Then(
            ref at,
            4,
            officer,
            (_, t) =>
                need.Circulate(
                    officer,
                    isTold
                        ? DateOnly.FromDateTime(t).AddDays(8)
                        : DateOnly.FromDateTime(now).AddDays(fate == Fate.Stale ? 200 : 20 + number * 7 % 160),
                    t
                )
        );
        TellProposals(number, fate, topic, language, focalPoint, () => need, cost, ref at);
        if (isTold)
            TellOutcome(
                (number / 15 % 4, fate) switch
                {
                    (1, Fate.Matched) => NeedStatus.PartlyMet,
                    (3, Fate.Matched) => NeedStatus.Met,
                    (1, _) => NeedStatus.Unmet,
                    _ => NeedStatus.InDelivery,
                },
                language,
                focalPoint,
                () => need,
                ref at
            );
        if (fate is Fate.SharedWithAll or Fate.Public)
            TellAnswers(number, language, focalPoint, () => need, ref at);
        // The officer asked for one more provider; some States have not answered yet, and one provider wants no such suggestion.
        if (fate == Fate.SharedWithFirst && number % 2 == 1)
            Then(ref at, 1, officer, (_, t) => need.AskConsent(officer, Second, NeedParts.Description | NeedParts.Modality, null, t));
        if (fate == Fate.Stale && number % 2 == 1)
            Then(
                ref at,
                1,
                actor($"manager.{DemonstrationCast.SecondDonor}@demo.example", DemonstrationCast.SecondDonor),
                (db, t) =>
                    db.NotForUs.Add(
                        NotForUs.Say(
                            need,
                            actor($"manager.{DemonstrationCast.SecondDonor}@demo.example", DemonstrationCast.SecondDonor),
                            NotForUsReason.Place,
                            null,
                            t
                        )
                    )
            );
        if (fate == Fate.RevokedFromFirst)
            Then(ref at, 5, focalPoint, (_, t) => need.RevokeConsent(focalPoint, First, DemonstrationTexts.Reasons[1][language], t));
        if (fate == Fate.Withdrawn)
            Then(ref at, 6, focalPoint, (_, t) => need.Withdraw(focalPoint, DemonstrationTexts.Reasons[number % 2][language], t, []));
    }

    // Help begun and delivered; and of some it is said what came of it.
    private void TellOutcome(NeedStatus outcome, Language language, Actor focalPoint, Func<Need> need, ref DateTime at)
    {
        var manager = actor($"manager.{DemonstrationCast.FirstDonor}@demo.example", DemonstrationCast.FirstDonor);
        var records = about;
        Milestone milestone = null!;
        Then(ref at, 1, focalPoint, (_, t) => need().BeginDelivery(focalPoint, [.. records.OfType<Proposal>()], t));
        Then(
            ref at,
            1,
            manager,
            (db, t) =>
                db.Milestones.Add(
                    milestone = Milestone.Set(
                        records.OfType<Proposal>().First(),
                        manager,
                        DemonstrationTexts.Milestone[language],
                        DateOnly.FromDateTime(t).AddDays(20),
                        t
                    )
                )
        );
        Then(
            ref at,
            1,
            manager,
            (db, t) =>
            {
                db.Attach(milestone);
                milestone.Deliver(records.OfType<Proposal>().First(), manager, DateOnly.FromDateTime(t), t);
            }
        );
        Then(
            ref at,
            1,
            focalPoint,
            (_, t) => need().ConfirmDelivery(focalPoint, DateOnly.FromDateTime(t), [.. records.OfType<Proposal>()], t)
        );
        if (outcome == NeedStatus.InDelivery)
            return;
        Then(
            ref at,
            1,
            focalPoint,
            (_, t) => need().Conclude(focalPoint, outcome, DemonstrationTexts.OutcomeNote[language], [.. records.OfType<Proposal>()], t)
        );
    }

    // One question is answered for all, one waits; a provider has nothing to propose now.
    private void TellAnswers(int number, Language language, Actor focalPoint, Func<Need> need, ref DateTime at)
    {
        var (first, second) = (
            actor($"manager.{DemonstrationCast.FirstDonor}@demo.example", DemonstrationCast.FirstDonor),
            actor($"manager.{DemonstrationCast.SecondDonor}@demo.example", DemonstrationCast.SecondDonor)
        );
        NeedQuestion asked = null!;
        Then(
            ref at,
            0,
            second,
            (db, t) => db.Questions.Add(asked = NeedQuestion.Ask(need(), second, DemonstrationTexts.Question[language], language, t))
        );
        if (number % 2 == 0)
            Then(
                ref at,
                1,
                focalPoint,
                (db, t) =>
                {
                    db.Attach(asked);
                    asked.Reply(need(), focalPoint, DemonstrationTexts.QuestionAnswer[language], language, t);
                }
            );
        if (number % 4 == 0)
            Then(ref at, 0, first, (db, t) => db.NotNow.Add(NotNow.Say(need(), first, NotNowReason.Dates, null, t)));
    }

    private static readonly Audience First = Audience.Org(NumberOf(DemonstrationCast.FirstDonor));
    private static readonly Audience Second = Audience.Org(NumberOf(DemonstrationCast.SecondDonor));

    private static int NumberOf(string code) =>
        KnownOrganisations.All.Index().First(o => o.Item.Code.Equals(code, StringComparison.OrdinalIgnoreCase)).Index + 1;

    // Crossing on purpose: the same need reaches two donors with different parts, or one and not the other.
    private static (Audience, NeedParts)[] Consents(Fate fate) =>
        fate switch
        {
            Fate.SharedWithFirst or Fate.Withdrawn => [(First, NeedPartsSets.Shareable)],
            Fate.AuthenticatedForFirst => [(First, NeedParts.Summary | NeedParts.Description)],
            Fate.SharedWithSecond => [(Second, NeedParts.Summary | NeedParts.Description | NeedParts.Cost)],
            Fate.SharedWithAll =>
            [
                (Audience.Providers, NeedParts.Summary | NeedParts.Description | NeedParts.Modality | NeedParts.Timeframe),
            ],
            Fate.Matched => [(First, NeedPartsSets.Shareable), (Second, NeedParts.Summary | NeedParts.Modality)],
            Fate.MatchedInParts =>
            [
                (Audience.Providers, NeedParts.Summary),
                (First, NeedPartsSets.Shareable),
                (Second, NeedPartsSets.Shareable & ~NeedParts.Attachments),
            ],
            Fate.Public =>
            [
                (Audience.Public, NeedParts.Summary | NeedParts.Description),
                (Audience.Providers, NeedPartsSets.Shareable & ~NeedParts.Beneficiary),
            ],
            Fate.PartnersAndSecond => [(Audience.Partners, NeedParts.Summary | NeedParts.Background), (Second, NeedPartsSets.Shareable)],
            Fate.RevokedFromFirst => [(First, NeedPartsSets.Shareable), (Second, NeedParts.Summary)],
            Fate.Stale => [(Audience.Providers, NeedParts.Summary | NeedParts.Description)],
            Fate.Draft or Fate.Submitted or Fate.Returned or Fate.AuthenticatedForNobody => [],
        };

    private void TellProposals(
        int number,
        Fate fate,
        Topic topic,
        Language language,
        Actor focalPoint,
        Func<Need> need,
        decimal? cost,
        ref DateTime at
    )
    {
        switch (fate)
        {
            case Fate.Matched:
                TellProposal(
                    DemonstrationCast.FirstDonor,
                    number,
                    topic,
                    language,
                    focalPoint,
                    need,
                    ProposalStatus.Accepted,
                    cost,
                    null,
                    at
                );
                break;
            case Fate.MatchedInParts:
                TellProposal(
                    DemonstrationCast.FirstDonor,
                    number,
                    topic,
                    language,
                    focalPoint,
                    need,
                    ProposalStatus.Accepted,
                    cost / 2,
                    cost / 4,
                    at
                );
                TellProposal(
                    DemonstrationCast.SecondDonor,
                    number,
                    topic,
                    language,
                    focalPoint,
                    need,
                    ProposalStatus.Accepted,
                    cost / 4,
                    null,
                    at.AddDays(2)
                );
                break;
            case Fate.SharedWithFirst:
                TellProposal(
                    DemonstrationCast.FirstDonor,
                    number,
                    topic,
                    language,
                    focalPoint,
                    need,
                    (ProposalStatus)(number / 15 % 3),
                    cost,
                    null,
                    at
                );
                break;
            case Fate.SharedWithSecond:
                TellProposal(
                    DemonstrationCast.SecondDonor,
                    number,
                    topic,
                    language,
                    focalPoint,
                    need,
                    (number / 15 % 3) switch
                    {
                        0 => ProposalStatus.Shortlisted,
                        1 => ProposalStatus.Withdrawn,
                        _ => ProposalStatus.Draft,
                    },
                    cost,
                    null,
                    at
                );
                break;
            case Fate.SharedWithAll or Fate.Public:
                TellProposal(
                    DemonstrationCast.FirstDonor,
                    number,
                    topic,
                    language,
                    focalPoint,
                    need,
                    number % 2 == 0 ? ProposalStatus.Declined : ProposalStatus.Proposed,
                    cost,
                    null,
                    at
                );
                TellProposal(
                    DemonstrationCast.SecondDonor,
                    number,
                    topic,
                    language,
                    focalPoint,
                    need,
                    number % 2 == 0 ? ProposalStatus.Proposed : ProposalStatus.Shortlisted,
                    cost / 2,
                    null,
                    at.AddDays(1)
                );
                break;
            case Fate.Draft
            or Fate.Submitted
            or Fate.Returned
            or Fate.AuthenticatedForFirst
            or Fate.AuthenticatedForNobody
            or Fate.Withdrawn
            or Fate.PartnersAndSecond
            or Fate.RevokedFromFirst
            or Fate.Stale:
                break;
        }
        at = at.AddDays(9);
    }

    private void TellProposal(
        string donor,
        int number,
        Topic topic,
        Language language,
        Actor focalPoint,
        Func<Need> need,
        ProposalStatus fate,
        decimal? amount,
        decimal? accepted,
        DateTime at
    )
    {
        var contributor = actor($"contributor.{donor}@demo.example", donor);
        var manager = actor($"manager.{donor}@demo.example", donor);
        var answer = DemonstrationTexts.Answer[language];
        // Donors write in English, or in French and Spanish to those who write so.
        var inLanguage = language is Language.Fr or Language.Es ? language : Language.En;
        Proposal proposal = null!;
        var records = about;
        Then(
            ref at,
            1,
            contributor,
            async (db, t) =>
            {
                // When it is wanted, or in the month after.
                var from = need().From!.Value.AddDays(number % 5 * 5);
                var content = new Proposal.Content
                {
                    Title = DemonstrationTexts.ProposalTitle.In(inLanguage, topic.Title[inLanguage]),
                    Description = DemonstrationTexts.ProposalDescriptions[number % DemonstrationTexts.ProposalDescriptions.Length][
                        inLanguage
                    ],
                    Language = inLanguage,
                    Modalities = topic.Modalities,
                    Amount = amount,
                    Currency = amount is null ? null : need().Currency,
                    From = from,
                    To =
                        need().To is not { } to ? null
                        : to > from.AddMonths(9) ? from.AddMonths(9)
                        : to,
                    Conditions = number % 3 == 0 ? null : DemonstrationTexts.Conditions[inLanguage],
                };
                Add(
                    records,
                    db.Proposals,
                    proposal = Proposal.Draft(await db.NextReference(Proposal.Card, t.Year), contributor, need(), content, t)
                );
            }
        );
        if (fate == ProposalStatus.Draft)
            return;
        Then(ref at, 2, manager, (_, t) => proposal.Propose(manager, need(), t));
        if (fate == ProposalStatus.Withdrawn)
            Then(ref at, 3, manager, (_, t) => proposal.Withdraw(manager, null, t));
        if (fate is ProposalStatus.Shortlisted or ProposalStatus.Accepted)
            Then(ref at, 2, focalPoint, (_, t) => proposal.Shortlist(focalPoint, t));
        if (fate == ProposalStatus.Accepted)
            Then(ref at, 2, focalPoint, (_, t) => proposal.Accept(focalPoint, need(), accepted, t));
        if (fate == ProposalStatus.Declined)
            Then(ref at, 3, focalPoint, (_, t) => proposal.Decline(focalPoint, answer, t));
    }

    // Each serves the first need that its provider sees of its State and theme; to others that does not exist.
    private void TellProgrammes()
    {
        var told = new Random(seed + 1);
        foreach (var (i, telling) in new DemonstrationProgrammes(told, now, actor).Tell().Index())
        {
            var at = Days(-60 + i * 2);
            Programme programme = null!;
            var records = about = [];
            Then(
                ref at,
                0,
                telling.Drafter,
                async (db, t) =>
                    Add(
                        records,
                        db.Programmes,
                        programme = Programme.Draft(await db.NextReference(Programme.Card, t.Year), telling.Drafter, telling.Content, t)
                    )
            );
            if (i % 3 == 0 || i == 1)
                Then(ref at, 0, telling.Manager, (db, t) => Attach(db, programme, telling.Manager, i, t));
            if (telling.Sharing is { } sharing)
                Then(ref at, 1, telling.Manager, (_, t) => programme.Share(telling.Manager, sharing, t));
            if (telling.Status is ProgrammeStatus.Active or ProgrammeStatus.Completed)
                Then(ref at, 1, telling.Manager, (_, t) => programme.Begin(telling.Manager, t));
            if (telling.Status == ProgrammeStatus.Completed)
                Then(ref at, 1, telling.Manager, (_, t) => programme.Complete(telling.Manager, t));
            if (telling.Status == ProgrammeStatus.Cancelled)
                Then(
                    ref at,
                    1,
                    telling.Manager,
                    (_, t) => programme.Cancel(telling.Manager, DemonstrationTexts.Reasons[i % 2][Language.En], t)
                );
            Then(
                ref at,
                1,
                telling.Manager,
                async (db, t) =>
                {
                    var candidates = await db
                        .Needs.Include(n => n.Consents)
                        .Where(n => telling.Content.States.Contains(n.StateIso3))
                        .OrderBy(n => n.Reference)
                        .ToListAsync();
                    if (candidates.Find(n => programme.CanServe(telling.Manager, n)) is { } need)
                        db.ServedNeeds.Add(programme.Serve(telling.Manager, need, t));
                }
            );
        }
    }

    private void TellDossiers()
    {
        var all = new DemonstrationDossiers(seed, now, actor);
        foreach (var telling in all.Tell())
        {
            Dossier dossier = null!;
            var asked = new List<Recommendation>();
            var records = about = [];
            var at = Days(telling.Begun);
            Then(
                ref at,
                0,
                telling.Officer,
                async (db, t) =>
                    Add(
                        records,
                        db.Dossiers,
                        dossier = Dossier.Draft(
                            await db.NextReference(Dossier.Card, t.Year, telling.Iso3),
                            telling.Officer,
                            telling.Content,
                            t
                        )
                    )
            );
            foreach (var (day, by, act) in telling.Acts)
            {
                at = Days(day);
                Then(
                    ref at,
                    0,
                    by,
                    async (db, t) =>
                    {
                        act(dossier, t);
                        if (dossier.SentAt != t)
                            return;
                        asked.AddRange(await DossierService.Follow(db, dossier, t));
                        records.AddRange(asked);
                    }
                );
            }
            if (telling.Fate is DossierStage.Responded or DossierStage.Closed)
                foreach (var number in Enumerable.Range(1, Math.Min(3, telling.Content.Recommendations.Count)))
                foreach (var (day, by, act) in all.Progress(telling.Iso3, number, telling.Officer))
                {
                    at = Days(day);
                    Then(ref at, 0, by, (_, t) => act(asked[number - 1], t));
                }
            if (telling.Fate == DossierStage.Review)
            {
                var reviewer = actor("information@demo.example", ReferenceOrganisations.Cted);
                var (title, question) = DemonstrationTexts.ReviewThread;
                talks.Add(new(Days(-2), records, () => dossier, (int)DossierParts.Inner, reviewer, null, true, (title, question, null)));
            }
            if (telling.Fate == DossierStage.Sent)
            {
                var code = telling.Iso3.ToLowerInvariant();
                var (state, part) = (actor($"focal.{code}@demo.example", code), (int)DossierParts.TalkState);
                talks.Add(new(Days(-6), records, () => dossier, part, telling.Officer, state, false, DemonstrationTexts.LetterThread));
            }
            if (telling.Fate == DossierStage.Sent && telling.Content.Recommendations.Count > 0)
                TellNeedOf(telling.Iso3, () => asked[0], records);
        }
    }

    private void TellThreads()
    {
        foreach (var talk in talks)
        {
            about = talk.About;
            var at = talk.At;
            DiscussionThread thread = null!;
            Then(
                ref at,
                0,
                talk.Asks,
                (db, t) =>
                {
                    (thread, var first) = DiscussionThread.Open(
                        talk.Record(),
                        talk.Asks,
                        talk.Part,
                        talk.Says.Title,
                        null,
                        talk.MustBeAnswered,
                        new Said(talk.Says.Question, Language.En, []),
                        t
                    );
                    db.AddRange(thread, first);
                }
            );
            if (talk is { Answers: { } answers, Says.Answer: { } answer })
                Then(
                    ref at,
                    1,
                    answers,
                    (db, t) =>
                        db.Add(
                            ThreadMessage.Write(
                                thread,
                                talk.Record(),
                                answers,
                                new Said(answer, Language.En, []),
                                [talk.Asks.Membership!.Organisation],
                                t
                            )
                        )
                );
        }
    }

    // What a State was asked becomes a need of its own, which tells nobody else that it was asked.
    private void TellNeedOf(string iso3, Func<Recommendation> asked, List<IProtected> records)
    {
        var code = iso3.ToLowerInvariant();
        var focalPoint = actor($"focal.{code}@demo.example", code);
        var at = Days(-15);
        Need need = null!;
        Then(
            ref at,
            0,
            focalPoint,
            async (db, t) =>
            {
                var topic = Topics.Find(asked().Topic)!;
                var content = new Need.Content
                {
                    Title = asked().Title,
                    Description = asked().Asks,
                    Language = asked().Language,
                    Theme = topic.ThemeCode,
                    Paragraphs = [topic.ParagraphCode],
                    Modalities = [Modalities.All[0].Code],
                    Urgency = Urgency.Medium,
                    From = DateOnly.FromDateTime(now).AddMonths(9),
                };
                need = Need.Draft(await db.NextReference(Need.Card, t.Year), focalPoint, content, t, asked());
                Add(records, db.Needs, need);
            }
        );
        Then(ref at, 1, focalPoint, (_, t) => need.Submit(focalPoint, t));
    }

    // Profiles and offers of organisations without a person in the cast are written by CTED's information officer, who manages the
    // directory.
    private void TellDirectory(IReadOnlyDictionary<string, Organisation> organisations)
    {
        var information = actor("information@demo.example", ReferenceOrganisations.Cted);
        foreach (var (i, known) in KnownOrganisations.All.Index().Where(o => o.Index % 4 != 3))
        {
            var organisation = organisations[known.Code.ToLowerInvariant()];
            var at = Days(-300 + i * 3);
            // In English, and in French or Russian where the organisation works in it.
            var language = known.Code switch
            {
                "FDFA" => Language.Fr,
                "CIS" => Language.Ru,
                _ => Language.En,
            };
            about = [];
            Then(
                ref at,
                0,
                information,
                (db, t) =>
                {
                    // Known to the context, so that it is not added again.
                    db.Attach(organisation);
                    var profile = Domain.Directory.Profile.For(organisation, language, t);
                    profile.Edit(
                        new()
                        {
                            Summary = DemonstrationTexts.Profile[language],
                            Language = language,
                            ContactName = DemonstrationTexts.Contact[language],
                            ContactEmail = $"contact.{organisation.Code}@demo.example",
                        },
                        t
                    );
                    if (i % 5 != 4)
                        profile.Publish(t);
                    db.Profiles.Add(profile);
                }
            );
        }
        var officer = actor("assistance@demo.example", ReferenceOrganisations.Cted);
        about = [];
        var rated = Days(-120);
        foreach (var (currency, rate) in new[] { ("EUR", 0.92m), ("JPY", 148.5m), ("CHF", 0.88m) })
            Then(
                ref rated,
                0,
                officer,
                (db, t) => db.ExchangeRates.Add(ExchangeRate.Of(officer, currency, DateOnly.FromDateTime(t), rate, "Demonstration", t))
            );
        var givers = KnownOrganisations
            .All.Where(o => o.Kind == KnownOrganisationKind.Provider)
            .Select(o => o.Code.ToLowerInvariant())
            .OrderByDescending(c => c is DemonstrationCast.FirstDonor or DemonstrationCast.SecondDonor)
            .ToList();
        for (var i = 0; i < Offers; i++)
        {
            var code = givers[i % 14 < 4 ? i % 2 : i % givers.Count];
            var (organisation, content) = (organisations[code], OfferContent(i, random, code == "fdfa" ? Language.Fr : Language.En));
            var at = Days(-150 + i * 5);
            var by = code is DemonstrationCast.FirstDonor or DemonstrationCast.SecondDonor
                ? actor($"manager.{code}@demo.example", code)
                : information;
            StandingOffer offer = null!;
            var records = about = [];
            Then(
                ref at,
                0,
                by,
                async (db, t) =>
                    Add(
                        records,
                        db.Offers,
                        offer = StandingOffer.Open(await db.NextReference(StandingOffer.Card, t.Year), organisation, content, t)
                    )
            );
            if (i % 9 == 8)
                Then(ref at, 6, by, (_, t) => offer.Close(t));
        }
    }

    /// <summary>What a standing offer says; also of those written in bulk.</summary>
    public static StandingOffer.Content OfferContent(int i, Random random, Language language = Language.En)
    {
        var theme = Themes.All[random.Next(Themes.All.Count)];
        var regions = RegionalGroups.All.Where(_ => random.Next(3) == 0).ToList();
        return new()
        {
            Title = DemonstrationTexts.OfferTitle.In(language, theme.Name[language]),
            Description = DemonstrationTexts.OfferDescription[language],
            Language = language,
            Themes = [theme.Code, .. Themes.All.Where(t => t != theme && random.Next(6) == 0).Select(t => t.Code)],
            Modalities = [.. Modalities.All.Where((_, m) => m == i % Modalities.All.Count || random.Next(5) == 0).Select(m => m.Code)],
            Regions = regions,
            WorkingLanguages = [language, .. Languages.All.Where(l => l != language && random.Next(3) == 0)],
            BudgetFrom = random.Next(4) == 0 ? null : 10_000m * random.Next(1, 6),
            BudgetTo = random.Next(4) == 0 ? null : 50_000m * random.Next(2, 20),
            Currency = "USD",
            IsPublished = i % 3 != 2,
        };
    }

    private static void Attach(PortalDb db, Programme programme, Actor by, int number, DateTime t) =>
        Attach(
            db,
            programme,
            by,
            $"plan-{number}.pdf",
            SmallPdf.Of("Demonstration file", programme.Title.All(char.IsAscii) ? programme.Title : programme.Reference),
            t
        );

    private static void Attach(PortalDb db, Need need, Actor by, int number, Topic topic, Language language, DateTime t)
    {
        if (number % 2 == 0)
            Attach(
                db,
                need,
                by,
                $"programme-{number}.txt",
                System.Text.Encoding.UTF8.GetBytes(topic.Title[language] + "\n\n" + topic.Description[language] + "\n"),
                t
            );
        else
            Attach(db, need, by, $"outline-{number}.pdf", SmallPdf.Of("Demonstration file", topic.Title.En), t);
    }

    private static void Attach(PortalDb db, IHasFiles record, Actor by, string name, byte[] bytes, DateTime t)
    {
        var file = record.AddFile(by, name, bytes, t);
        db.Attachments.Add(file);
        db.AttachmentChunks.AddRange(AttachmentChunk.Cut(file.Id, bytes));
    }

    private static void Add<T>(List<IProtected> records, Microsoft.EntityFrameworkCore.DbSet<T> set, T record)
        where T : class, IProtected
    {
        // With the organisation it refers to, which is there already.
        set.Entry(record).State = Microsoft.EntityFrameworkCore.EntityState.Added;
        records.Add(record);
    }

    private DateTime Days(int days) => now.Date.AddDays(days).AddHours(8);

    private void Then(ref DateTime at, int daysLater, Actor by, Action<PortalDb, DateTime> act) =>
        Then(
            ref at,
            daysLater,
            by,
            (db, t) =>
            {
                act(db, t);
                return Task.CompletedTask;
            }
        );

    // Everything happens in the morning, in order, and never after now: how far back it starts leaves room for the longest life.
    private void Then(ref DateTime at, int daysLater, Actor by, Func<PortalDb, DateTime, Task> act)
    {
        at = at.AddDays(daysLater).AddMinutes(1 + random.Next(25));
        if (at >= now)
            throw new InvalidOperationException("The demonstration's story would reach into the future.");
        scenes.Add(new Scene(at, by, about, act));
    }
}

/// <summary>The smallest file that readers open as a document: one page with two lines, in the Latin alphabet.</summary>
internal static class SmallPdf
{
    public static byte[] Of(string heading, string line)
    {
        var text = $"BT /F1 18 Tf 72 760 Td ({Escape(heading)}) Tj 0 -32 Td /F1 12 Tf ({Escape(line)}) Tj ET";
        string[] objects =
        [
            "<</Type/Catalog/Pages 2 0 R/Lang(en)>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            $"<</Length {text.Length}>>stream\n{text}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ];
        var file = new System.Text.StringBuilder("%PDF-1.4\n");
        var starts = new List<int>();
        foreach (var (i, body) in objects.Index())
        {
            starts.Add(file.Length);
            file.Append($"{i + 1} 0 obj{body}endobj\n");
        }
        var table = file.Length;
        file.Append($"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var start in starts)
            file.Append($"{start:0000000000} 00000 n \n");
        file.Append($"trailer<</Size {objects.Length + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
        return System.Text.Encoding.ASCII.GetBytes(file.ToString());
    }

    private static string Escape(string text) => text.Replace(@"\", @"\\").Replace("(", @"\(").Replace(")", @"\)");
}
