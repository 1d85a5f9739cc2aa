using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Tests.House;

/// <summary>Someone who looks: a place of the demonstration's cast; nobody, where the place is null.</summary>
public sealed record Looker(Place? Place, int Organisation)
{
    public Role? Role => Place?.Role;

    public bool IsOfState(string iso3) =>
        Role is Domain.Access.Role.FocalPoint or Domain.Access.Role.StateContributor && Place!.Organisation == iso3.ToLowerInvariant();

    public bool IsProvider => Role is Domain.Access.Role.ProviderManager or Domain.Access.Role.ProviderContributor;
    public bool IsPartner => Role is Domain.Access.Role.Partner;

    public override string ToString() => Place is null ? "nobody" : $"{Place.Role} {Place.Email} of {Place.Organisation}";
}

public sealed record NeedFacts(
    Guid Id,
    int Number,
    string Reference,
    string State,
    NeedStatus Status,
    bool ReachedCted,
    string? Beneficiary,
    decimal? Cost,
    decimal Accepted,
    string? Currency,
    Urgency Urgency,
    DateOnly? From,
    DateOnly? To,
    NeedOrigin Origin,
    IReadOnlyList<string> Paragraphs,
    IReadOnlyList<string> Modalities,
    IReadOnlyList<string> Sectors,
    string? ReturnNote,
    bool IsTranslated,
    bool InEnglish,
    IReadOnlyList<(string Audience, NeedParts Parts)> Standing,
    IReadOnlyList<(Guid Id, int Number)> Files,
    IReadOnlyList<(int Number, int Part)> Reasons
)
{
    /// <summary>None where nothing is sought any more.</summary>
    public decimal? Gap =>
        Cost is { } cost && Status is not (NeedStatus.Withdrawn or NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet)
            ? Math.Max(0, cost - Accepted)
            : null;
}

public sealed record ProposalFacts(
    Guid Id,
    int Number,
    string Reference,
    string State,
    string Need,
    int Organisation,
    bool WasMade,
    decimal? Amount,
    string? Answer,
    string? Conditions,
    IReadOnlyList<(int Number, int Part)> Reasons,
    HelpFacts? Help,
    bool IsOpen
);

public sealed record ProgrammeFacts(
    Guid Id,
    int Number,
    string Reference,
    int Organisation,
    IReadOnlyList<string> States,
    bool WasShared,
    ProgrammeParts ForStates,
    ProgrammeParts ForProviders,
    ProgrammeParts ForPartners,
    ProgrammeParts ForAll,
    decimal? Budget,
    IReadOnlyList<string> Needs,
    IReadOnlyList<(Guid Id, int Number)> Files,
    IReadOnlyList<(int Number, int Part)> Reasons,
    HelpFacts? Help
);

/// <summary>
/// Help that is given or proposed and open, as far as another is told to be the same: the same State, theme and kind of help at the same
/// time.
/// </summary>
public sealed record HelpFacts(
    Guid Id,
    string Reference,
    string Mark,
    IReadOnlyList<string> States,
    IReadOnlyList<string> Themes,
    IReadOnlyList<string> Modalities,
    DateOnly? From,
    DateOnly? To
)
{
    public bool IsLike(HelpFacts other) =>
        Id != other.Id
        && States.Any(other.States.Contains)
        && Themes.Any(other.Themes.Contains)
        && (Modalities.Count == 0 || other.Modalities.Count == 0 || Modalities.Any(other.Modalities.Contains))
        && !(From > other.To)
        && !(other.From > To);
}

public sealed record ProfileFacts(int Number, string Slug, int Organisation, bool IsPublished);

/// <summary>A row of a review: which role in which organisation it is about, where it is about a place.</summary>
public sealed record ReviewFacts(Guid Campaign, int Number, int? Organisation, Role? Role, bool IsPlace);

public sealed record OfferFacts(int Number, string Reference, string Slug, int Organisation, bool IsPublished, bool IsOpen);

/// <summary>
/// What each looker should get, said once more and naively, from the rows as they lie in the database and the words of the rules: a need is
/// its State's; CTED's from submission; from circulation on also those consented to, with the parts consented to. Nothing here asks the
/// engine that the portal decides with.
/// </summary>
public static class CrossReference
{
    private static readonly NeedParts AllParts =
        NeedParts.Summary
        | NeedParts.Description
        | NeedParts.Background
        | NeedParts.Modality
        | NeedParts.Beneficiary
        | NeedParts.Cost
        | NeedParts.Timeframe
        | NeedParts.Attachments
        | NeedParts.Inner;

    /// <summary>Whether the section of needs is open to a role at all.</summary>
    public static bool EntersNeeds(Looker who) =>
        who.Role
            is Role.FocalPoint
                or Role.StateContributor
                or Role.ProviderManager
                or Role.ProviderContributor
                or Role.Partner
                or Role.LegalOfficer
                or Role.AssistanceOfficer
                or Role.ExecutiveDirector;

    /// <summary>Whether the section of proposals is.</summary>
    public static bool EntersProposals(Looker who) => EntersNeeds(who) && who.Role is not Role.Partner;

    /// <summary>The parts of a need that someone may read, wherever it is shown; none where they may not know of it.</summary>
    public static NeedParts Parts(Looker who, NeedFacts need)
    {
        if (who.IsOfState(need.State))
            return AllParts;
        if (
            need.ReachedCted
            && (
                who.Role is Role.AssistanceOfficer or Role.ExecutiveDirector
                || (who.Role is Role.LegalOfficer && who.Place!.States.Contains(need.State))
            )
        )
            return AllParts;
        var parts = NeedParts.None;
        if (
            need.Status
            is not (
                NeedStatus.Circulated
                or NeedStatus.Matched
                or NeedStatus.InDelivery
                or NeedStatus.Met
                or NeedStatus.PartlyMet
                or NeedStatus.Unmet
            )
        )
            return parts;
        foreach (var (audience, shared) in need.Standing)
        {
            if (audience == "public")
                parts |= shared;
            if (audience == "providers" && who.IsProvider)
                parts |= shared;
            if (audience == "partners" && who.IsPartner)
                parts |= shared;
            if (audience == "org:" + who.Organisation && (who.IsProvider || who.IsPartner))
                parts |= shared;
        }
        return parts;
    }

    /// <summary>
    /// Whether someone may read a proposal: its provider; once it was made the State it was made to, and CTED. Never another provider.
    /// </summary>
    public static bool Reads(Looker who, ProposalFacts proposal)
    {
        if (who.IsProvider)
            return who.Organisation == proposal.Organisation;
        if (!proposal.WasMade)
            return false;
        return who.IsOfState(proposal.State)
            || who.Role is Role.AssistanceOfficer or Role.ExecutiveDirector
            || (who.Role is Role.LegalOfficer && who.Place!.States.Contains(proposal.State));
    }

    /// <summary>Whether someone reads a proposal as its provider does, with what was done while it was drafted.</summary>
    public static bool ReadsAsProvider(Looker who, ProposalFacts proposal) => who.IsProvider && who.Organisation == proposal.Organisation;

    /// <summary>Whether the section of programmes is open to a role.</summary>
    public static bool EntersProgrammes(Looker who) => EntersNeeds(who);

    /// <summary>
    /// The parts of a programme that someone may read: all of it its own organisation; once it is shared also CTED, a legal officer if one
    /// of the States is theirs;
    /// its States, other providers, partners and everyone what was chosen for each.
    /// </summary>
    public static ProgrammeParts Parts(Looker who, ProgrammeFacts programme)
    {
        const ProgrammeParts all =
            ProgrammeParts.Summary
            | ProgrammeParts.Description
            | ProgrammeParts.Finance
            | ProgrammeParts.Results
            | ProgrammeParts.Documents
            | ProgrammeParts.Inner;
        if ((who.IsProvider || who.IsPartner) && who.Organisation == programme.Organisation)
            return all;
        if (!programme.WasShared)
            return ProgrammeParts.None;
        if (
            who.Role is Role.AssistanceOfficer or Role.ExecutiveDirector
            || (who.Role is Role.LegalOfficer && programme.States.Any(s => who.Place!.States.Contains(s)))
        )
            return all;
        var parts = programme.ForAll;
        if (programme.States.Any(who.IsOfState))
            parts |= programme.ForStates;
        if (who.IsProvider)
            parts |= programme.ForProviders;
        if (who.IsPartner)
            parts |= programme.ForPartners;
        return parts;
    }

    /// <summary>
    /// The funding gap of a need as somebody is told it. Budgets are marked with several times what any need costs: one that the looker is
    /// told of, of a programme that serves the need, leaves none.
    /// </summary>
    public static decimal? Gap(Looker who, NeedFacts need, CrossRows rows) =>
        need.Gap > 0
        && rows.Programmes.Any(p =>
            p.Needs.Contains(need.Reference) && p.Budget is not null && Parts(who, p).HasFlag(ProgrammeParts.Finance)
        )
            ? 0
            : need.Gap;

    /// <summary>
    /// Whether someone may read a row of a review: who reads access all; a focal point or a provider's manager those about the contributors
    /// of their own.
    /// </summary>
    public static bool Reads(Looker who, ReviewFacts row) =>
        AccessRoles.Contains(who.Role ?? Role.Administrator)
        || (
            row.IsPlace
            && row.Organisation == who.Organisation
            && (
                (who.Role is Role.FocalPoint && row.Role is Role.StateContributor)
                || (who.Role is Role.ProviderManager && row.Role is Role.ProviderContributor)
            )
        );

    private static bool IsCted(Looker who) => who.Place?.Organisation == "cted";

    private static bool IsOwn(Looker who, int organisation) => (who.IsProvider || who.IsPartner) && who.Organisation == organisation;

    public static bool Reads(Looker who, ProfileFacts profile) => profile.IsPublished || IsCted(who) || IsOwn(who, profile.Organisation);

    /// <summary>Contacts are for those signed in.</summary>
    public static bool ReadsContacts(Looker who, ProfileFacts profile) => who.Place is not null && Reads(who, profile);

    public static bool Reads(Looker who, OfferFacts offer) =>
        IsCted(who) || IsOwn(who, offer.Organisation) || (offer.IsOpen && (offer.IsPublished || who.Place is not null));

    /// <summary>Whether an address tells references of records to someone who reads none of them: the log to an auditor.</summary>
    public static bool ReadsReferences(Looker who, string address) =>
        who.Role is Role.Auditor && address.StartsWith("/audit", StringComparison.Ordinal);

    /// <summary>Whether someone may write an organisation's entry, and so finds its page also when it is empty.</summary>
    public static bool Writes(Looker who, int organisation) => IsOwn(who, organisation) || who.Role is Role.InformationOfficer;

    private static readonly Role[] Everyone = Enum.GetValues<Role>();
    private static readonly Role[] AccessRoles = [Role.AccessManager, Role.ExecutiveDirector, Role.Auditor];
    private static readonly Role[] NeedRoles = Access.Walk.OfAssistance;

    // Of CTED and the Committee those who read assessments.
    private static readonly Role[] DeskRoles =
    [
        Role.LegalOfficer,
        Role.AssistanceOfficer,
        Role.InformationOfficer,
        Role.ExecutiveDirector,
        Role.Delegate,
        Role.SubcommitteeChair,
        Role.CommitteeChair,
    ];

    /// <summary>Pages that take no record, and the roles they are open to; null is everyone, signed in or not.</summary>
    public static readonly IReadOnlyDictionary<string, Role[]?> Pages = new Dictionary<string, Role[]?>(OfKinds())
    {
        ["/home"] = Everyone,
        ["/search"] = Everyone,
        ["/notifications"] = Everyone,
        ["/calendar"] = Everyone,
        ["/bodies"] = [.. DeskRoles, Role.AccessManager, Role.Auditor],
        ["/committee"] = DeskRoles,
        ["/quality"] = [Role.LegalOfficer, Role.AssistanceOfficer, Role.InformationOfficer, Role.ExecutiveDirector],
        ["/assessments/circulate"] = [Role.ExecutiveDirector],
        ["/audit"] = [Role.Auditor],
        ["/access"] = AccessRoles,
        ["/access/grants"] = AccessRoles,
        ["/access/requests"] = AccessRoles,
        ["/access/ask"] = Everyone,
        ["/access/grants/new"] = [Role.AccessManager],
        ["/access/explain"] = AccessRoles,
        ["/access/view-as"] = [Role.AccessManager],
        ["/needs"] = NeedRoles,
        // The room opens by level, which the assistance officer has, too; who acts for no State finds nothing in it.
        ["/needs/new"] = [Role.FocalPoint, Role.StateContributor],
        ["/needs/import"] = [Role.FocalPoint, Role.StateContributor],
        ["/matches"] = NeedRoles,
        ["/funding-gap"] = NeedRoles,
        ["/assistance"] = NeedRoles,
        // Legal officers enter for their States only.
        ["/assistance/report"] = [Role.AssistanceOfficer, Role.ExecutiveDirector],
        // Who acts for no State finds nothing in it.
        ["/states"] = [Role.FocalPoint, Role.StateContributor],
        ["/assistance/settings"] = [Role.AssistanceOfficer, Role.ExecutiveDirector],
        ["/matches/weights"] = [Role.AssistanceOfficer, Role.ExecutiveDirector],
        // The room opens by level, which the assistance officer has, too; who acts for no provider or partner finds nothing in it.
        ["/programmes/import"] = [Role.ProviderManager, Role.ProviderContributor, Role.Partner],
        ["/providers"] = Everyone,
        ["/access/people"] =
        [
            Role.FocalPoint,
            Role.ProviderManager,
            Role.AccessManager,
            Role.Administrator,
            Role.ExecutiveDirector,
            Role.Auditor,
        ],
        ["/access/people/invite"] = [Role.FocalPoint, Role.ProviderManager, Role.AccessManager, Role.Administrator],
        ["/access/people/import"] = [Role.AccessManager, Role.Administrator],
        ["/access/reviews"] = [.. AccessRoles, Role.FocalPoint, Role.ProviderManager],
        ["/access/reviews/new"] = [Role.AccessManager],
        ["/access/reviews/rhythm"] = AccessRoles,
        ["/access/organisations"] = [Role.AccessManager, Role.Administrator, Role.ExecutiveDirector, Role.Auditor],
        ["/notifications/settings"] = Everyone,
        ["/account/unsubscribe"] = null,
        ["/admin/outbox"] = [Role.Administrator],
        ["/account/security"] = Everyone,
        ["/account/security/codes"] = Everyone,
        ["/account/security/password"] = Everyone,
        ["/account/security/passkey"] = Everyone,
        ["/account/security/token"] = Everyone,
        ["/account/acting-as"] = Everyone,
        ["/account/confirm"] = Everyone,
        ["/account/confirmed"] = Everyone,
        ["/account/view-as"] = Everyone,
        ["/account/sign-in"] = null,
        ["/account/sign-out"] = null,
        ["/account/passkey"] = null,
        ["/account/second-step"] = null,
        ["/account/forgot"] = null,
        ["/api"] = null,
    };

    private static IEnumerable<KeyValuePair<string, Role[]?>> OfKinds() =>
        from specimen in Access.Specimens.All
        where specimen.Walk is not null
        from page in new[] { (specimen.Kind.List, Roles: specimen.Walk!.Enter), (specimen.Kind.Path("new"), Roles: specimen.Walk.Begin) }
        where page.Roles is not null
        select KeyValuePair.Create(page.Item1, (Role[]?)page.Roles);
}

/// <summary>
/// The rows of the demonstration, each text of each of them made unlike every other by a word of its own, so that a text on a page tells
/// which field of which record it is.
/// </summary>
public sealed class CrossRows
{
    /// <summary>Every record of every kind.</summary>
    public IReadOnlyList<IProtected> Records { get; private set; } = [];
    public IReadOnlyList<NeedFacts> Needs { get; private set; } = [];
    public IReadOnlyList<ProposalFacts> Proposals { get; private set; } = [];
    public IReadOnlyList<ProgrammeFacts> Programmes { get; private set; } = [];
    public IReadOnlyList<ProfileFacts> Profiles { get; private set; } = [];
    public IReadOnlyList<OfferFacts> Offers { get; private set; } = [];
    public IReadOnlyList<ReviewFacts> Reviews { get; private set; } = [];
    public IReadOnlyList<(string Slug, int Number)> Bodies { get; private set; } = [];

    /// <summary>The word of one field of one record.</summary>
    public static string Mark(string field, int number) => $"zqk{field}{number:0000}";

    public static decimal NeedCost(int number) => 10_000_000 + (number * 1_001);

    public static decimal ProposalAmount(int number) => 30_000_000 + (number * 1_001);

    public static decimal ProgrammeBudget(int number) => 60_000_000 + (number * 1_001);

    /// <summary>Marks the rows and reads them.</summary>
    public static async Task<CrossRows> Of(PortalDb db)
    {
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await MarkNeeds(db);
            await MarkProposals(db);
            await MarkDirectory(db);
            await MarkProgrammes(db);
            await MarkReviews(db);
            await transaction.CommitAsync();
        }
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await db.SearchEntries.ExecuteDeleteAsync();
            var records = new List<IProtected>();
            records.AddRange(await db.Needs.Whole().ToListAsync());
            foreach (var kind in Kinds.All.Where(k => k != Need.Card))
                records.AddRange(await db.Ruled(kind).ToListAsync());
            db.SearchEntries.AddRange(records.SelectMany(SearchEntry.Of));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            var rows = await Read(db);
            rows.Records = records;
            return rows;
        }
    }

    private static async Task MarkNeeds(PortalDb db)
    {
        foreach (var (i, id) in (await db.Needs.OrderBy(n => n.Reference).Select(n => n.Id).ToListAsync()).Index())
        {
            var (title, description, beneficiary, note, cost) = (
                " " + Mark("nt", i),
                Mark("nd", i) + "\n",
                " " + Mark("nb", i),
                " " + Mark("nr", i),
                NeedCost(i)
            );
            await db
                .Needs.Where(n => n.Id == id)
                .ExecuteUpdateAsync(s =>
                    s.SetProperty(n => n.Title, n => n.Title + title)
                        .SetProperty(n => n.Description, n => description + n.Description)
                        .SetProperty(n => n.Beneficiary, n => n.Beneficiary + beneficiary)
                        .SetProperty(n => n.ReturnNote, n => n.ReturnNote + note)
                );
            await db
                .Needs.Where(n => n.Id == id && n.EstimatedCost != null)
                .ExecuteUpdateAsync(s => s.SetProperty(n => n.EstimatedCost, cost));
            var (titleThere, descriptionThere) = (" " + Mark("nu", i), Mark("ne", i) + "\n");
            await db.Set<NeedTranslation>()
                .IgnoreQueryFilters()
                .Where(t => t.NeedId == id)
                .ExecuteUpdateAsync(s =>
                    s.SetProperty(t => t.Title, t => t.Title + titleThere)
                        .SetProperty(t => t.Description, t => descriptionThere + t.Description)
                );
        }
        foreach (var (i, id) in (await db.Attachments.OrderBy(a => a.Id).Select(a => a.Id).ToListAsync()).Index())
        {
            var name = Mark("nf", i) + "-";
            await db.Attachments.Where(a => a.Id == id).ExecuteUpdateAsync(s => s.SetProperty(a => a.FileName, a => name + a.FileName));
        }
        foreach (var (i, id) in (await db.Activities.Where(a => a.Why != null).OrderBy(a => a.Id).Select(a => a.Id).ToListAsync()).Index())
        {
            var why = " " + Mark("aw", i);
            await db.Activities.Where(a => a.Id == id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Why, a => a.Why + why));
        }
    }

    private static async Task MarkProposals(PortalDb db)
    {
        foreach (var (i, id) in (await db.Proposals.OrderBy(p => p.Reference).Select(p => p.Id).ToListAsync()).Index())
        {
            var (title, description, conditions, answer, amount) = (
                " " + Mark("pt", i),
                "\n" + Mark("pd", i),
                " " + Mark("pc", i),
                " " + Mark("pa", i),
                ProposalAmount(i)
            );
            await db
                .Proposals.Where(p => p.Id == id)
                .ExecuteUpdateAsync(s =>
                    s.SetProperty(p => p.Says.Title, p => p.Says.Title + title)
                        .SetProperty(p => p.Says.Description, p => p.Says.Description + description)
                        .SetProperty(p => p.Says.Conditions, p => p.Says.Conditions + conditions)
                        .SetProperty(p => p.Answer, p => p.Answer + answer)
                );
            await db
                .Proposals.Where(p => p.Id == id && p.Says.Amount != null)
                .ExecuteUpdateAsync(s => s.SetProperty(p => p.Says.Amount, amount));
            await db
                .Proposals.Where(p => p.Id == id && p.AcceptedAmount != null)
                .ExecuteUpdateAsync(s => s.SetProperty(p => p.AcceptedAmount, amount));
        }
    }

    private static async Task MarkDirectory(PortalDb db)
    {
        foreach (var (i, id) in (await db.Profiles.OrderBy(p => p.Slug).Select(p => p.Id).ToListAsync()).Index())
        {
            var (summary, name, mail) = (Mark("ss", i) + " ", " " + Mark("sn", i), Mark("se", i) + "@demo.example");
            await db
                .Profiles.Where(p => p.Id == id)
                .ExecuteUpdateAsync(s =>
                    s.SetProperty(p => p.Summary, p => summary + p.Summary)
                        .SetProperty(p => p.ContactName, p => p.ContactName + name)
                        .SetProperty(p => p.ContactEmail, mail)
                );
        }
        foreach (var (i, id) in (await db.Offers.OrderBy(o => o.Reference).Select(o => o.Id).ToListAsync()).Index())
        {
            var (title, description) = (" " + Mark("ot", i), "\n" + Mark("od", i));
            await db
                .Offers.Where(o => o.Id == id)
                .ExecuteUpdateAsync(s =>
                    s.SetProperty(o => o.Title, o => o.Title + title).SetProperty(o => o.Description, o => o.Description + description)
                );
        }
    }

    private static async Task MarkProgrammes(PortalDb db)
    {
        foreach (var (i, id) in (await db.Programmes.OrderBy(p => p.Reference).Select(p => p.Id).ToListAsync()).Index())
        {
            var (title, description, identifier, budget) = (
                " " + Mark("gt", i),
                Mark("gd", i) + "\n",
                "XX-" + Mark("gi", i),
                ProgrammeBudget(i)
            );
            IReadOnlyList<Participant> participants = [new(Mark("gp", i), ParticipantRole.Implementing)];
            IReadOnlyList<ResultLine> results = [new(ResultKind.Output, Mark("gr", i))];
            IReadOnlyList<DocumentLink> documents = [new(Mark("gf", i), "https://demo.example/" + i)];
            IReadOnlyList<MoneyLine> money = [new(MoneyKind.Budget, new DateOnly(2026, 1, 1), null, budget, "USD")];
            await db
                .Programmes.Where(p => p.Id == id)
                .ExecuteUpdateAsync(s =>
                    s.SetProperty(p => p.Title, p => p.Title + title)
                        .SetProperty(p => p.Description, p => description + p.Description)
                        .SetProperty(p => p.IatiIdentifier, identifier)
                        .SetProperty(p => p.Participants, participants)
                        .SetProperty(p => p.Results, results)
                        .SetProperty(p => p.Documents, documents)
                        .SetProperty(p => p.Money, money)
                        .SetProperty(p => p.Budget, budget)
                        .SetProperty(p => p.Committed, (decimal?)null)
                        .SetProperty(p => p.Disbursed, (decimal?)null)
                        .SetProperty(p => p.Currency, "USD")
                );
        }
    }

    private static async Task MarkReviews(PortalDb db)
    {
        foreach (var (i, id) in (await db.ReviewItems.OrderBy(r => r.Id).Select(r => r.Id).ToListAsync()).Index())
        {
            var why = " " + Mark("rw", i);
            await db.ReviewItems.Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Why, r => (r.Why ?? "") + why));
        }
    }

    private static async Task<CrossRows> Read(PortalDb db)
    {
        var numbers = await db.Organisations.ToDictionaryAsync(o => o.Id, o => o.Number);
        var acts = await db.Activities.OrderBy(a => a.Id).ToListAsync();
        var reasons = acts.Where(a => a.Why is not null)
            .Select((a, i) => (a.RecordId, Reason: (Number: i, a.Part)))
            .ToLookup(a => a.RecordId, a => a.Reason);
        // That it was once handed over is read from what was done, not from what the record says of itself.
        var handedOver = acts.Where(a => a.Code is "need.submitted" or "proposal.proposed").Select(a => a.RecordId).ToHashSet();
        var themes = await db.Needs.ToDictionaryAsync(n => n.Id, n => n.Theme);
        // Help that is over is nobody's duplicate: its last day has passed, or the State has said what came of the need.
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var over = await db
            .Needs.Where(n => n.Status == NeedStatus.Met || n.Status == NeedStatus.PartlyMet || n.Status == NeedStatus.Unmet)
            .Select(n => n.Id)
            .ToListAsync();
        var shared = acts.Where(a => a.Code == "programme.shared").Select(a => a.RecordId).ToHashSet();
        var served = (
            await (
                from s in db.ServedNeeds
                join n in db.Needs on s.NeedId equals n.Id
                select new { s.ProgrammeId, n.Reference }
            ).ToListAsync()
        ).ToLookup(s => s.ProgrammeId, s => s.Reference);
        var consents = (await db.Set<Consent>().IgnoreQueryFilters().Where(c => c.RevokedAt == null).ToListAsync()).ToLookup(
            c => c.RecordId,
            c => (c.AudienceKey, c.Parts)
        );
        var translations = await db.Set<NeedTranslation>().IgnoreQueryFilters().Select(t => new { t.NeedId, t.Language }).ToListAsync();
        var files = (await db.Attachments.OrderBy(a => a.Id).Select(a => new { a.Id, a.RecordId }).ToListAsync())
            .Select((a, i) => (a.RecordId, File: (a.Id, Number: i)))
            .ToLookup(a => a.RecordId, a => a.File);
        var profiles = await db.Profiles.OrderBy(p => p.Slug).ToListAsync();
        var bodies = await db
            .Organisations.Where(o => o.Kind == OrganisationKind.Provider || o.Kind == OrganisationKind.Partner)
            .OrderBy(o => o.Code)
            .ToListAsync();
        var slugs = bodies.ToDictionary(b => b.Number, b => b.Code);
        return new CrossRows
        {
            Needs =
            [
                .. (await db.Needs.OrderBy(n => n.Reference).ToListAsync()).Select(
                    (n, i) =>
                        new NeedFacts(
                            n.Id,
                            i,
                            n.Reference,
                            n.StateIso3,
                            n.Status,
                            handedOver.Contains(n.Id),
                            n.Beneficiary,
                            n.EstimatedCost,
                            n.AcceptedAmount,
                            n.Currency,
                            n.Urgency,
                            n.From,
                            n.To,
                            n.Origin,
                            n.Paragraphs,
                            n.Modalities,
                            n.Sectors,
                            n.ReturnNote,
                            translations.Any(t => t.NeedId == n.Id),
                            translations.Any(t => t.NeedId == n.Id && t.Language == Language.En),
                            [.. consents[n.Id]],
                            [.. files[n.Id]],
                            [.. reasons[n.Id]]
                        )
                ),
            ],
            Proposals =
            [
                .. (await db.Proposals.OrderBy(p => p.Reference).ToListAsync()).Select(
                    (p, i) =>
                        new ProposalFacts(
                            p.Id,
                            i,
                            p.Reference,
                            p.StateIso3,
                            p.NeedReference,
                            p.OrganisationNumber,
                            handedOver.Contains(p.Id),
                            p.Amount,
                            p.Answer,
                            p.Says.Conditions,
                            [.. reasons[p.Id]],
                            p.Status is ProposalStatus.Declined or ProposalStatus.Withdrawn || p.To < today || over.Contains(p.NeedId)
                                ? null
                                : new HelpFacts(
                                    p.Id,
                                    p.Reference,
                                    Mark("pt", i),
                                    [p.StateIso3],
                                    [themes[p.NeedId]],
                                    p.Modalities,
                                    p.From,
                                    p.To
                                ),
                            p.Status is ProposalStatus.Proposed or ProposalStatus.Shortlisted or ProposalStatus.Accepted
                                && !(p.To < today)
                                && !over.Contains(p.NeedId)
                        )
                ),
            ],
            Programmes =
            [
                .. (await db.Programmes.OrderBy(p => p.Reference).ToListAsync()).Select(
                    (p, i) =>
                        new ProgrammeFacts(
                            p.Id,
                            i,
                            p.Reference,
                            p.OrganisationNumber,
                            p.States,
                            shared.Contains(p.Id),
                            p.StateParts,
                            p.ProviderParts,
                            p.PartnerParts,
                            p.PublicParts,
                            p.Budget,
                            [.. served[p.Id]],
                            [.. files[p.Id]],
                            [.. reasons[p.Id]],
                            p.Status is ProgrammeStatus.Pipeline or ProgrammeStatus.Active && !(p.End < today)
                                ? new HelpFacts(p.Id, p.Reference, Mark("gt", i), p.States, p.Themes, p.Modalities, p.Start, p.End)
                                : null
                        )
                ),
            ],
            Profiles = [.. profiles.Select((p, i) => new ProfileFacts(i, p.Slug, p.OrganisationNumber, p.IsPublished))],
            Offers =
            [
                .. (await db.Offers.OrderBy(o => o.Reference).ToListAsync()).Select(
                    (o, i) => new OfferFacts(i, o.Reference, slugs[o.OrganisationNumber], o.OrganisationNumber, o.IsPublished, o.IsOpen)
                ),
            ],
            Reviews =
            [
                .. (await db.ReviewItems.OrderBy(r => r.Id).ToListAsync()).Select(
                    (r, i) =>
                        new ReviewFacts(r.CampaignId, i, r.OrganisationId is { } o ? numbers[o] : null, r.Role, r.MembershipId is not null)
                ),
            ],
            Bodies = [.. bodies.Select(b => (b.Code, b.Number))],
        };
    }
}
