using Portal.Assistance.Needs;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Exports;
using Portal.Lists;

namespace Portal.Api;

/// <summary>The parts of a need that its State may share beyond the summary.</summary>
public enum SharedPart
{
    /// <summary>Description and translations.</summary>
    Description,

    /// <summary>Paragraphs and origin.</summary>
    Background,

    /// <summary>Modalities and sectors.</summary>
    Modality,

    /// <summary>Beneficiary institution.</summary>
    Beneficiary,

    /// <summary>Estimated cost and funding gap.</summary>
    Cost,

    /// <summary>Urgency and timeframe.</summary>
    Timeframe,

    /// <summary>Files.</summary>
    Attachments,
}

/// <summary>A page of a list.</summary>
/// <param name="Items">Rows in order.</param>
/// <param name="Total">How many in all that the reader may see, counted up to 1,000.</param>
/// <param name="TotalIsCapped">Whether there are more than were counted.</param>
/// <param name="Page">Page, from 1.</param>
/// <param name="PageSize">Rows on a page.</param>
public sealed record ListOf<T>(IReadOnlyList<T> Items, int Total, bool TotalIsCapped, int Page, int PageSize)
{
    internal static ListOf<T> From<TRow>(Page<TRow> page, Func<TRow, T> row) =>
        new([.. page.Rows.Select(row)], page.Total, page.IsCapped, page.Number, page.PageSize);
}

/// <summary>A need in a list. What is not among its <c>parts</c> is not shared with the reader, and null.</summary>
public sealed record NeedItem(
    string Reference,
    string State,
    string Title,
    Language Language,
    string Theme,
    NeedStatus Status,
    DateOnly? ReplyBy,
    IReadOnlyList<string> Parts,
    Urgency? Urgency,
    decimal? EstimatedCost,
    decimal? FundingGap,
    string? Currency,
    bool IsStale,
    DateTime? UpdatedAt
)
{
    internal static NeedItem Of(NeedRow r) =>
        new(
            r.Reference,
            r.StateIso3,
            r.Title,
            r.Language,
            r.Theme,
            r.Status,
            r.ReplyBy,
            NeedApi.Names(r.Parts),
            r.Urgency,
            r.EstimatedCost,
            r.FundingGap,
            r.Currency,
            r.IsStale,
            r.UpdatedAt
        );
}

/// <summary>A text of a need.</summary>
public sealed record NeedText(Language Language, string Title, string? Description, bool IsOriginal, bool IsBehind);

/// <summary>A file; read it at <c>href</c>.</summary>
public sealed record NeedFile(Guid Id, string FileName, int Size, string Href)
{
    internal static NeedFile Of(FileLine f) => new(f.Id, f.FileName, f.Size, $"/files/{f.Id}");
}

/// <summary>A standing consent.</summary>
public sealed record NeedConsent(string Audience, string? Organisation, IReadOnlyList<string> Parts, DateTime GivenAt);

/// <summary>A need as the reader sees it. What is not among its <c>parts</c> is not shared with the reader, and null.</summary>
public sealed record NeedRecord : IVersioned
{
    /// <summary>Reference.</summary>
    public required string Reference { get; init; }

    /// <summary>For <c>If-Match</c>; null for readers who may not edit.</summary>
    public string? Version { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string State { get; init; }

    /// <summary>The original text first, then translations.</summary>
    public required IReadOnlyList<NeedText> Texts { get; init; }

    /// <summary>Theme code; empty in a draft that does not say it yet.</summary>
    public required string Theme { get; init; }

    /// <summary>Stage.</summary>
    public required NeedStatus Status { get; init; }

    /// <summary>Last day for answers.</summary>
    public DateOnly? ReplyBy { get; init; }

    /// <summary>Parts shared with the reader.</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>Paragraph codes.</summary>
    public IReadOnlyList<string>? Paragraphs { get; init; }

    /// <summary>Where it comes from.</summary>
    public NeedOrigin? Origin { get; init; }

    /// <summary>Modality codes.</summary>
    public IReadOnlyList<string>? Modalities { get; init; }

    /// <summary>DAC purpose codes.</summary>
    public IReadOnlyList<string>? Sectors { get; init; }

    /// <summary>Beneficiary institution.</summary>
    public string? Beneficiary { get; init; }

    /// <summary>How pressing.</summary>
    public Urgency? Urgency { get; init; }

    /// <summary>First day.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Estimated cost, whole units of the currency.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>Accepted so far.</summary>
    public decimal? AcceptedAmount { get; init; }

    /// <summary>Still to be paid for.</summary>
    public decimal? FundingGap { get; init; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; init; }

    /// <summary>Files.</summary>
    public IReadOnlyList<NeedFile>? Files { get; init; }

    /// <summary>CTED's note when it was returned.</summary>
    public string? ReturnNote { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? LastConfirmedAt { get; init; }

    /// <summary>Whether it has not been confirmed for a year.</summary>
    public bool IsStale { get; init; }

    /// <summary>Standing consents.</summary>
    public IReadOnlyList<NeedConsent>? Consents { get; init; }

    /// <summary>What the reader may do.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    internal static NeedRecord Of(NeedView v) =>
        new()
        {
            Reference = v.Reference,
            Version = v.Acts.Edit ? v.Version.ToString() : null,
            State = v.StateIso3,
            Texts = [.. v.Texts.Select(t => new NeedText(t.Language, t.Title, t.Description, t.IsOriginal, t.IsBehind))],
            Theme = v.Theme,
            Status = v.Status,
            ReplyBy = v.ReplyBy,
            Parts = NeedApi.Names(v.Parts),
            Paragraphs = v.Paragraphs,
            Origin = v.Origin,
            Modalities = v.Modalities,
            Sectors = v.Sectors,
            Beneficiary = v.Beneficiary,
            Urgency = v.Urgency,
            From = v.From,
            To = v.To,
            EstimatedCost = v.EstimatedCost,
            AcceptedAmount = v.AcceptedAmount,
            FundingGap = v.FundingGap,
            Currency = v.Currency,
            Files = v.Files is null ? null : [.. v.Files.Select(NeedFile.Of)],
            ReturnNote = v.ReturnNote,
            LastConfirmedAt = v.LastConfirmedAt,
            IsStale = v.IsStale,
            Consents = v.Consents is null
                ? null
                :
                [
                    .. v.Consents.Select(c => new NeedConsent(
                        c.Audience,
                        c.Organisation?[Shell.Culture.Current],
                        NeedApi.Names(c.Parts),
                        c.GivenAt
                    )),
                ],
            Actions = Allowed(v.Acts),
        };

    private static IReadOnlyList<string> Allowed(NeedActs a) =>
        Inputs.Allowed(
            ("edit", a.Edit),
            ("translate", a.Translate),
            ("submit", a.Submit),
            ("authenticate", a.Authenticate),
            ("return", a.Authenticate),
            ("circulate", a.Circulate),
            ("consent", a.Consent),
            ("withdraw", a.Withdraw),
            ("confirm", a.Confirm),
            ("propose", a.Propose)
        );
}

/// <summary>A note to the State.</summary>
public sealed record NoteInput(string? Note);

/// <summary>A reason.</summary>
public sealed record ReasonInput([property: Called(nameof(Domain.Committee.CirculationStep.Reason))] string? Why);

/// <summary>The last day for answers.</summary>
public sealed record CirculationInput(DateOnly? ReplyBy);

/// <summary>Parts an audience may see beyond the summary.</summary>
public sealed record ConsentInput(IReadOnlyList<SharedPart>? Parts);

/// <summary>One audience that sees a need, and why.</summary>
public sealed record NeedReader(
    string Audience,
    string? Organisation,
    IReadOnlyList<string> Parts,
    ExposureRule Why,
    DateTime Since,
    int People
);

/// <summary>Needs.</summary>
internal static class NeedApi
{
    public static void MapNeeds(this RouteGroupBuilder api)
    {
        var needs = api.MapRecords<NeedService, NeedRecord>(
                Need.Card,
                "What Member States ask for, who may see it, and what is done with it.",
                One
            )
            .Read(NeedList.List, NeedItem.Of, "One need, as the reader sees it.")
            .Draft<Need.Content>((s, said) => s.Draft(said), "Drafts a need for the State acted for.")
            .Edit<Need.Content>(
                async (s, r) => Refusal.Unless((await s.Get(r)).Acts.Edit, "need.not_yours_to_edit"),
                async (s, r) => await s.Content(r) is var (says, version, _) ? (says, version) : default,
                (s, r, version, said) => s.Edit(r, version, said),
                "Replaces what a need says, if it is still at the version in If-Match."
            )
            .Verb(
                "submit",
                "submitNeed",
                "Submits a need to CTED. A draft may leave out description, theme and modalities; to be submitted it says them.",
                (s, r) => s.Submit(r)
            )
            .Verb<NoteInput>(
                "return",
                "returnNeed",
                "Returns a need to its State, with a note.",
                (s, r, said) => s.Return(r, said.Note ?? "")
            )
            .Verb("authenticate", "authenticateNeed", "Finds a need in order.", (s, r) => s.Authenticate(r))
            .Verb<CirculationInput>(
                "circulate",
                "circulateNeed",
                "Shows a need to the audiences its State consented to.",
                (s, r, said) => s.Circulate(r, said.ReplyBy ?? throw new Refusal("field.required", nameof(Need.ReplyBy)))
            )
            .Verb<ReasonInput>(
                "withdraw",
                "withdrawNeed",
                "Takes a need back, with a reason.",
                (s, r, said) => s.Withdraw(r, said.Why ?? "")
            )
            .Verb("confirm", "confirmNeed", "Says that a need still stands.", (s, r) => s.Confirm(r))
            .Files(
                async (s, r, ct) => Refusal.Unless((await s.Get(r, ct)).Acts.Edit, "need.not_yours_to_edit"),
                (s, r, name, content) => s.AddFile(r, name, content),
                (s, r, id) => s.RemoveFile(r, id)
            )
            .Threads()
            .Routes;
        needs
            .MapGet("/calendar", (NeedCalendar calendar, CancellationToken ct) => calendar.All(ct))
            .Says("getNeedsCalendar", "The days by which needs in circulation are answered, as a calendar file.")
            .Produces<string>(200, "text/calendar");
        needs
            .MapGet("/{reference}/calendar", (string reference, NeedCalendar calendar, CancellationToken ct) => calendar.One(reference, ct))
            .Says("getNeedCalendar", "The day by which a need is answered, as a calendar file.", 404)
            .Produces<string>(200, "text/calendar");
        needs
            .MapPut("/{reference}/consents/{audience}", GiveConsent)
            .Verb("giveConsent", "Gives an audience consent, or changes the parts it gets.", 400, 413, 415)
            .Produces<NeedRecord>();
        needs
            .MapDelete(
                "/{reference}/consents/{audience}",
                (string reference, string audience, string? why, NeedService s) =>
                    Inputs.After(s.RevokeConsent(reference, new Audience(audience), why), () => One(s, reference))
            )
            .Verb("revokeConsent", "Revokes an audience's consent.", 422)
            .Produces<NeedRecord>();
        needs
            .MapGet("/{reference}/readers", Readers)
            .Says("listNeedReaders", "Who can see a need, and why.", 404)
            .Produces<IReadOnlyList<NeedReader>>();
    }

    /// <summary>The parts in a set, by name.</summary>
    public static IReadOnlyList<string> Names(NeedParts parts) =>
        [.. Enum.GetValues<NeedParts>().Where(p => int.PopCount((int)p) == 1 && parts.Has(p)).Select(p => p.ToString())];

    private static async Task<NeedRecord> One(NeedService needs, string reference, CancellationToken ct = default) =>
        NeedRecord.Of(await needs.Get(reference, ct));

    private static Task<NeedRecord> GiveConsent(string reference, string audience, Body<ConsentInput> body, NeedService needs)
    {
        var parts = (body.Value.Parts ?? []).Aggregate(NeedParts.Summary, (set, part) => set | Enum.Parse<NeedParts>(part.ToString()));
        return Inputs.After(needs.GiveConsent(reference, [new Audience(audience)], parts), () => One(needs, reference));
    }

    private static async Task<IReadOnlyList<NeedReader>> Readers(string reference, NeedService needs) =>
        [
            .. (await needs.Readers(reference)).Select(r => new NeedReader(
                r.Audience,
                r.Organisation?[Shell.Culture.Current],
                Names((NeedParts)r.View),
                r.Why,
                r.Since,
                r.People
            )),
        ];
}
