using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Needs;

/// <summary>A text in a language.</summary>
public sealed record LanguageText(Language Language, string Title, string? Description, bool IsOriginal)
{
    /// <summary>Whether the original has been changed since, as far as the reader is shown it.</summary>
    public bool IsBehind { get; init; }
}

/// <summary>A file of a record.</summary>
/// <param name="Id">The file.</param>
/// <param name="FileName">Its name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Part">View bit that its readers hold.</param>
public sealed record FileLine(Guid Id, string FileName, int Size, int Part = 0);

/// <summary>A standing consent.</summary>
/// <param name="Audience">Key of the audience.</param>
/// <param name="Parts">Parts it is given.</param>
/// <param name="GivenAt">UTC.</param>
/// <param name="Organisation">Its name, where it is one.</param>
/// <param name="Kind">Its kind, where it is one.</param>
/// <param name="ChangedAt">UTC; when the parts were changed last, null where they are as they were given.</param>
public sealed record ConsentLine(
    string Audience,
    NeedParts Parts,
    DateTime GivenAt,
    LocalName? Organisation,
    OrganisationKind? Kind = null,
    DateTime? ChangedAt = null
)
{
    /// <summary>The consent as the rules take it.</summary>
    public Given AsGiven() => new(new Audience(Audience), Parts);
}

/// <summary>What CTED asked the State to share more widely, not answered yet.</summary>
/// <param name="Id">The request.</param>
/// <param name="Audience">Key of the audience.</param>
/// <param name="Organisation">Its name, where it is one.</param>
/// <param name="Parts">Parts asked for.</param>
/// <param name="AskedAt">UTC.</param>
/// <param name="SilentAfter">Last day to object, where silence consents.</param>
public sealed record RequestLine(
    Guid Id,
    string Audience,
    LocalName? Organisation,
    NeedParts Parts,
    DateTime AskedAt,
    DateOnly? SilentAfter
);

/// <summary>What the reader may do with a need: the buttons ask the same functions as the service.</summary>
public sealed record NeedActs(
    bool Edit,
    bool Translate,
    bool Submit,
    bool Authenticate,
    bool Circulate,
    bool Consent,
    bool Withdraw,
    bool Confirm,
    bool Propose,
    bool AskConsent = false,
    bool SendProposal = false
)
{
    /// <summary>Nothing: who looks at a preview.</summary>
    public static readonly NeedActs None = new(false, false, false, false, false, false, false, false, false);

    /// <summary>Asks the rules.</summary>
    public static NeedActs Of(Need need, Actor actor, DateTime now) =>
        new(
            // What would be refused for want of a consent is not offered.
            need.CanEdit(actor),
            need.CanTranslate(actor),
            need.CanSubmit(actor),
            need.CanAuthenticate(actor),
            need.CanCirculate(actor) && need.Consents.Any(c => c.Stands),
            need.CanConsent(actor),
            need.CanWithdraw(actor),
            need.CanConfirm(actor),
            need.CanPropose(actor, now),
            need.CanAskConsent(actor),
            need.CanSendProposal(actor, now)
        );
}

/// <summary>A need as one reader sees it: made of the parts shared with them and nothing else.</summary>
public sealed record NeedView
{
    /// <summary>Identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>Reference.</summary>
    public required string Reference { get; init; }

    /// <summary>Concurrency token, for those who see the need whole; empty for others.</summary>
    public required Guid Version { get; init; }

    /// <summary>Parts the reader sees.</summary>
    public required NeedParts Parts { get; init; }

    /// <summary>In a preview, parts that are seen by whom one looks as, and masked for whoever looks.</summary>
    public NeedParts Veiled { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string StateIso3 { get; init; }

    /// <summary>Texts: the original first.</summary>
    public required IReadOnlyList<LanguageText> Texts { get; init; }

    /// <summary>Theme code.</summary>
    public required string Theme { get; init; }

    /// <summary>Stage.</summary>
    public required NeedStatus Status { get; init; }

    /// <summary>Last day for answers.</summary>
    public DateOnly? ReplyBy { get; init; }

    /// <summary>Paragraph codes; part Background.</summary>
    public IReadOnlyList<string>? Paragraphs { get; init; }

    /// <summary>Origin; part Background.</summary>
    public NeedOrigin? Origin { get; init; }

    /// <summary>Modality codes; part Modality.</summary>
    public IReadOnlyList<string>? Modalities { get; init; }

    /// <summary>DAC codes; part Modality.</summary>
    public IReadOnlyList<string>? Sectors { get; init; }

    /// <summary>Institution; part Beneficiary.</summary>
    public string? Beneficiary { get; init; }

    /// <summary>Urgency; part Timeframe.</summary>
    public Urgency? Urgency { get; init; }

    /// <summary>First day; part Timeframe.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day; part Timeframe.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Cost; part Cost.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>Accepted so far; part Cost.</summary>
    public decimal? AcceptedAmount { get; init; }

    /// <summary>Gap; part Cost.</summary>
    public decimal? FundingGap { get; init; }

    /// <summary>What programmes that the reader sees bring beyond what was accepted.</summary>
    public decimal Programmed { get; init; }

    /// <summary>ISO 4217; part Cost.</summary>
    public string? Currency { get; init; }

    /// <summary>Files; part Attachments.</summary>
    public IReadOnlyList<FileLine>? Files { get; init; }

    /// <summary>CTED's note; part Inner.</summary>
    public string? ReturnNote { get; init; }

    /// <summary>UTC; part Inner.</summary>
    public DateTime? LastConfirmedAt { get; init; }

    /// <summary>Whether it has not been confirmed for a year; part Inner.</summary>
    public bool IsStale { get; init; }

    /// <summary>Whether CTED has it: from its first submission on; part Inner.</summary>
    public bool IsBeforeCted { get; init; }

    /// <summary>Standing consents; part Inner.</summary>
    public IReadOnlyList<ConsentLine>? Consents { get; init; }

    /// <summary>What CTED asked for and the State has yet to answer; part Inner.</summary>
    public IReadOnlyList<RequestLine>? Requests { get; init; }

    /// <summary>Whether the State's silence may consent to wider circulation; part Inner.</summary>
    public bool AllowsTacitConsent { get; init; }

    /// <summary>Fields of a draft that must still be filled in before it can be submitted; part Inner.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What the reader may do.</summary>
    public required NeedActs Acts { get; init; }

    /// <summary>What the reader can do next, or who is awaited; null in the view that an audience would have.</summary>
    public NextStep? Next { get; init; }

    /// <summary>The text for a reader: in their language, if the original has not left that one behind, else the original.</summary>
    public LanguageText In(Language language) => Texts.FirstOrDefault(t => t.Language == language && !t.IsBehind) ?? Texts[0];

    /// <summary>Makes the view of a need that these parts allow.</summary>
    public static NeedView Of(
        Need need,
        NeedParts parts,
        IReadOnlyList<FileLine> files,
        IReadOnlyList<ConsentLine> consents,
        NeedActs acts,
        DateTime now,
        IReadOnlyDictionary<int, LocalName>? names = null,
        decimal programmed = 0
    )
    {
        var described = parts.Has(NeedParts.Description);
        var costed = parts.Has(NeedParts.Cost);
        var inner = parts.Has(NeedParts.Inner);
        var timed = parts.Has(NeedParts.Timeframe);
        return new NeedView
        {
            Id = need.Id,
            Reference = need.Reference,
            // It changes with every save, those of parts the reader does not see too; only who may edit needs it.
            Version = inner ? need.Version : Guid.Empty,
            Parts = parts,
            StateIso3 = need.StateIso3,
            Texts =
            [
                new LanguageText(need.Language, need.Title, described ? need.Description : null, true),
                .. need.Translations.Select(t => new LanguageText(t.Language, t.Title, described ? t.Description : null, false)
                {
                    IsBehind = t.IsBehind(parts),
                }),
            ],
            Theme = need.Theme,
            Status = need.Status,
            ReplyBy = need.ReplyBy,
            Paragraphs = parts.Has(NeedParts.Background) ? need.Paragraphs : null,
            Origin = parts.Has(NeedParts.Background) ? need.Origin : null,
            Modalities = parts.Has(NeedParts.Modality) ? need.Modalities : null,
            Sectors = parts.Has(NeedParts.Modality) ? need.Sectors : null,
            Beneficiary = parts.Has(NeedParts.Beneficiary) ? need.Beneficiary : null,
            Urgency = timed ? need.Urgency : null,
            From = timed ? need.From : null,
            To = timed ? need.To : null,
            EstimatedCost = costed ? need.EstimatedCost : null,
            AcceptedAmount = costed ? need.AcceptedAmount : null,
            FundingGap = costed && need.NotAccepted is { } open ? Math.Max(0, open - programmed) : null,
            Programmed = costed ? programmed : 0,
            Currency = costed ? need.Currency : null,
            Files = parts.Has(NeedParts.Attachments) ? files : null,
            ReturnNote = inner ? need.ReturnNote : null,
            LastConfirmedAt = inner ? need.LastConfirmedAt : null,
            IsStale = inner && need.IsStale(now),
            IsBeforeCted = inner && need.SubmittedAt is not null,
            Consents = inner ? consents : null,
            Requests = inner
                ?
                [
                    .. need
                        .Requests.Where(r => r.IsOpen)
                        .OrderBy(r => r.AskedAt)
                        .Select(r => new RequestLine(
                            r.Id,
                            r.AudienceKey,
                            r.Audience.OrganisationNumber is { } n ? names?.GetValueOrDefault(n) : null,
                            r.Parts,
                            r.AskedAt,
                            r.SilentAfter
                        )),
                ]
                : null,
            AllowsTacitConsent = inner && need.AllowsTacitConsent,
            Missing = inner && need.Status == NeedStatus.Draft ? [.. need.Missing().Select(m => m.Field ?? "")] : [],
            Acts = acts,
        };
    }
}
