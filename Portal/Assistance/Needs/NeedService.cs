using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Consents;
using Portal.Assistance.Funding;
using Portal.Assistance.Proposals;
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
    public Task<string> Draft(Need.Content content, string? of = null) =>
        records.Draft(async db =>
            Need.Draft(
                Records<Need>.Unnumbered,
                db.Actor,
                content,
                Now,
                of is null ? null : await db.Recommendations.Where(r => r.Reference == of).OneOrNotFound()
            )
        );

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
    public async Task<(TranslationForm Form, Guid Version)> Translation(string reference, Language language)
    {
        await using var db = await actors.Open();
        var need = await records.One(db, reference);
        if (!need.CanTranslate(db.Actor))
            throw new NotFound();
        var text = need.Translations.FirstOrDefault(t => t.Language == language);
        var form = new TranslationForm
        {
            Title = text?.Title ?? "",
            Description = text?.Description ?? "",
            OriginalTitle = need.Title,
            OriginalDescription = need.Description,
        };
        return (form, need.Version);
    }

    /// <summary>Adds or replaces a translation, where the need is still what the form began on.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public Task Translate(string reference, Guid version, Language language, TranslationForm form) =>
        records.Edit(
            reference,
            version,
            (need, actor) =>
                need.Translate(
                    actor,
                    language,
                    form.Title ?? "",
                    form.Description ?? "",
                    Now,
                    (form.OriginalTitle ?? "", form.OriginalDescription ?? "")
                )
        );

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
        records.Act(reference, async (db, need) => need.Withdraw(db.Actor, why, Now, await ProposalService.MadeTo(db, need)));

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
