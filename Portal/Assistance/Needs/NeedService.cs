using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Consents;
using Portal.Assistance.Funding;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Needs;

/// <summary>Needs, for whoever asks: every read is a view of the parts they may see, every act a verb of the need.</summary>
public sealed class NeedService(ActorSource actors, Records<Need> records, ReadingLog readings, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;
    private DateOnly Today => DateOnly.FromDateTime(Now);

    /// <summary>A page of the needs the reader may see.</summary>
    public async Task<Page<NeedRow>> List(NeedQuery query, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        await db.OneConnection(ct);
        var slice = await db.List(Request(query), ct);
        var rows = await Rows(db, slice.Ids, query.WithGap, ct);
        return new Page<NeedRow>(rows, slice.Total, slice.IsCapped, query.Page, query.PageSize)
        {
            Masked = await db.Masked(slice.Ids, rows.Select(r => r.Id), ct),
        };
    }

    /// <summary>All rows of a list, page by page, up to a limit: what an export holds. The export is on the record.</summary>
    public async Task<IReadOnlyList<NeedRow>> Export(NeedQuery query, string format, int most = 10_000, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var rows = await db.All(
            (page, size) => Request(query with { Page = page, PageSize = size }),
            ids => Rows(db, ids, withGap: true, ct),
            most,
            ct
        );
        db.Audit(new Act("need.exported", (int)NeedParts.Inner, Subject: $"{format}:{rows.Count}"), Section.Needs);
        await db.SaveChangesAsync(ct);
        return rows;
    }

    /// <summary>A page of what fits a list's address, for whoever the database is opened for.</summary>
    internal static async Task<IReadOnlyList<Guid>> Fitting(
        PortalDb db,
        Shell.ListAddress address,
        int page,
        int size,
        CancellationToken ct
    ) => (await db.List(Request(NeedQuery.Of(address) with { Page = page, PageSize = size, Sort = NeedSort.Newest }), ct)).Ids;

    private static ListRequest<Need> Request(NeedQuery query)
    {
        var parts = NeedParts.None;
        if (query.Modalities.Count > 0)
            parts |= NeedParts.Modality;
        if (query.Urgencies.Count > 0)
            parts |= NeedParts.Timeframe;
        var filtered = query.Statuses.Count + query.Themes.Count + query.Modalities.Count + query.Urgencies.Count > 0;
        return new ListRequest<Need>(Need.Card)
        {
            Words = query.Words,
            States = query.AllStates(),
            FilterParts = (int)parts,
            Filter = filtered ? needs => Filtered(needs, query) : null,
            Order = query.Sort switch
            {
                NeedSort.Newest => null,
                NeedSort.ReplyBy => needs => needs.OrderBy(n => n.ReplyBy == null).ThenBy(n => n.ReplyBy),
                NeedSort.Reference => needs => needs.OrderBy(n => n.Reference),
                NeedSort.State => needs => needs.OrderBy(n => n.StateIso3),
            },
            Page = query.Page,
            PageSize = query.PageSize,
        };
    }

    private static IQueryable<Need> Filtered(IQueryable<Need> needs, NeedQuery query)
    {
        var (statuses, themes, urgencies) = (query.Statuses, query.Themes, query.Urgencies);
        if (statuses.Count > 0)
            needs = needs.Where(n => statuses.Contains(n.Status));
        if (themes.Count > 0)
            needs = needs.Where(n => themes.Contains(n.Theme));
        if (urgencies.Count > 0)
            needs = needs.Where(n => urgencies.Contains(n.Urgency));
        if (query.Modalities is { Count: > 0 } modalities)
            needs = needs.Where(n => n.Modalities.Any(m => modalities.Contains(m)));
        return needs;
    }

    private async Task<IReadOnlyList<NeedRow>> Rows(PortalDb db, IReadOnlyList<Guid> ids, bool withGap, CancellationToken ct)
    {
        if (ids.Count == 0)
            return [];
        var views = await db.Views(ids, ct);
        var veiled = await db.Veiled(views, ct);
        var language = Shell.Culture.Current;
        var needs = await db.Kept<Translated>().Lines(db, ids, language).ToDictionaryAsync(n => n.Id, cancellationToken: ct);
        var programmed = await GapService.Programmed(
            db,
            needs
                .Values.Where(n => withGap && ((NeedParts)views.GetValueOrDefault(n.Id)).Has(NeedParts.Cost))
                .Select(n => new GapService.Costed(n.Id, n.EstimatedCost, n.AcceptedAmount, n.Currency)),
            Today,
            ct
        );
        var rows = new List<NeedRow>(ids.Count);
        foreach (var id in ids)
        {
            // A need hidden between the two questions is simply no longer there.
            if (!needs.TryGetValue(id, out var n) || !views.TryGetValue(id, out var view))
                continue;
            var parts = (NeedParts)view;
            var costed = parts.Has(NeedParts.Cost);
            var inner = parts.Has(NeedParts.Inner);
            rows.Add(
                new NeedRow(
                    n.Id,
                    n.Reference,
                    n.StateIso3,
                    n.Translated ?? n.Title,
                    n.Translated is null ? n.Language : language,
                    n.Theme,
                    n.Status,
                    n.ReplyBy,
                    parts,
                    parts.Has(NeedParts.Timeframe) ? n.Urgency : null,
                    costed ? n.EstimatedCost : null,
                    withGap && costed && n.Status.IsEditable() && n.EstimatedCost is { } cost
                        ? Math.Max(0, cost - n.AcceptedAmount - programmed.GetValueOrDefault(n.Id))
                        : null,
                    costed ? n.Currency : null,
                    inner && n.Status.IsEditable() && n.Status != NeedStatus.InDelivery && n.LastConfirmedAt.AddYears(1) < Now,
                    inner ? n.UpdatedAt : null
                )
                {
                    Veiled = (NeedParts)veiled.GetValueOrDefault(id),
                    OriginalTitle = n.Translated is null ? null : n.Title,
                    OriginalLanguage = n.Translated is null ? null : n.Language,
                }
            );
        }
        return rows;
    }

    private sealed record Line(
        Guid Id,
        string Reference,
        string StateIso3,
        string Title,
        Language Language,
        string Theme,
        NeedStatus Status,
        DateOnly? ReplyBy,
        Urgency Urgency,
        decimal? EstimatedCost,
        decimal AcceptedAmount,
        string? Currency,
        DateTime LastConfirmedAt,
        DateTime UpdatedAt,
        string? Translated
    );

    private sealed class Translated
    {
        public readonly Func<PortalDb, IReadOnlyCollection<Guid>, Language, IAsyncEnumerable<Line>> Lines = EF.CompileAsyncQuery(
            (PortalDb db, IReadOnlyCollection<Guid> ids, Language language) =>
                db
                    .Needs.Where(n => ids.Contains(n.Id))
                    .Select(n => new Line(
                        n.Id,
                        n.Reference,
                        n.StateIso3,
                        n.Title,
                        n.Language,
                        n.Theme,
                        n.Status,
                        n.ReplyBy,
                        n.Urgency,
                        n.EstimatedCost,
                        n.AcceptedAmount,
                        n.Currency,
                        n.LastConfirmedAt,
                        n.UpdatedAt,
                        n.Translations.Where(t => t.Language == language && t.Language != n.Language && !t.IsTitleBehind)
                            .Select(t => t.Title)
                            .FirstOrDefault()
                    ))
        );
    }

    /// <summary>One need as the reader sees it. That it was opened is on the record.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public async Task<NeedView> Get(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var need = await records.One(db, reference, ct);
        var view = await View(db, need, ct);
        await readings.Note(db, need, (int)view.Parts, ct);
        return view;
    }

    private async Task<NeedView> View(PortalDb db, Need need, CancellationToken ct)
    {
        var decision = Decision.On(need, db.Actor);
        var files = await FileService.Of(db, need.Id, ct);
        var numbers = need
            .Consents.Where(c => c.Stands)
            .Select(c => c.Audience)
            .Concat(need.Requests.Where(r => r.IsOpen).Select(r => r.Audience))
            .Select(a => a.OrganisationNumber)
            .OfType<int>()
            .ToList();
        var organisations = await db
            .Organisations.Where(o => numbers.Contains(o.Number))
            .Select(o => new
            {
                o.Number,
                o.Name,
                o.Kind,
            })
            .ToDictionaryAsync(o => o.Number, ct);
        var names = organisations.ToDictionary(o => o.Key, o => o.Value.Name);
        var changed = await ConsentsChanged(db, need, ct);
        var consents = need
            .Consents.Where(c => c.Stands)
            .OrderBy(c => c.GivenAt)
            .Select(c => new ConsentLine(
                c.AudienceKey,
                c.Parts,
                c.GivenAt,
                c.Audience.OrganisationNumber is { } n ? names.GetValueOrDefault(n) : null,
                c.Audience.OrganisationNumber is { } k ? organisations.GetValueOrDefault(k)?.Kind : null,
                changed.TryGetValue(c.AudienceKey, out var at) && at > c.GivenAt ? at : null
            ))
            .ToList();
        var veiled = await db.Veiled(new Dictionary<Guid, int> { [need.Id] = decision.View }, ct);
        var programmed = (
            await GapService.Programmed(
                db,
                ((NeedParts)decision.View).Has(NeedParts.Cost)
                    ? [new(need.Id, need.EstimatedCost, need.AcceptedAmount, need.Currency)]
                    : [],
                Today,
                ct
            )
        ).GetValueOrDefault(need.Id);
        return NeedView.Of(need, (NeedParts)decision.View, files, consents, NeedActs.Of(need, db.Actor, Now), Now, names, programmed) with
        {
            Veiled = (NeedParts)veiled.GetValueOrDefault(need.Id),
            Next = await NextSteps.Of(db, need, Now, ct),
        };
    }

    // When the parts of each consent were changed last is told by what was done.
    private static async Task<Dictionary<string, DateTime>> ConsentsChanged(PortalDb db, Need need, CancellationToken ct) =>
        !need.Consents.Any(c => c.Stands)
            ? []
            : await db
                .Activities.Where(a =>
                    a.RecordId == need.Id && a.Subject != null && (a.Code == "need.consent_changed" || a.Code == "need.tacit_consented")
                )
                .GroupBy(a => a.Subject!)
                .Select(g => new { g.Key, At = g.Max(a => a.At) })
                .ToDictionaryAsync(g => g.Key, g => g.At, ct);

    /// <summary>Who can see a need and why: for those who see it whole. Others learn only why they see it themselves.</summary>
    public Task<IReadOnlyList<ReaderLine>> Readers(string reference) => records.Readers(reference);

    /// <summary>Drafts a need for the State acted for.</summary>
    /// <returns>Its reference.</returns>
    public Task<string> Draft(Need.Content content) => records.Draft(actor => Need.Draft(Records<Need>.Unnumbered, actor, content, Now));

    /// <summary>Changes what a need says, where it is still what the form began on.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public Task Edit(string reference, Guid version, Need.Content content) =>
        records.Edit(reference, version, (need, actor) => need.Edit(actor, content, Now));

    /// <summary>What a need says now, for its form, at which version, and whether it is a draft, which may leave things out.</summary>
    public async Task<(Need.Content Content, Guid Version, bool IsDraft)> Content(string reference)
    {
        await using var db = await actors.Open();
        var need = await records.One(db, reference);
        if (!need.CanEdit(db.Actor))
            throw new NotFound();
        await readings.Note(db, need, (int)NeedParts.Whole);
        return (need.Present, need.Version, need.Status == NeedStatus.Draft);
    }

    /// <summary>
    /// What a need says in another language now, for the form that translates it, and at which version; empty where it is not translated
    /// yet.
    /// </summary>
    public async Task<(string Title, string Description, Guid Version)> Translation(string reference, Language language)
    {
        await using var db = await actors.Open();
        var need = await records.One(db, reference);
        if (!need.CanTranslate(db.Actor))
            throw new NotFound();
        var text = need.Translations.FirstOrDefault(t => t.Language == language);
        return (text?.Title ?? "", text?.Description ?? "", need.Version);
    }

    /// <summary>Adds or replaces a translation, where the need is still what the form began on.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public Task Translate(string reference, Guid version, Language language, string title, string description) =>
        records.Edit(reference, version, (need, actor) => need.Translate(actor, language, title, description, Now));

    /// <summary>Submits to CTED.</summary>
    public Task Submit(string reference) => records.Act(reference, (need, actor) => need.Submit(actor, Now));

    /// <summary>Returns it to its State.</summary>
    public Task Return(string reference, string note) => records.Act(reference, (need, actor) => need.Return(actor, note, Now));

    /// <summary>Authenticates it.</summary>
    public Task Authenticate(string reference) => records.Act(reference, (need, actor) => need.Authenticate(actor, Now));

    /// <summary>Circulates it.</summary>
    public Task Circulate(string reference, DateOnly replyBy) =>
        records.Act(reference, (need, actor) => need.Circulate(actor, replyBy, Now));

    /// <summary>Withdraws it.</summary>
    public Task Withdraw(string reference, string why) =>
        records.Act(
            reference,
            async (db, need) =>
                need.Withdraw(
                    db.Actor,
                    why,
                    Now,
                    await db.Proposals.Include(p => p.Organisation).Where(p => p.NeedId == need.Id).ToListAsync()
                )
        );

    /// <summary>Says that it still stands.</summary>
    public Task Confirm(string reference) => records.Act(reference, (need, actor) => need.Confirm(actor, Now));

    /// <summary>Gives consent to audiences, each with the same parts: all or none.</summary>
    public Task GiveConsent(string reference, IReadOnlyList<Audience> audiences, NeedParts parts) =>
        records.Act(
            reference,
            async (db, need) =>
            {
                Refusal.If(audiences.Count == 0, "need.audience_required", "Audience");
                _ = await ConsentService.Kinds(db, audiences);
                foreach (var audience in audiences)
                    need.GiveConsent(db.Actor, audience, parts, Now);
            }
        );

    /// <summary>Revokes consent.</summary>
    public Task RevokeConsent(string reference, Audience audience, string? why) =>
        records.Act(reference, (need, actor) => need.RevokeConsent(actor, audience, why, Now));

    /// <summary>Agrees to what CTED asked to share more widely; nobody loses a part by it.</summary>
    public Task AgreeToRequest(string reference, Guid requestId) =>
        records.Act(reference, (need, actor) => need.AgreeToRequest(actor, requestId, Now));

    /// <summary>Refuses what CTED asked to share more widely, or objects in time.</summary>
    public Task RefuseRequest(string reference, Guid requestId, string? why) =>
        records.Act(reference, (need, actor) => need.RefuseRequest(actor, requestId, why, Now));

    /// <summary>Takes back what CTED asked for.</summary>
    public Task DropRequest(string reference, Guid requestId) =>
        records.Act(reference, (need, actor) => need.DropRequest(actor, requestId, Now));

    /// <summary>Attaches a file.</summary>
    public Task<FileLine> AddFile(string reference, string fileName, ReadOnlyMemory<byte> content) =>
        records.Act(reference, (db, need) => FileService.Add(db, need, fileName, content));

    /// <summary>Takes a file away.</summary>
    public Task RemoveFile(string reference, Guid fileId) => records.Act(reference, (db, need) => FileService.Remove(db, need, fileId));
}
