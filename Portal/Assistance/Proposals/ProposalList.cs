using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Lists;
using Portal.Shell;
using Column = Portal.Lists.ListColumn<Portal.Assistance.Proposals.ProposalRow>;
using Filter = Portal.Lists.ListFilter<Portal.Domain.Assistance.Proposal>;
using Sort = Portal.Lists.ListSort<Portal.Domain.Assistance.Proposal>;

namespace Portal.Assistance.Proposals;

/// <summary>A row of a list of proposals.</summary>
public sealed record ProposalRow(
    Guid Id,
    string Reference,
    string Title,
    Language Language,
    string NeedReference,
    string StateIso3,
    LocalName Provider,
    ProposalStatus Status,
    decimal? Amount,
    decimal? AcceptedAmount,
    string? Currency,
    IReadOnlyList<string> Modalities,
    DateOnly? From,
    DateOnly? To,
    DateTime UpdatedAt
) : IListed
{
    /// <summary>The row of one that is loaded with its organisation.</summary>
    public static ProposalRow Of(Proposal p) =>
        new(
            p.Id,
            p.Reference,
            p.Title,
            p.Language,
            p.NeedReference,
            p.StateIso3,
            p.Organisation.Name,
            p.Status,
            p.Amount,
            p.AcceptedAmount,
            p.Currency,
            p.Modalities,
            p.From,
            p.To,
            p.UpdatedAt
        );
}

/// <summary>The list of proposals.</summary>
public static class ProposalList
{
    // The need, and its State.
    private static readonly Column Need = new(
        "Need",
        [.. Column.Text("Need", (r, _) => r.NeedReference).InFile, .. Column.State("State", r => r.StateIso3).InFile]
    )
    {
        Cell = (row, at) => Cells.Beside(Cells.Reference(row.NeedReference), Cells.State(at, row.StateIso3)),
    };

    private static readonly Column Period = Column.Period("Period", r => r.From, r => r.To);

    /// <summary>The list.</summary>
    public static readonly RecordList<Proposal, ProposalRow> List = new(Proposal.Card)
    {
        Columns =
        [
            Column.File("title", r => r.Title),
            Column.File("language", r => r.Language.Tag()),
            Need,
            Column.Text("Provider", (r, say) => say.Name(r.Provider)),
            Column.Stage("Status", r => r.Status, s => s.Tone()),
            Column.Money("Amount", r => r.Amount, r => r.Currency, onScreen: r => r.AcceptedAmount ?? r.Amount),
            Column.File("accepted_amount", r => r.AcceptedAmount, "Amount"),
            Column.File("currency", r => r.Currency, "Amount"),
            Column.Codes("Modality", r => r.Modalities, (say, code) => say.Modality(code)).OnlyInFiles(),
            Period,
            Column.Moment("Updated", r => r.UpdatedAt).Unusual(),
        ],
        InShort = (r, say) => $"{say.Name(r.Provider)} · {say.Code("status", r.Status)}",
        Beside = (r, say) => [say.List(r.Modalities.Select(say.Modality))],
        Filters =
        [
            Filter.Stages<ProposalStatus>((proposals, asked) => proposals.Where(p => asked.Contains(p.Status))),
            Filter.States(),
            Filter.Providers((proposals, asked) => proposals.Where(p => asked.Contains(p.Organisation.Code))),
        ],
        Sorts =
        [
            Sort.Newest,
            new("Reference", proposals => proposals.OrderBy(p => p.Reference)),
            new("State", proposals => proposals.OrderBy(p => p.StateIso3)) { Heading = "Need" },
            new("Provider", proposals => proposals.OrderBy(p => p.Organisation.Code)),
        ],
        Rows = async (db, ids, _, ct) =>
        {
            var rows = await Of(db.Proposals.Where(p => ids.Contains(p.Id))).ToDictionaryAsync(r => r.Id, ct);
            return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
        },
    };

    /// <summary>What the portal does with proposals.</summary>
    public static readonly RecordRoom<Proposal> Room = new(Proposal.Card)
    {
        Words = typeof(AssistanceWords),
        List = List,
        Icon = "proposals",
        Whole = proposals => proposals.Include(p => p.Organisation),
        Services = services => services.AddScoped<ProposalService>().AddScoped<AnswerService>(),
        Table = p =>
        {
            p.Property(x => x.StateIso3).HasMaxLength(3);
            p.Property(x => x.NeedReference).HasMaxLength(30);
            p.ComplexProperty(x => x.Says, RecordTable.Said);
            p.HasIndex(x => new { x.OrganisationId, x.Outcome });
            p.HasOne<Need>().WithMany().HasForeignKey(x => x.NeedId).IsRequired(false);
            p.HasOne(x => x.Organisation).WithMany().HasForeignKey(x => x.OrganisationId);
        },
    };

    /// <summary>The columns in which the proposals that answer one need differ.</summary>
    public static readonly IReadOnlyList<Column> OfNeed = [.. List.OnScreen.Usual().Except([Need, Period])];

    /// <summary>The rows of proposals.</summary>
    internal static IQueryable<ProposalRow> Of(IQueryable<Proposal> proposals) =>
        proposals
            .AsNoTracking()
            .Select(p => new ProposalRow(
                p.Id,
                p.Reference,
                p.Says.Title,
                p.Says.Language,
                p.NeedReference,
                p.StateIso3,
                p.Organisation.Name,
                p.Status,
                p.Says.Amount,
                p.AcceptedAmount,
                p.Says.Currency,
                p.Says.Modalities,
                p.Says.From,
                p.Says.To,
                p.UpdatedAt
            ));
}
