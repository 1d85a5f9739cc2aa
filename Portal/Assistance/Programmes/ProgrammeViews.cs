using Portal.Access;
using Portal.Assistance.Needs;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Programmes;

/// <summary>A need that a programme serves, or a programme that serves a need, for those who see both.</summary>
public sealed record ServedLine(string Reference, string Title, Language Language, string Status);

/// <summary>What the reader may do with a programme: the buttons ask the same functions as the service.</summary>
public sealed record ProgrammeActs(bool Edit, bool Share, bool Start, bool Complete, bool Cancel)
{
    /// <summary>Asks the rules.</summary>
    public static ProgrammeActs Of(Programme p, Actor actor) =>
        new(
            p.CanEdit(actor),
            p.CanShare(actor),
            p.CanMove(actor, ProgrammeStatus.Active),
            p.CanMove(actor, ProgrammeStatus.Completed),
            p.CanMove(actor, ProgrammeStatus.Cancelled)
        );
}

/// <summary>A programme as one reader sees it: made of the parts shared with them and nothing else.</summary>
public sealed record ProgrammeView
{
    /// <summary>What the list shows.</summary>
    public required ProgrammeRow Row { get; init; }

    /// <summary>Concurrency token, for those who see it whole; empty for others.</summary>
    public required Guid Version { get; init; }

    /// <summary>Code of the provider, for its page in the directory.</summary>
    public required string ProviderCode { get; init; }

    /// <summary>First day, as planned.</summary>
    public DateOnly? StartPlanned { get; init; }

    /// <summary>First day, as it was.</summary>
    public DateOnly? StartActual { get; init; }

    /// <summary>Last day, as planned.</summary>
    public DateOnly? EndPlanned { get; init; }

    /// <summary>Last day, as it was.</summary>
    public DateOnly? EndActual { get; init; }

    /// <summary>What is done; part Description.</summary>
    public string? Description { get; init; }

    /// <summary>Paragraph codes; part Description.</summary>
    public IReadOnlyList<string>? Paragraphs { get; init; }

    /// <summary>DAC codes; part Description.</summary>
    public IReadOnlyList<string>? Sectors { get; init; }

    /// <summary>Who takes part; part Description.</summary>
    public IReadOnlyList<Participant>? Participants { get; init; }

    /// <summary>Finance, newest first; part Finance.</summary>
    public IReadOnlyList<MoneyLine>? Money { get; init; }

    /// <summary>Results; part Results.</summary>
    public IReadOnlyList<ResultLine>? Results { get; init; }

    /// <summary>Documents; part Documents.</summary>
    public IReadOnlyList<DocumentLink>? Documents { get; init; }

    /// <summary>Files; part Documents.</summary>
    public IReadOnlyList<FileLine>? Files { get; init; }

    /// <summary>With whom it is shared, null before; part Inner.</summary>
    public ProgrammeSharing? Sharing { get; init; }

    /// <summary>Whether only its own organisation knows of it.</summary>
    public bool IsDraft { get; init; }

    /// <summary>Needs it serves, of those that the reader sees.</summary>
    public required IReadOnlyList<ServedLine> Needs { get; init; }

    /// <summary>In a preview, what is told of the parts that are masked.</summary>
    public MaskedView? Veiled { get; init; }

    /// <summary>What the reader may do.</summary>
    public required ProgrammeActs Acts { get; init; }

    /// <summary>What the reader can do next, or who is awaited.</summary>
    public NextStep? Next { get; init; }

    /// <summary>Makes the view of a programme that these parts allow.</summary>
    public static ProgrammeView Of(
        Programme p,
        ProgrammeParts parts,
        IReadOnlyList<ServedLine> needs,
        IReadOnlyList<FileLine> files,
        ProgrammeActs acts
    )
    {
        var (described, financed, inner) = (
            parts.Has(ProgrammeParts.Description),
            parts.Has(ProgrammeParts.Finance),
            parts.Has(ProgrammeParts.Inner)
        );
        return new ProgrammeView
        {
            Row = new ProgrammeRow(
                p.Id,
                p.Reference,
                p.Title,
                p.Language,
                p.Organisation.Name,
                p.States,
                p.Themes,
                p.Modalities,
                p.Status,
                p.Start,
                p.End,
                parts,
                described ? p.IatiIdentifier : null,
                financed ? p.Budget : null,
                financed ? p.Committed : null,
                financed ? p.Disbursed : null,
                financed ? p.Currency : null,
                inner ? p.UpdatedAt : null
            ),
            Version = inner ? p.Version : Guid.Empty,
            ProviderCode = p.Organisation.Code,
            StartPlanned = p.StartPlanned,
            StartActual = p.StartActual,
            EndPlanned = p.EndPlanned,
            EndActual = p.EndActual,
            Description = described ? p.Description : null,
            Paragraphs = described ? p.Paragraphs : null,
            Sectors = described ? p.Sectors : null,
            Participants = described ? p.Participants : null,
            Money = financed ? [.. p.Money.OrderByDescending(m => m.Date)] : null,
            Results = parts.Has(ProgrammeParts.Results) ? p.Results : null,
            Documents = parts.Has(ProgrammeParts.Documents) ? p.Documents : null,
            Files = parts.Has(ProgrammeParts.Documents) ? files : null,
            Sharing = inner && p.SharedAt is not null ? p.Sharing : null,
            IsDraft = inner && p.SharedAt is null,
            Needs = needs,
            Acts = acts,
        };
    }
}

/// <summary>How a list of programmes is looked at.</summary>
public enum ProgrammeLook
{
    /// <summary>Rows.</summary>
    Table,

    /// <summary>Rows with a line of time.</summary>
    Timeline,

    /// <summary>By stage.</summary>
    Pipeline,
}

/// <summary>The programmes of one stage.</summary>
/// <param name="Status">Stage.</param>
/// <param name="First">The first of them.</param>
/// <param name="Total">How many, or the limit of counting.</param>
/// <param name="IsCapped">Whether there are more than were counted.</param>
public sealed record PipelineStage(ProgrammeStatus Status, IReadOnlyList<ProgrammeRow> First, int Total, bool IsCapped);
