using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Matches;
using Portal.Calendar;
using Portal.Committee;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Committee;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Home;

/// <summary>Something that waits for the reader.</summary>
/// <param name="Code">What to do.</param>
/// <param name="Address">Where.</param>
/// <param name="Reference">Which record.</param>
/// <param name="Title">Its title.</param>
/// <param name="Language">Language of the title.</param>
/// <param name="Due">By when, if there is a day.</param>
public sealed record WaitingItem(string Code, string Address, string Reference, string Title, Language Language, DateOnly? Due)
{
    /// <summary>ISO 3166-1 alpha-3 of the State it is about; null where that is the reader's own, or none.</summary>
    public string? State { get; init; }

    /// <summary>UTC; since when it waits, as far as the reader may know.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Working days at Headquarters until <see cref="Due"/>, where it is those that count.</summary>
    public int? WorkingDays { get; init; }
}

/// <summary>A figure that leads to its list.</summary>
public sealed record Figure(string Code, int Count, bool IsCapped, string Address);

/// <summary>How many more wait than are listed, and where they are.</summary>
public sealed record MoreWaiting(string Code, int Count, bool IsCapped, string Address);

/// <summary>In a preview, things that wait and that whoever looks may not read.</summary>
public sealed record MaskedItems(string Code, int Count);

/// <summary>What a membership's home page shows.</summary>
public sealed record HomeView(IReadOnlyList<WaitingItem> Waiting, IReadOnlyList<Figure> Figures)
{
    /// <summary>Whether the reader also sees how the log stands.</summary>
    public bool SeesAudit { get; init; }

    /// <summary>Matches worth a look.</summary>
    public IReadOnlyList<MatchRow> Suggestions { get; init; } = [];

    /// <summary>What waits besides.</summary>
    public IReadOnlyList<MoreWaiting> More { get; init; } = [];

    /// <summary>What waits and is masked, in a preview.</summary>
    public IReadOnlyList<MaskedItems> Masked { get; init; } = [];
}

/// <summary>The work list of each membership: what waits for whom, by the same rules that open the buttons.</summary>
public sealed class HomeService(
    ActorSource actors,
    MatchService matches,
    VacancyService vacancies,
    HeadquartersTime headquarters,
    Say say,
    TimeProvider clock
)
{
    private const int Most = 10;

    /// <summary>The home page of the membership acted under.</summary>
    public async Task<HomeView> Get(CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        await db.OneConnection(ct);
        var work = new Work(db, clock.GetUtcNow().UtcDateTime, ct);
        switch (db.Actor.Membership?.Organisation.Kind)
        {
            case OrganisationKind.MemberState:
                await OfState(work);
                break;
            case OrganisationKind.Provider:
                await OfProvider(work);
                break;
            case OrganisationKind.Partner:
                await OfPartner(work);
                break;
            case OrganisationKind.Cted when db.Actor.LevelIn(Section.Needs) >= Level.View:
                await OfCted(work);
                break;
            case OrganisationKind.Cted or OrganisationKind.Committee or OrganisationKind.ExpertGroup or OrganisationKind.Operations or null:
                break;
        }
        if (db.Actor.LevelIn(Section.Assessments) >= Level.View)
            await OfDossiers(work);
        if (db.Actor.LevelIn(Section.Programmes) >= Level.View)
            await OfProgrammes(work);
        var audits = db.Actor.LevelIn(Section.Audit) >= Level.View;
        if (audits)
            await OfAudit(work);
        if (db.Actor.LevelIn(Section.Access) >= Level.Manage)
        {
            await OfAccess(work);
            await OfVacancies(work);
        }
        if (Delegation.May(db.Actor, PeopleAct.Review))
            await OfReviews(work);
        // What has a day comes first, the nearest before the others; the rest as it is listed.
        return new HomeView([.. work.Waiting.OrderBy(w => w.Due ?? DateOnly.MaxValue)], work.Figures)
        {
            SeesAudit = audits && !db.IsPreview,
            Masked = work.Masked,
            More = work.More,
            Suggestions = await matches.Suggestions(db, 5, ct),
        };
    }

    private static async Task OfState(Work work)
    {
        var iso3 = work.Db.Actor.StateIso3!;
        var decides = work.Db.Actor.LevelIn(Section.Needs) >= Level.Decide;
        var own = work.Db.Needs.Where(n => n.StateIso3 == iso3);
        await work.Needs("wait:returned", own.Where(n => n.Status == NeedStatus.Returned));
        await work.Needs(decides ? "wait:submit" : "wait:finish", own.Where(n => n.Status == NeedStatus.Draft));
        if (decides)
        {
            await work.Proposals(
                "wait:choose",
                work.Db.Proposals.Where(p =>
                    p.StateIso3 == iso3 && (p.Status == ProposalStatus.Proposed || p.Status == ProposalStatus.Shortlisted)
                ),
                p => work.Db.Needs.Where(n => n.Id == p.NeedId).Select(n => n.ReplyBy).FirstOrDefault()
            );
            await work.Needs(
                "wait:consent",
                own.Where(n =>
                    (n.Status == NeedStatus.Submitted || n.Status == NeedStatus.Authenticated || n.Status == NeedStatus.Circulated)
                    && !n.Consents.Any(c => c.RevokedAt == null)
                )
            );
            await work.Needs(
                "wait:question",
                own.Where(n => NeedStages.Open.Contains(n.Status) && work.Db.Questions.Any(q => q.NeedId == n.Id && q.AnsweredAt == null))
            );
            await work.Needs(
                "wait:request",
                own.Where(n => n.Status != NeedStatus.Withdrawn && n.Requests.Any(r => r.Status == ConsentRequestStatus.Open)),
                n => n.Requests.Where(r => r.Status == ConsentRequestStatus.Open).Min(r => r.SilentAfter)
            );
            var delivered = NeedRules.DeliveredLongEnough(work.Now);
            await work.Needs("wait:outcome", own.Where(n => n.Status == NeedStatus.InDelivery && n.DeliveredOn <= delivered));
            await work.Proposals(
                "wait:milestone",
                work.Db.Proposals.Where(p =>
                    p.StateIso3 == iso3
                    && p.Outcome == null
                    && work.Db.Milestones.Any(m => m.ProposalId == p.Id && m.DeliveredOn != null && m.ConfirmedAt == null)
                )
            );
            // Those that are with the State anyway wait to be submitted, which says that they stand.
            var yearAgo = work.Now.AddYears(-1);
            await work.Needs(
                "wait:stale",
                own.Where(n =>
                    n.LastConfirmedAt < yearAgo
                    && (
                        n.Status == NeedStatus.Submitted
                        || n.Status == NeedStatus.Authenticated
                        || n.Status == NeedStatus.Circulated
                        || n.Status == NeedStatus.Matched
                    )
                )
            );
        }
        foreach (
            var status in (NeedStatus[])
                [
                    NeedStatus.Draft,
                    NeedStatus.Submitted,
                    NeedStatus.Authenticated,
                    NeedStatus.Circulated,
                    NeedStatus.Matched,
                    NeedStatus.InDelivery,
                    NeedStatus.Met,
                    NeedStatus.PartlyMet,
                    NeedStatus.Unmet,
                ]
        )
            await work.Count(status, own);
    }

    private static async Task OfProvider(Work work)
    {
        var number = work.Db.Actor.Membership!.Organisation.Number;
        var open = work.Db.Needs.Where(NeedRules.TakesReplies(Days.NotOver(work.Now)));
        await work.Proposals(
            "wait:draft_proposal",
            // What can no longer be sent does not wait.
            work.Db.Proposals.Where(p =>
                p.OrganisationNumber == number && p.Status == ProposalStatus.Draft && open.Any(n => n.Id == p.NeedId)
            )
        );
        var shared = await work.Db.List(new ListRequest<Need>(Need.Card) { PageSize = 200 }, work.Ct);
        var ids = shared.Ids;
        await work.Needs(
            "wait:reply",
            open.Where(n =>
                ids.Contains(n.Id)
                && !work.Db.NotNow.Any(x => x.NeedId == n.Id && x.OrganisationNumber == number)
                && !work.Db.Proposals.Any(p => p.NeedId == n.Id && p.OrganisationNumber == number)
            ),
            n => n.ReplyBy
        );
        work.Figures.Add(new Figure("figure:needs.shared", shared.Total, shared.IsCapped, Need.Card.List));
        await work.Count(
            "figure:proposals.mine",
            work.Db.Proposals.Where(p =>
                p.OrganisationNumber == number && (p.Status == ProposalStatus.Proposed || p.Status == ProposalStatus.Shortlisted)
            ),
            Proposal.Card.List + "?status=Proposed&status=Shortlisted"
        );
        await work.Count(
            "figure:offers",
            work.Db.Offers.Where(o => o.OrganisationNumber == number && o.IsOpen),
            Profile.Card.Path(work.Db.Actor.Membership.Organisation.Code)
        );
    }

    // Help being given: one's own, that to one's State, or all that the reader sees.
    private static async Task OfProgrammes(Work work)
    {
        var running = work.Db.Programmes.Where(p => p.Status == ProgrammeStatus.Active);
        var own = work.Db.Actor.Membership?.Organisation;
        if (Programme.CanDraft(work.Db.Actor))
            await work.Count(
                "figure:programmes.mine",
                running.Where(p => p.OrganisationId == own!.Id),
                Programme.Card.List + "?status=Active&provider=" + own!.Code
            );
        else if (work.Db.Actor.StateIso3 is { } iso3)
            await work.Count(
                "figure:programmes.here",
                running.Where(p => p.States.Any(s => s == iso3)),
                Programme.Card.List + "?status=Active&state=" + iso3
            );
        else
            await work.Count("figure:programmes", running, Programme.Card.List + "?status=Active");
    }

    private static async Task OfAudit(Work work)
    {
        var (day, week) = (work.Now.AddDays(-1), work.Now.AddDays(-7));
        var since = FormattableString.Invariant($"{week:yyyy-MM-dd}");
        await work.Count(
            "figure:audit.day",
            work.Db.AuditEntries.Where(e => e.At > day),
            FormattableString.Invariant($"/audit?from={day:yyyy-MM-dd}")
        );
        await work.Count(
            "figure:audit.failed",
            work.Db.AuditEntries.Where(e => e.Code == "account.sign_in_failed" && e.At > week),
            "/audit?act=account.sign_in_failed&from=" + since
        );
        await work.Count(
            "figure:audit.refused",
            work.Db.AuditEntries.Where(e => e.Code == "account.sign_in_refused" && e.At > week),
            "/audit?act=account.sign_in_refused&from=" + since
        );
    }

    // Requests, grants that wait for a second manager, and what lapses soon: oldest first, and none that is for another to decide.
    private async Task OfAccess(Work work)
    {
        var (now, soon, me) = (work.Now, work.Now + GrantService.Soon, work.Db.Actor.PersonId);
        var requests = work.Db.AccessRequests.Where(r => r.Status == RequestStatus.Waiting);
        var waiting = work.Db.Grants.Where(Grant.AreWaiting).Where(g => g.Until == null || g.Until > now);
        var ending = work.Db.Grants.Where(g => g.RevokedAt == null && g.Until > now && g.Until <= soon);
        var asked = await requests
            .Where(r => r.PersonId != me)
            .OrderBy(r => r.AskedAt)
            .Take(Most)
            .Select(r => new
            {
                r.Section,
                r.AskedAt,
                Name = work.Db.Users.Where(u => u.Id == r.PersonId).Select(u => u.Name).FirstOrDefault(),
            })
            .ToListAsync(work.Ct);
        work.Waiting.AddRange(
            asked.Select(r =>
                Item(
                    "wait:access_request",
                    "/access/requests?status=Waiting",
                    $"{r.Name} · {say.Code("section", r.Section)}",
                    null,
                    r.AskedAt
                )
            )
        );
        work.Waiting.AddRange(
            (await Grants(work, waiting.Where(g => g.GrantedBy != me).OrderBy(g => g.GrantedAt))).Select(g =>
                Item("wait:access_second", "/access/grants?standing=Waiting", Called(g), null, g.GrantedAt)
            )
        );
        work.Waiting.AddRange(
            (await Grants(work, ending.OrderBy(g => g.Until))).Select(g =>
                Item("wait:access_ending", "/access/grants?only=Expiring", Called(g), Days.Last(g.Until!.Value), null)
            )
        );
        await work.Count("figure:access.requests", requests, "/access/requests?status=Waiting");
        await work.Count("figure:access.expiring", ending, "/access/grants?only=Expiring");
        await work.Count("figure:access.second", waiting, "/access/grants?standing=Waiting");
    }

    private sealed record GrantLine(
        Role? Role,
        LocalName? Organisation,
        string? Person,
        Section Section,
        Level Level,
        DateTime GrantedAt,
        DateTime? Until
    );

    private static Task<List<GrantLine>> Grants(Work work, IQueryable<Grant> grants) =>
        grants
            .Take(Most)
            .Select(g => new GrantLine(
                g.Role,
                work.Db.Organisations.Where(o => o.Id == g.OrganisationId).Select(o => o.Name).FirstOrDefault(),
                work.Db.Users.Where(u => u.Id == g.PersonId).Select(u => u.Name).FirstOrDefault(),
                g.Section,
                g.Level,
                g.GrantedAt,
                g.Until
            ))
            .ToListAsync(work.Ct);

    private string Called(GrantLine grant) =>
        string.Join(
            " · ",
            grant.Person ?? (grant.Organisation is { } body ? say.Name(body) : say.Code("role", grant.Role!.Value)),
            say.Labelled(say.Code("section", grant.Section), say.Code("level", grant.Level))
        );

    private static WaitingItem Item(string code, string address, string title, DateOnly? due, DateTime? since) =>
        new(code, address, "", title, Culture.Current, due) { Since = since };

    private async Task OfVacancies(Work work)
    {
        if (work.Db.IsPreview)
            return;
        foreach (var line in (await vacancies.List()).Take(Most))
            work.Waiting.Add(
                Item(
                    "wait:vacancy",
                    "/access/organisations/" + line.Code,
                    say.Labelled(say.Name(line.Organisation), say.Code("role", line.Role)),
                    line.From > work.Now ? DateOnly.FromDateTime(line.From) : null,
                    line.From > work.Now ? null : line.From
                )
            );
    }

    // What the reader sees of reviews is theirs to answer, their own access apart; who only reads has no work with it.
    private async Task OfReviews(Work work)
    {
        var (now, me) = (work.Now, work.Db.Actor.PersonId);
        var waiting = work.Db.ReviewItems.Where(i =>
            i.Outcome == ReviewOutcome.Waiting
            && i.PersonId != me
            && work.Db.ReviewCampaigns.Any(c => c.Id == i.CampaignId && c.Status == ReviewStatus.Open && c.Deadline > now)
        );
        if (work.Db.Actor.LevelIn(Section.Access) is Level.None or Level.Manage && await waiting.AnyAsync(work.Ct))
        {
            await work.Count("figure:access.reviews", waiting, "/access/reviews");
            var open = await work
                .Db.ReviewCampaigns.Where(c => waiting.Any(i => i.CampaignId == c.Id))
                .OrderBy(c => c.Deadline)
                .Select(c => new
                {
                    c.Id,
                    c.Subject,
                    c.Deadline,
                    c.StartedAt,
                    Left = waiting.Count(i => i.CampaignId == c.Id),
                })
                .Take(Most)
                .ToListAsync(work.Ct);
            work.Waiting.AddRange(
                open.Select(c =>
                    Item(
                        "wait:review",
                        $"/access/reviews/{c.Id}",
                        say.Labelled(
                            c.Subject.Section is { } section ? say.Code("section", section) : say.Code("kind", c.Subject.Kind!.Value),
                            Number.Of(c.Left)
                        ),
                        Days.Last(c.Deadline),
                        c.StartedAt
                    )
                )
            );
        }
    }

    // By the same levels as the verbs of a dossier; which State and which body it is, the context knows.
    private async Task OfDossiers(Work work)
    {
        var (actor, now, all) = (work.Db.Actor, work.Now, work.Db.Dossiers);
        var (level, me, own) = (actor.LevelIn(Section.Assessments), actor.PersonId, actor.Membership!.Organisation);
        var adopted = all.Where(d =>
            d.Stage == DossierStage.Adopted || (d.Stage == DossierStage.Committee && d.ClosesAt != null && d.ClosesAt <= now)
        );
        switch (own.Kind)
        {
            case OrganisationKind.MemberState when level >= Level.Contribute:
                await work.Dossiers("wait:answer_assessment", all.Where(d => d.Stage == DossierStage.Sent), d => d.AnswerBy);
                var soon = Days.Begun(now).AddDays(60);
                await work.Recommendations(
                    "wait:report_progress",
                    work.Db.Recommendations.Where(r => RecommendationStages.Open.Contains(r.Stage) && r.DueOn <= soon),
                    r => r.DueOn
                );
                break;
            case OrganisationKind.Committee when level >= Level.Decide:
                List<Body> bodies = [.. own.BodiesAt(now)];
                await work.Dossiers(
                    "wait:circulation",
                    all.Where(d =>
                        d.Circulations.Any(c =>
                            c.Status == CirculationStatus.Open
                            && c.ClosesAt > now
                            && bodies.Contains(c.Body)
                            // As on the desk: not what the delegation holds or, since it last held, has said it has nothing against.
                            && !c.Steps.Any(s =>
                                s.OrganisationNumber == own.Number
                                && (
                                    s.Act == StepAct.NoObjection
                                        ? !c.Steps.Any(h =>
                                            h.OrganisationNumber == own.Number && h.Act == StepAct.Hold && h.Number > s.Number
                                        )
                                        : s.Act == StepAct.Hold
                                            && s.Lapses > now
                                            && !c.Steps.Any(l =>
                                                l.OrganisationNumber == own.Number && l.Act == StepAct.Lift && l.Number > s.Number
                                            )
                                )
                            )
                        )
                    ),
                    await headquarters.Of(work.Db, work.Ct)
                );
                if (level >= Level.Manage && Body.Committee.IsPresidedBy(actor, now))
                    await work.Dossiers("wait:send_assessment", adopted);
                List<Body> presided = [.. bodies.Where(b => b.IsPresidedBy(actor, now))];
                if (level >= Level.Manage && presided.Count > 0)
                    await work.Dossiers(
                        "wait:decide",
                        all.Where(d => d.Circulations.Any(c => c.Status == CirculationStatus.TakenUp && presided.Contains(c.Body)))
                    );
                break;
            case OrganisationKind.Cted when level >= Level.Contribute:
                await work.Dossiers("wait:review_dossier", all.Where(d => d.Stage == DossierStage.Review && !d.Authors.Contains(me)));
                if (level >= Level.Decide)
                {
                    await work.Dossiers("wait:draft_dossier", all.Where(d => d.Stage == DossierStage.Drafting && d.OfficerId == me));
                    await work.Dossiers("wait:note_answer", all.Where(d => d.Stage == DossierStage.Responded));
                    await work.Recommendations(
                        "wait:verify_progress",
                        work.Db.Recommendations.Where(r => r.Stage == RecommendationStage.Reported)
                    );
                }
                if (level >= Level.Manage)
                {
                    await work.Dossiers(
                        "wait:circulate_dossier",
                        all.Where(d =>
                            d.Stage == DossierStage.Ready
                            || d.Stage == DossierStage.Endorsed
                            || (d.Stage == DossierStage.Subcommittee && d.ClosesAt != null && d.ClosesAt <= now)
                        )
                    );
                    await work.Dossiers("wait:send_assessment", adopted);
                    await work.Dossiers("wait:decide", all.Where(d => d.Circulations.Any(c => c.Status == CirculationStatus.TakenUp)));
                }
                break;
        }
    }

    private static async Task OfPartner(Work work)
    {
        var shared = await work.Db.List(new ListRequest<Need>(Need.Card) { PageSize = 1 }, work.Ct);
        work.Figures.Add(new Figure("figure:needs.shared", shared.Total, shared.IsCapped, Need.Card.List));
    }

    private static async Task OfCted(Work work)
    {
        if (work.Db.Actor.LevelIn(Section.Needs) >= Level.Decide)
        {
            if ((await work.Db.UnCalendar(work.Ct)).Unknown(DateOnly.FromDateTime(work.Now)) is [var year, ..] missing)
                work.Figures.Add(new Figure("figure:calendar.missing", missing.Count, false, $"/calendar?year={year}"));
            await work.Needs("wait:authenticate", work.Db.Needs.Where(n => n.Status == NeedStatus.Submitted));
            var today = Days.NotOver(work.Now);
            await work.Needs(
                "wait:reply_send",
                work.Db.Needs.Where(n =>
                    NeedStages.Open.Contains(n.Status)
                    && n.ReplyBy < today
                    && n.RepliedAt == null
                    && work.Db.Proposals.Select(p => p.NeedId).Contains(n.Id)
                )
            );
            await work.Needs(
                "wait:circulate",
                work.Db.Needs.Where(n => n.Status == NeedStatus.Authenticated && n.Consents.Any(c => c.RevokedAt == null))
            );
            await work.Needs(
                "wait:ask_consent",
                work.Db.Needs.Where(n =>
                    (n.Status == NeedStatus.Authenticated || n.Status == NeedStatus.Circulated)
                    && n.Consents.All(c => c.RevokedAt != null)
                    && n.Requests.All(r => r.Status != ConsentRequestStatus.Open)
                )
            );
            await work.Needs(
                "wait:translate",
                work.Db.Needs.Where(n =>
                    NeedStages.Open.Contains(n.Status)
                    && n.Translations.Any(t => t.Language != n.Language && (t.IsTitleBehind || t.IsDescriptionBehind))
                )
            );
        }
        foreach (
            var status in (NeedStatus[])
                [NeedStatus.Submitted, NeedStatus.Authenticated, NeedStatus.Circulated, NeedStatus.Matched, NeedStatus.InDelivery]
        )
            await work.Count(status, work.Db.Needs);
        await work.Count(
            "figure:proposals.open",
            work.Db.Proposals.Where(p => p.Status == ProposalStatus.Proposed || p.Status == ProposalStatus.Shortlisted),
            Proposal.Card.List + "?status=Proposed&status=Shortlisted"
        );
    }

    private sealed record Work(PortalDb Db, DateTime Now, CancellationToken Ct)
    {
        public List<WaitingItem> Waiting { get; } = [];
        public List<Figure> Figures { get; } = [];
        public List<MaskedItems> Masked { get; } = [];
        public List<MoreWaiting> More { get; } = [];

        // When a need last changed is of its inner life: those to whom it is shared are not told.
        private bool TellsSince => Db.Actor.Membership?.Organisation.Kind is OrganisationKind.MemberState or OrganisationKind.Cted;

        public async Task Needs(string code, IQueryable<Need> needs, Expression<Func<Need, DateOnly?>>? due = null)
        {
            var first = await (due is null ? needs.OrderBy(n => n.UpdatedAt) : needs.OrderBy(due))
                .Take(Most)
                .Select(n => n.Id)
                .ToListAsync(Ct);
            var days = due is null
                ? []
                : await needs.Where(n => first.Contains(n.Id)).Select(Paired(due)).ToDictionaryAsync(d => d.Id, d => d.Day, Ct);
            var lines = await Db
                .Needs.Where(n => first.Contains(n.Id))
                .Select(n => new
                {
                    n.Id,
                    n.Reference,
                    n.Title,
                    n.Language,
                    n.StateIso3,
                    n.UpdatedAt,
                })
                .ToDictionaryAsync(n => n.Id, Ct);
            Waiting.AddRange(
                first
                    .Where(lines.ContainsKey)
                    .Select(id => lines[id])
                    .Select(n => new WaitingItem(
                        code,
                        Need.Card.Path(n.Reference),
                        n.Reference,
                        n.Title,
                        n.Language,
                        days.GetValueOrDefault(n.Id)
                    )
                    {
                        State = n.StateIso3 == Db.Actor.StateIso3 ? null : n.StateIso3,
                        Since = TellsSince ? n.UpdatedAt : null,
                    })
            );
            await Rest(code, needs, Need.Card);
        }

        public Task Proposals(string code, IQueryable<Proposal> proposals, Expression<Func<Proposal, DateOnly?>>? due = null) =>
            Add(
                code,
                proposals.OrderBy(p => p.UpdatedAt),
                Proposal.Card,
                p => new Line(p.Id, p.Reference, p.Says.Title, p.Says.Language, p.StateIso3, p.UpdatedAt),
                due
            );

        public Task Dossiers(string code, IQueryable<Dossier> dossiers, Expression<Func<Dossier, DateOnly?>>? due = null) =>
            Add(
                code,
                dossiers.OrderBy(d => d.UpdatedAt),
                Dossier.Card,
                d => new Line(d.Id, d.Reference, d.Title, d.Language, d.StateIso3, null),
                due
            );

        // What silence decides: the day on which it closes at Headquarters, and the working days until then, as on the dossier itself.
        public async Task Dossiers(string code, IQueryable<Dossier> circulating, Headquarters hq)
        {
            await Dossiers(code, circulating);
            var references = Waiting.Where(w => w.Code == code).Select(w => w.Reference).ToList();
            var closing = await circulating
                .Where(d => references.Contains(d.Reference) && d.ClosesAt != null)
                .ToDictionaryAsync(d => d.Reference, d => d.ClosesAt!.Value, Ct);
            for (var i = 0; i < Waiting.Count; i++)
                if (Waiting[i].Code == code && closing.TryGetValue(Waiting[i].Reference, out var closes))
                    Waiting[i] = Waiting[i] with { Due = hq.Today(closes), WorkingDays = hq.WorkingDaysLeft(Now, closes) };
        }

        public Task Recommendations(
            string code,
            IQueryable<Recommendation> recommendations,
            Expression<Func<Recommendation, DateOnly?>>? due = null
        ) =>
            Add(
                code,
                recommendations.OrderBy(r => r.DueOn).ThenBy(r => r.UpdatedAt),
                Recommendation.Card,
                r => new Line(r.Id, r.Reference, r.Title, r.Language, r.StateIso3, null),
                due
            );

        private sealed record Line(Guid Id, string Reference, string Title, Language Language, string State, DateTime? Since);

        private async Task Add<T>(
            string code,
            IQueryable<T> records,
            Kind kind,
            Expression<Func<T, Line>> line,
            Expression<Func<T, DateOnly?>>? due
        )
            where T : IProtected
        {
            var first = await records.Take(Most).Select(line).ToListAsync(Ct);
            var ids = first.ConvertAll(l => l.Id);
            var days = due is null
                ? []
                : await records.Where(r => ids.Contains(r.Id)).Select(Paired(due)).ToDictionaryAsync(d => d.Id, d => d.Day, Ct);
            Waiting.AddRange(
                first.Select(l => new WaitingItem(
                    code,
                    kind.Path(l.Reference),
                    l.Reference,
                    l.Title,
                    l.Language,
                    days.GetValueOrDefault(l.Id)
                )
                {
                    State = l.State == Db.Actor.StateIso3 ? null : l.State,
                    Since = l.Since,
                })
            );
            await Rest(code, records, kind);
        }

        private sealed record Dated(Guid Id, DateOnly? Day);

        private static Expression<Func<T, Dated>> Paired<T>(Expression<Func<T, DateOnly?>> day)
            where T : IProtected =>
            Expression.Lambda<Func<T, Dated>>(
                Expression.New(typeof(Dated).GetConstructors()[0], Expression.Property(day.Parameters[0], nameof(IProtected.Id)), day.Body),
                day.Parameters
            );

        // In a preview as many as would be listed, less those that are; else those beyond what is listed.
        private async Task Rest<T>(string code, IQueryable<T> records, Kind kind)
        {
            var listed = Waiting.Count(w => w.Code == code);
            if (Db.IsPreview)
            {
                if (await Db.CountSeen(records.Take(Most), Ct) - listed is > 0 and var masked)
                    Masked.Add(new MaskedItems(code, masked));
            }
            else if (listed == Most && await records.Take(ReachList.CountLimit + 1).CountAsync(Ct) is > Most and var all)
                More.Add(new MoreWaiting(code, Math.Min(all, ReachList.CountLimit) - Most, all > ReachList.CountLimit, kind.List));
        }

        // A stage that no need is in has no figure.
        public Task Count(NeedStatus status, IQueryable<Need> needs) =>
            Count(
                status == NeedStatus.Draft ? "figure:drafts" : "figure:" + status.ToString().ToLowerInvariant(),
                needs.Where(n => n.Status == status),
                Need.Card.List + "?status=" + status,
                atLeast: 1
            );

        public async Task Count<T>(string code, IQueryable<T> records, string address, int atLeast = 0)
        {
            var count = await Db.CountSeen(records.Take(ReachList.CountLimit + 1), Ct);
            if (count >= atLeast)
                Figures.Add(new Figure(code, Math.Min(count, ReachList.CountLimit), count > ReachList.CountLimit, address));
        }
    }
}

/// <summary>The home room's services.</summary>
public static class HomeSetup
{
    /// <summary>Adds the work list and the search.</summary>
    public static WebApplicationBuilder AddHome(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<HomeService>();
        builder.Services.AddScoped<SearchService>();
        return builder;
    }
}
