using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Assistance.Pictures;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Exports;
using Portal.Shell;

namespace Portal.Assistance.FollowUps;

/// <summary>The annual report of requests, offers and matches: for CTED staff, of what they may read.</summary>
public sealed class ReportService(
    ActorSource actors,
    PictureService picture,
    PictureTables tables,
    TimeProvider clock,
    IConfiguration configuration,
    Say say,
    IStringLocalizer<PictureWords> words,
    IStringLocalizer<ExportWords> exports
)
{
    /// <summary>The years that may be reported on, the latest first.</summary>
    public IReadOnlyList<int> Years => [.. Enumerable.Range(0, 6).Select(i => clock.GetUtcNow().Year - i)];

    /// <summary>The year an address asks for; the last one that is over where it names none.</summary>
    public int YearOf(ListAddress address) => int.TryParse(address.One("year"), out var year) && Years.Contains(year) ? year : Years[1];

    /// <summary>The report of a year, in the reader's language.</summary>
    /// <exception cref="NotFound">It is not for the reader.</exception>
    public async Task<Report> Get(int year, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        if (!PictureRules.MayReport(db.Actor))
            throw new NotFound();
        var views = new List<PictureView>();
        foreach (var by in Enum.GetValues<PictureBy>())
            views.Add(await picture.Get(new PictureQuery { By = by, Year = year }, ct));
        var view = views[0];
        var (facts, offered, outcomes, made) = (
            await Facts(db, view, year, ct),
            await Offers(db, ct),
            await Outcomes(db, year, ct),
            await Made(db, year, ct)
        );
        return new Report(
            $"annual-report-{year}",
            words["report.title", year],
            words["report.sub"],
            [words["report.by"], words["report.made", say.Date(view.RatesOf)]],
            configuration.GetValue<bool>("Portal:DemoData") ? exports["demonstration"].Value : null,
            [
                new(words["report.summary"], null, [facts]),
                .. views.Select(v => new ReportPart(
                    words["report.requests", Within(v.By)],
                    null,
                    [tables.Given(v, words["report.requests", Within(v.By)])]
                )),
                new(words["stages"], null, [tables.Stages(view)]),
                .. offered.Select(t => new ReportPart(t.Title, null, [t])),
                new(words["answers"], null, [tables.Answers(view)]),
                new(words["report.proposals"], null, [made]),
                new(words["times"], null, [tables.Times(view)]),
                new(words["report.outcomes"], null, [outcomes]),
                new(
                    words["report.method"],
                    words["report.method.text", view.Currency, say.Date(view.RatesOf), view.WithoutRate, view.WithoutCost],
                    []
                ),
            ]
        );
    }

    // Inside a sentence in lower case, but for the State, which United Nations documents write large.
    private string Within(PictureBy by) =>
        tables.By(by) is { Length: > 0 } label && by != PictureBy.State
            ? char.ToLower(label[0], System.Globalization.CultureInfo.CurrentCulture) + label[1..]
            : tables.By(by);

    /// <summary>The report, to be taken away: that it was is in the log.</summary>
    public async Task<Report> Export(int year, string format, CancellationToken ct = default)
    {
        var report = await Get(year, ct);
        await using var db = await actors.Open();
        db.Audit(new Act("need.report_exported", (int)NeedParts.Inner, Subject: $"{format}:{year}"), Section.Needs);
        await db.SaveChangesAsync(ct);
        return report;
    }

    private FigureTable Listed(string name, string title, IEnumerable<(string Code, string Text, int Count)> lines)
    {
        var all = lines.ToList();
        return new FigureTable(
            name,
            title,
            [new(words["what"], FigureKind.Text), new(words["number"])],
            [.. all.Select(l => new FigureRow(l.Code, [l.Text, (long)l.Count], FigureTable.Bars(l.Count, all.Max(x => x.Count))))]
        );
    }

    private async Task<FigureTable> Facts(PortalDb db, PictureView view, int year, CancellationToken ct)
    {
        var (from, to) = Span(year);
        var needs = db.Needs.AsNoTracking();
        (string Fact, int Count)[] facts =
        [
            ("requests", view.Total.Needs),
            ("circulated", await needs.CountAsync(n => n.CirculatedAt >= from && n.CirculatedAt < to, ct)),
            ("offers", await db.Offers.AsNoTracking().CountAsync(o => o.IsOpen, ct)),
            ("matches", await needs.CountAsync(n => db.Matches.Any(m => m.NeedId == n.Id), ct)),
            ("proposals", await Acts(db, "proposal.proposed", from, to).CountAsync(ct)),
            ("accepted", await Acts(db, "proposal.accepted", from, to).CountAsync(ct)),
            ("delivered", await needs.CountAsync(n => n.DeliveredOn != null && n.DeliveredOn.Value.Year == year, ct)),
            ("outcomes", await needs.CountAsync(n => n.ConcludedAt >= from && n.ConcludedAt < to, ct)),
        ];
        return Listed("Summary", words["report.summary"], facts.Select(f => (f.Fact, words["fact." + f.Fact].Value, f.Count)));
    }

    private static IQueryable<Guid> Acts(PortalDb db, string code, DateTime from, DateTime to) =>
        db
            .Activities.Where(a => a.Code == code && a.At >= from && a.At < to && db.Proposals.Any(p => p.Id == a.RecordId))
            .Select(a => a.RecordId)
            .Distinct();

    private async Task<FigureTable> Made(PortalDb db, int year, CancellationToken ct)
    {
        var (from, to) = Span(year);
        var made = Acts(db, "proposal.proposed", from, to);
        var counts = (
            await db
                .Proposals.Where(p => made.Contains(p.Id))
                .GroupBy(p => p.Status)
                .Select(g => new { g.Key, Count = g.Count() })
                .ToListAsync(ct)
        ).ToDictionary(g => g.Key, g => g.Count);
        return Listed(
            "Proposals",
            words["report.proposals"],
            Enum.GetValues<ProposalStatus>()
                .Where(s => s != ProposalStatus.Draft)
                .Select(s => (s.ToString(), say.Status(s), counts.GetValueOrDefault(s)))
        );
    }

    private async Task<FigureTable> Outcomes(PortalDb db, int year, CancellationToken ct)
    {
        var (from, to) = Span(year);
        var counts = (
            await db
                .Needs.Where(n => n.ConcludedAt >= from && n.ConcludedAt < to)
                .GroupBy(n => n.Status)
                .Select(g => new { g.Key, Count = g.Count() })
                .ToListAsync(ct)
        ).ToDictionary(g => g.Key, g => g.Count);
        return Listed(
            "Outcomes",
            words["report.outcomes"],
            Enum.GetValues<NeedStatus>().Where(s => s.IsConcluded()).Select(s => (s.ToString(), say.Status(s), counts.GetValueOrDefault(s)))
        );
    }

    // A standing offer counts under each region and theme that it is for.
    private async Task<IReadOnlyList<FigureTable>> Offers(PortalDb db, CancellationToken ct)
    {
        var open = await db.Offers.AsNoTracking().Where(o => o.IsOpen).Select(o => new { o.Regions, o.Themes }).ToListAsync(ct);
        var (region, theme) = (
            words["report.offers", Within(PictureBy.Region)].Value,
            words["report.offers", Within(PictureBy.Theme)].Value
        );
        return
        [
            Listed(
                "OffersByRegion",
                region,
                RegionalGroups.All.Select(r => (r.ToString(), say.Region(r), open.Count(o => o.Regions.Contains(r))))
            ),
            Listed("OffersByTheme", theme, Themes.All.Select(t => (t.Code, say.Theme(t.Code), open.Count(o => o.Themes.Contains(t.Code))))),
        ];
    }

    private static (DateTime From, DateTime To) Span(int year) =>
        (new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc));
}
