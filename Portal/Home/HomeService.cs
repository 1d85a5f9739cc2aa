using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Home;

/// <summary>Something that waits for the reader.</summary>
/// <param name="Code">What to do.</param>
/// <param name="Address">Where.</param>
/// <param name="Reference">Which record.</param>
/// <param name="Title">Its title.</param>
/// <param name="Language">Language of the title.</param>
/// <param name="Due">By when, if there is a day.</param>
public sealed record WaitingItem(string Code, string Address, string Reference, string Title, Language Language, DateOnly? Due);

/// <summary>A figure that leads to its list.</summary>
public sealed record Figure(string Code, int Count, bool IsCapped, string Address);

/// <summary>In a preview, things that wait and that whoever looks may not read.</summary>
public sealed record MaskedItems(string Code, int Count);

/// <summary>What a membership's home page shows.</summary>
public sealed record HomeView(IReadOnlyList<WaitingItem> Waiting, IReadOnlyList<Figure> Figures)
{
    /// <summary>Whether the reader also sees how the log stands.</summary>
    public bool SeesAudit { get; init; }
    /// <summary>Matches worth a look.</summary>
    public IReadOnlyList<MatchRow> Suggestions { get; init; } = [];
    /// <summary>What waits and is masked, in a preview.</summary>
    public IReadOnlyList<MaskedItems> Masked { get; init; } = [];
}

/// <summary>The work list of each membership: what waits for whom, by the same rules that open the buttons.</summary>
public sealed class HomeService(ActorSource actors, MatchService matches, TimeProvider clock)
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
            case OrganisationKind.MemberState: await OfState(work); break;
            case OrganisationKind.Provider: await OfProvider(work); break;
            case OrganisationKind.Partner: await OfPartner(work); break;
            case OrganisationKind.Cted when db.Actor.LevelIn(Section.Needs) >= Level.View: await OfCted(work); break;
            case OrganisationKind.Cted or OrganisationKind.Committee or OrganisationKind.ExpertGroup or OrganisationKind.Operations or null: break;
        }
        if (db.Actor.LevelIn(Section.Programmes) >= Level.View)
            await OfProgrammes(work);
        var audits = db.Actor.LevelIn(Section.Audit) >= Level.View;
        if (audits)
            await OfAudit(work);
        if (db.Actor.LevelIn(Section.Access) >= Level.Manage)
            await OfAccess(work);
        if (Delegation.May(db.Actor, PeopleAct.Review))
            await OfReviews(work);
        return new HomeView(work.Waiting, work.Figures) { SeesAudit = audits && !db.IsPreview, Masked = work.Masked, Suggestions = await matches.Suggestions(db, 5, ct) };
    }

    private static async Task OfState(Work work)
    {
        var iso3 = work.Db.Actor.StateIso3!;
        var decides = work.Db.Actor.LevelIn(Section.Needs) >= Level.Decide;
        var own = work.Db.Needs.Where(n => n.StateIso3 == iso3);
        await work.Needs("wait.returned", own.Where(n => n.Status == NeedStatus.Returned));
        await work.Needs("wait.submit", own.Where(n => n.Status == NeedStatus.Draft));
        if (decides)
        {
            await work.Proposals("wait.choose", work.Db.Proposals.Where(p => p.StateIso3 == iso3 && (p.Status == ProposalStatus.Proposed || p.Status == ProposalStatus.Shortlisted)));
            await work.Needs("wait.consent", own.Where(n => (n.Status == NeedStatus.Submitted || n.Status == NeedStatus.Authenticated) && !n.Consents.Any(c => c.RevokedAt == null)));
            await work.Needs("wait.question", own.Where(n => work.Db.Questions.Any(q => q.NeedId == n.Id && q.AnsweredAt == null)));
            await work.Needs("wait.request", own.Where(n => n.Status != NeedStatus.Withdrawn && n.Requests.Any(r => r.Status == ConsentRequestStatus.Open)));
            var delivered = DateOnly.FromDateTime(work.Now).AddYears(-1);
            await work.Needs("wait.outcome", own.Where(n => n.Status == NeedStatus.InDelivery && n.DeliveredOn <= delivered));
            await work.Proposals("wait.milestone", work.Db.Proposals.Where(p => p.StateIso3 == iso3 && work.Db.Milestones.Any(m => m.ProposalId == p.Id && m.DeliveredOn != null && m.ConfirmedAt == null)));
            // Those that are with the State anyway wait to be submitted, which says that they stand.
            var yearAgo = work.Now.AddYears(-1);
            await work.Needs("wait.stale", own.Where(n => n.LastConfirmedAt < yearAgo && (n.Status == NeedStatus.Submitted || n.Status == NeedStatus.Authenticated || n.Status == NeedStatus.Circulated || n.Status == NeedStatus.Matched)));
        }
        foreach (var status in (NeedStatus[])[NeedStatus.Draft, NeedStatus.Submitted, NeedStatus.Circulated, NeedStatus.Matched, NeedStatus.InDelivery, NeedStatus.Met, NeedStatus.PartlyMet, NeedStatus.Unmet])
            await work.Count(status, own);
    }

    private static async Task OfProvider(Work work)
    {
        var number = work.Db.Actor.Membership!.Organisation.Number;
        var today = Days.NotOver(work.Now);
        await work.Proposals("wait.draft_proposal", work.Db.Proposals.Where(p => p.OrganisationNumber == number && p.Status == ProposalStatus.Draft));
        var shared = await work.Db.List(new ListRequest<Need>(RecordKind.Need) { PageSize = 200 }, work.Ct);
        var ids = shared.Ids;
        await work.Needs("wait.reply", work.Db.Needs.Where(n => ids.Contains(n.Id) && n.ReplyBy >= today && !work.Db.Proposals.Any(p => p.NeedId == n.Id && p.OrganisationNumber == number)), n => n.ReplyBy);
        work.Figures.Add(new Figure("figure.needs.shared", shared.Total, shared.IsCapped, "/needs"));
        await work.Count("figure.proposals.mine", work.Db.Proposals.Where(p => p.OrganisationNumber == number && (p.Status == ProposalStatus.Proposed || p.Status == ProposalStatus.Shortlisted)), "/proposals?status=Proposed&status=Shortlisted");
        await work.Count("figure.offers", work.Db.Offers.Where(o => o.OrganisationNumber == number && o.IsOpen), "/providers/" + work.Db.Actor.Membership.Organisation.Code);
    }

    // Help being given: one's own, that to one's State, or all that the reader sees.
    private static async Task OfProgrammes(Work work)
    {
        var running = work.Db.Programmes.Where(p => p.Status == ProgrammeStatus.Active);
        var own = work.Db.Actor.Membership?.Organisation;
        if (Programme.CanDraft(work.Db.Actor))
            await work.Count("figure.programmes.mine", running.Where(p => p.OrganisationId == own!.Id), "/programmes?status=Active&provider=" + own!.Code);
        else if (work.Db.Actor.StateIso3 is { } iso3)
            await work.Count("figure.programmes.here", running.Where(p => p.States.Any(s => s == iso3)), "/programmes?status=Active&state=" + iso3);
        else
            await work.Count("figure.programmes", running, "/programmes?status=Active");
    }

    private static async Task OfAudit(Work work)
    {
        var (day, week) = (work.Now.AddDays(-1), work.Now.AddDays(-7));
        var since = FormattableString.Invariant($"{week:yyyy-MM-dd}");
        await work.Count("figure.audit.day", work.Db.AuditEntries.Where(e => e.At > day), FormattableString.Invariant($"/audit?from={day:yyyy-MM-dd}"));
        await work.Count("figure.audit.failed", work.Db.AuditEntries.Where(e => e.Code == "account.sign_in_failed" && e.At > week), "/audit?act=account.sign_in_failed&from=" + since);
        await work.Count("figure.audit.refused", work.Db.AuditEntries.Where(e => e.Code == "account.sign_in_refused" && e.At > week), "/audit?act=account.sign_in_refused&from=" + since);
    }

    private static async Task OfAccess(Work work)
    {
        var (now, soon) = (work.Now, work.Now + GrantService.Soon);
        await work.Count("figure.access.requests", work.Db.AccessRequests.Where(r => r.Status == RequestStatus.Waiting), "/access/requests?status=Waiting");
        await work.Count("figure.access.expiring", work.Db.Grants.Where(g => g.RevokedAt == null && g.Until > now && g.Until <= soon), "/access/grants?only=Expiring");
        await work.Count("figure.access.second", work.Db.Grants.Where(g => g.RevokedAt == null && !g.Deny && (g.Level == Level.Manage || g.Section == Section.Assessments) && g.ApprovedAt == null && (g.Until == null || g.Until > now)), "/access/grants?standing=Waiting");
    }

    // What the reader sees of reviews is theirs to answer, their own access apart; who only reads has no work with it.
    private static async Task OfReviews(Work work)
    {
        var (now, me) = (work.Now, work.Db.Actor.PersonId);
        var waiting = work.Db.ReviewItems.Where(i => i.Outcome == ReviewOutcome.Waiting && i.PersonId != me && work.Db.ReviewCampaigns.Any(c => c.Id == i.CampaignId && c.Status == ReviewStatus.Open && c.Deadline > now));
        if (work.Db.Actor.LevelIn(Section.Access) is Level.None or Level.Manage && await waiting.AnyAsync(work.Ct))
            await work.Count("figure.access.reviews", waiting, "/access/reviews");
    }

    private static async Task OfPartner(Work work)
    {
        var shared = await work.Db.List(new ListRequest<Need>(RecordKind.Need) { PageSize = 1 }, work.Ct);
        work.Figures.Add(new Figure("figure.needs.shared", shared.Total, shared.IsCapped, "/needs"));
    }

    private static async Task OfCted(Work work)
    {
        if (work.Db.Actor.LevelIn(Section.Needs) >= Level.Decide)
        {
            await work.Needs("wait.authenticate", work.Db.Needs.Where(n => n.Status == NeedStatus.Submitted));
            var today = Days.NotOver(work.Now);
            await work.Needs("wait.reply_send", work.Db.Needs.Where(n => (n.Status == NeedStatus.Circulated || n.Status == NeedStatus.Matched) && n.ReplyBy < today && n.RepliedAt == null && work.Db.Proposals.Select(p => p.NeedId).Contains(n.Id)));
            await work.Needs("wait.circulate", work.Db.Needs.Where(n => n.Status == NeedStatus.Authenticated && n.Consents.Any(c => c.RevokedAt == null)));
        }
        foreach (var status in (NeedStatus[])[NeedStatus.Submitted, NeedStatus.Authenticated, NeedStatus.Circulated, NeedStatus.Matched, NeedStatus.InDelivery])
            await work.Count(status, work.Db.Needs);
        await work.Count("figure.proposals.open", work.Db.Proposals.Where(p => p.Status == ProposalStatus.Proposed || p.Status == ProposalStatus.Shortlisted), "/proposals?status=Proposed&status=Shortlisted");
    }

    private sealed record Work(PortalDb Db, DateTime Now, CancellationToken Ct)
    {
        public List<WaitingItem> Waiting { get; } = [];
        public List<Figure> Figures { get; } = [];
        public List<MaskedItems> Masked { get; } = [];

        public async Task Needs(string code, IQueryable<Need> needs, Expression<Func<Need, DateOnly?>>? due = null)
        {
            var ordered = due is null ? needs.OrderBy(n => n.UpdatedAt) : needs.OrderBy(due);
            Waiting.AddRange((await ordered.Take(Most).Select(n => new { n.Reference, n.Title, n.Language, n.ReplyBy }).ToListAsync(Ct))
                .Select(n => new WaitingItem(code, "/needs/" + n.Reference, n.Reference, n.Title, n.Language, due is null ? null : n.ReplyBy)));
            await Mask(code, needs);
        }

        public async Task Proposals(string code, IQueryable<Proposal> proposals)
        {
            Waiting.AddRange((await proposals.OrderBy(p => p.UpdatedAt).Take(Most).Select(p => new { p.Reference, p.Title, p.Language }).ToListAsync(Ct))
                .Select(p => new WaitingItem(code, "/proposals/" + p.Reference, p.Reference, p.Title, p.Language, null)));
            await Mask(code, proposals);
        }

        // As many as would be listed, less those that are.
        private async Task Mask<T>(string code, IQueryable<T> records)
        {
            if (Db.IsPreview && await Db.CountSeen(records.Take(Most), Ct) - Waiting.Count(w => w.Code == code) is > 0 and var count)
                Masked.Add(new MaskedItems(code, count));
        }

        public Task Count(NeedStatus status, IQueryable<Need> needs) =>
            Count(status == NeedStatus.Draft ? "figure.drafts" : "figure." + status.ToString().ToLowerInvariant(), needs.Where(n => n.Status == status), "/needs?status=" + status);

        public async Task Count<T>(string code, IQueryable<T> records, string address)
        {
            var count = await Db.CountSeen(records.Take(ReachList.CountLimit + 1), Ct);
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
