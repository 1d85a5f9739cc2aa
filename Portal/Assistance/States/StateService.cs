using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Funding;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.States;

/// <summary>
/// A record of a State, as its reader may know it: the amount is the estimated cost, the value proposed or the budget, and null where it is
/// not shared.
/// </summary>
public sealed record StateRow(
    Kind Kind,
    string Reference,
    string Title,
    Language Language,
    IReadOnlyList<string> Themes,
    string Status,
    LocalName? Provider,
    decimal? Amount,
    decimal? Accepted,
    string? Currency,
    DateOnly? Day
)
{
    /// <summary>Year in which the reference was given.</summary>
    public int Year => int.Parse(Reference.Split('-')[1], CultureInfo.InvariantCulture);
}

/// <summary>How many there are of something.</summary>
public sealed record Tally(string Key, int Count);

/// <summary>A day that is to come (<c>reply</c>, <c>outcome</c>), or a need that waits to be confirmed (<c>stale</c>).</summary>
public sealed record StateDay(string Code, string Reference, string Title, Language Language, DateOnly Day);

/// <summary>What a reader may see of a State.</summary>
public sealed record StatePicture
{
    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string Iso3 { get; init; }

    /// <summary>Needs by stage.</summary>
    public required IReadOnlyList<Tally> Stages { get; init; }

    /// <summary>Needs by theme.</summary>
    public required IReadOnlyList<Tally> Themes { get; init; }

    /// <summary>Needs by paragraph, where the reader is given their paragraphs.</summary>
    public required IReadOnlyList<Tally> Paragraphs { get; init; }

    /// <summary>Proposals by stage.</summary>
    public required IReadOnlyList<Tally> Proposals { get; init; }

    /// <summary>Assessments by stage, as the reader is told it.</summary>
    public required IReadOnlyList<Tally> Assessments { get; init; }

    /// <summary>Recommendations by stage.</summary>
    public required IReadOnlyList<Tally> Recommendations { get; init; }

    /// <summary>Programmes, newest first, a few of them.</summary>
    public required IReadOnlyList<StateRow> Programmes { get; init; }

    /// <summary>How many programmes there are, those that are not shown among them.</summary>
    public required int AllProgrammes { get; init; }

    /// <summary>What the State asked for, was given and still needs: needs that count in the funding gap.</summary>
    public required GapLine Money { get; init; }

    /// <summary>Currency of the money.</summary>
    public required string Currency { get; init; }

    /// <summary>Day of the rates.</summary>
    public required DateOnly RatesOf { get; init; }

    /// <summary>Needs that do not count, there being no rate.</summary>
    public required int WithoutRate { get; init; }

    /// <summary>Needs that do not count, no cost being estimated or shared.</summary>
    public required int WithoutCost { get; init; }

    /// <summary>Days to come, soonest first, and needs unconfirmed for a year; a few of them.</summary>
    public required IReadOnlyList<StateDay> Days { get; init; }

    /// <summary>How many days there are, those that are not shown among them.</summary>
    public required int AllDays { get; init; }

    /// <summary>Years that there is something of, to filter by.</summary>
    public required IReadOnlyList<int> Years { get; init; }

    /// <summary>How many records of every kind.</summary>
    public int Records { get; init; }
}

/// <summary>What is asked for.</summary>
public sealed record StateQuery(IReadOnlyList<string> Themes, IReadOnlyList<int> Years, string Currency)
{
    /// <summary>Reads an address; what it does not know is left out.</summary>
    public static StateQuery Of(Shell.ListAddress address) =>
        new(
            Domain.Reference.Themes.Within(address.All("theme")),
            [
                .. address
                    .All("year")
                    .Where(y => y is [>= '1' and <= '9', ..])
                    .Select(y => int.TryParse(y, NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : 0)
                    .Where(y => y > 0)
                    .Distinct(),
            ],
            Currencies.Find(address.One("currency"))?.Code ?? "USD"
        );
}

/// <summary>
/// All that a reader may see of a State: counts and sums of the records that they see, and of no other.
/// </summary>
public sealed class StateService(ActorSource actors, TimeProvider clock)
{
    /// <summary>Most programmes and days shown.</summary>
    public const int Most = 20;

    private sealed record NeedLine(
        Guid Id,
        string Reference,
        string Title,
        Language Language,
        string? Translated,
        string Theme,
        NeedStatus Status,
        List<string> Paragraphs,
        decimal? Cost,
        decimal Accepted,
        string? Currency,
        DateOnly? ReplyBy,
        DateOnly? DeliveredOn,
        DateTime LastConfirmedAt
    );

    private sealed record Seen(NeedLine Need, NeedParts Parts, StateRow Row);

    private sealed record All(
        IReadOnlyList<Seen> Needs,
        IReadOnlyList<StateRow> Proposals,
        IReadOnlyList<StateRow> Programmes,
        IReadOnlyList<int> Years
    );

    /// <summary>The picture of a State; of the State acted for where none is named.</summary>
    /// <exception cref="NotFound">No such State.</exception>
    public async Task<StatePicture> Get(string? named, StateQuery query, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        await db.OneConnection(ct);
        var iso3 = MemberStates.Find(named ?? db.Actor.StateIso3)?.Iso3 ?? throw new NotFound();
        var all = await Read(db, iso3, query, ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var today = DateOnly.FromDateTime(now);
        // The same needs, counted in the same way, as on the page of the funding gap.
        var (themes, years) = (query.Themes, query.Years.Select(y => FormattableString.Invariant($"-{y}-")).ToList());
        var gap = await GapService.Of(
            db,
            db.Needs.AsNoTracking()
                .Where(n =>
                    n.StateIso3 == iso3
                    && (themes.Count == 0 || themes.Contains(n.Theme))
                    && (years.Count == 0 || years.Any(y => n.Reference.Contains(y)))
                ),
            GapBy.State,
            query.Currency,
            today,
            1,
            ct
        );
        var days = Days(all.Needs, now, Domain.Days.NotOver(now)).ToList();
        var (assessments, recommendations, assessed) = await Assessed(db, iso3, query, now, ct);
        return new StatePicture
        {
            Iso3 = iso3,
            Stages = [.. all.Needs.CountBy(n => n.Need.Status).OrderBy(s => s.Key).Select(s => new Tally(s.Key.ToString(), s.Value))],
            Themes = Tallies(all.Needs.Select(n => n.Need.Theme).Where(t => t.Length > 0)),
            Paragraphs = Tallies(all.Needs.Where(n => n.Parts.Has(NeedParts.Background)).SelectMany(n => n.Need.Paragraphs)),
            Proposals =
            [
                .. all
                    .Proposals.CountBy(p => Enum.Parse<ProposalStatus>(p.Status))
                    .OrderBy(s => s.Key)
                    .Select(s => new Tally(s.Key.ToString(), s.Value)),
            ],
            Assessments = Staged(assessments),
            Recommendations = Staged(recommendations),
            Programmes = [.. all.Programmes.OrderByDescending(p => p.Reference, StringComparer.Ordinal).Take(Most)],
            AllProgrammes = all.Programmes.Count,
            Money = gap.Total with { Key = iso3 },
            Currency = query.Currency,
            RatesOf = today,
            WithoutRate = gap.WithoutRate,
            WithoutCost = all.Needs.Count(n =>
                n.Need.Status is NeedStatus.Authenticated or NeedStatus.Circulated or NeedStatus.Matched && n.Row.Amount is null
            ),
            AllDays = days.Count,
            Days = [.. days.OrderBy(d => d.Day).ThenBy(d => d.Reference, StringComparer.Ordinal).Take(Most)],
            Years = [.. all.Years.Union(assessed).OrderDescending()],
            Records = all.Needs.Count + all.Proposals.Count + all.Programmes.Count + assessments.Count + recommendations.Count,
        };
    }

    /// <summary>The State's records, up to a limit: what an export holds. The export is on the record.</summary>
    public async Task<IReadOnlyList<StateRow>> Export(
        string iso3,
        StateQuery query,
        string format,
        int most = 10_000,
        CancellationToken ct = default
    )
    {
        await using var db = await actors.Open();
        var state = MemberStates.Find(iso3)?.Iso3 ?? throw new NotFound();
        var all = await Read(db, state, query, ct);
        IEnumerable<StateRow>[] kinds = [all.Needs.Select(n => n.Row), all.Proposals, all.Programmes];
        IReadOnlyList<StateRow> rows = [.. kinds.SelectMany(k => k.OrderBy(r => r.Reference, StringComparer.Ordinal)).Take(most)];
        db.Audit(new Act("state.exported", (int)NeedParts.Inner, Subject: $"{state}:{format}:{rows.Count}"), Section.Needs);
        await db.SaveChangesAsync(ct);
        return rows;
    }

    private static IReadOnlyList<Tally> Tallies(IEnumerable<string> codes) =>
        [
            .. codes
                .CountBy(c => c)
                .OrderByDescending(c => c.Value)
                .ThenBy(c => c.Key, StringComparer.Ordinal)
                .Select(c => new Tally(c.Key, c.Value)),
        ];

    private static IReadOnlyList<Tally> Staged<TStage>(IEnumerable<TStage> stages)
        where TStage : struct, Enum => [.. stages.CountBy(s => s).OrderBy(s => s.Key).Select(s => new Tally(s.Key.ToString(), s.Value))];

    // The stages of what the reader sees, as they are told them, and the years there are. Neither has a theme.
    private static async Task<(List<DossierStage> Dossiers, List<RecommendationStage> Recommendations, List<int> Years)> Assessed(
        PortalDb db,
        string iso3,
        StateQuery query,
        DateTime now,
        CancellationToken ct
    )
    {
        var dossiers = await db
            .Dossiers.AsNoTracking()
            .Where(d => d.StateIso3 == iso3)
            .Select(d => new
            {
                d.Id,
                d.Year,
                d.Stage,
                d.ClosesAt,
            })
            .ToListAsync(ct);
        var asked = await db
            .Recommendations.AsNoTracking()
            .Where(r => r.StateIso3 == iso3)
            .Select(r => new
            {
                r.Id,
                Year = r.CreatedAt.Year,
                r.Stage,
            })
            .ToListAsync(ct);
        var views = await Views(db, [.. dossiers.Select(d => d.Id), .. asked.Select(r => r.Id)], ct);
        bool Fits(int year) => query.Themes.Count == 0 && (query.Years.Count == 0 || query.Years.Contains(year));
        return (
            [
                .. dossiers
                    .Where(d => views.ContainsKey(d.Id) && Fits(d.Year))
                    .Select(d => Dossier.StageTo((DossierParts)views[d.Id], Dossier.StageOf(d.Stage, d.ClosesAt, now))),
            ],
            [.. asked.Where(r => views.ContainsKey(r.Id) && Fits(r.Year)).Select(r => r.Stage)],
            [.. dossiers.Select(d => d.Year).Concat(asked.Select(r => r.Year)).Distinct()]
        );
    }

    private static IEnumerable<StateDay> Days(IEnumerable<Seen> needs, DateTime now, DateOnly today)
    {
        foreach (var (need, parts, row) in needs)
        {
            if (need.Status.IsOpen() && need.ReplyBy >= today)
                yield return new StateDay("reply", row.Reference, row.Title, row.Language, need.ReplyBy.Value);
            if (!parts.Has(NeedParts.Inner))
                continue;
            if (need.Status == NeedStatus.InDelivery && need.DeliveredOn is { } delivered)
                yield return new StateDay("outcome", row.Reference, row.Title, row.Language, NeedRules.OutcomeAskedOn(delivered));
            if (need.Status.IsEditable() && need.Status != NeedStatus.InDelivery && need.LastConfirmedAt.AddYears(1) < now)
                yield return new StateDay("stale", row.Reference, row.Title, row.Language, DateOnly.FromDateTime(need.LastConfirmedAt));
        }
    }

    private static async Task<All> Read(PortalDb db, string iso3, StateQuery query, CancellationToken ct)
    {
        var language = Shell.Culture.Current;
        Kind ofProposal = Proposal.Card,
            ofProgramme = Programme.Card; // a query takes them as values
        var lines = await db
            .Needs.AsNoTracking()
            .Where(n => n.StateIso3 == iso3)
            .OrderBy(n => n.Reference)
            .Select(n => new NeedLine(
                n.Id,
                n.Reference,
                n.Title,
                n.Language,
                n.Translations.Where(t => t.Language == language && t.Language != n.Language && !t.IsTitleBehind)
                    .Select(t => t.Title)
                    .FirstOrDefault(),
                n.Theme,
                n.Status,
                n.Paragraphs,
                n.EstimatedCost,
                n.AcceptedAmount,
                n.Currency,
                n.ReplyBy,
                n.DeliveredOn,
                n.LastConfirmedAt
            ))
            .ToListAsync(ct);
        var proposals = await db
            .Proposals.AsNoTracking()
            .Where(p => p.StateIso3 == iso3)
            .OrderBy(p => p.Reference)
            .Select(p => new
            {
                p.NeedId,
                Row = new StateRow(
                    ofProposal,
                    p.Reference,
                    p.Says.Title,
                    p.Says.Language,
                    new List<string>(),
                    p.Status.ToString(),
                    p.Organisation.Name,
                    p.Says.Amount,
                    p.AcceptedAmount,
                    p.Says.Currency,
                    p.Says.From
                ),
            })
            .ToListAsync(ct);
        var programmes = await db
            .Programmes.AsNoTracking()
            .Where(p => p.States.Any(s => s == iso3))
            .OrderBy(p => p.Reference)
            .Select(p => new
            {
                p.Id,
                Row = new StateRow(
                    ofProgramme,
                    p.Reference,
                    p.Title,
                    p.Language,
                    p.Themes,
                    p.Status.ToString(),
                    p.Organisation.Name,
                    p.Budget,
                    null,
                    p.Currency,
                    p.Start
                ),
            })
            .ToListAsync(ct);
        var views = await Views(db, [.. lines.Select(n => n.Id), .. programmes.Select(p => p.Id)], ct);
        var needs = lines
            .Where(n => views.ContainsKey(n.Id))
            .Select(n =>
            {
                var (parts, costed) = ((NeedParts)views[n.Id], ((NeedParts)views[n.Id]).Has(NeedParts.Cost));
                return new Seen(
                    n,
                    parts,
                    new StateRow(
                        Need.Card,
                        n.Reference,
                        n.Translated ?? n.Title,
                        n.Translated is null ? n.Language : language,
                        n.Theme.Length == 0 ? [] : [n.Theme],
                        n.Status.ToString(),
                        null,
                        costed ? n.Cost : null,
                        costed ? n.Accepted : null,
                        costed ? n.Currency : null,
                        n.ReplyBy
                    )
                );
            })
            .ToList();
        var themes = needs.ToDictionary(n => n.Need.Id, n => n.Row.Themes);
        // A proposal has the theme of the need it answers, for those who see that.
        var made = proposals.ConvertAll(p => p.Row with { Themes = themes.GetValueOrDefault(p.NeedId) ?? [] });
        var given = programmes
            .Where(p => views.ContainsKey(p.Id))
            .Select(p => ((ProgrammeParts)views[p.Id]).Has(ProgrammeParts.Finance) ? p.Row : p.Row with { Amount = null, Currency = null })
            .ToList();
        bool Fits(StateRow row) =>
            (query.Themes.Count == 0 || row.Themes.Any(query.Themes.Contains))
            && (query.Years.Count == 0 || query.Years.Contains(row.Year));
        return new All(
            [.. needs.Where(n => Fits(n.Row))],
            [.. made.Where(Fits)],
            [.. given.Where(Fits)],
            [.. needs.Select(n => n.Row).Concat(made).Concat(given).Select(r => r.Year).Distinct().OrderDescending()]
        );
    }

    // Asked in pieces: a database takes only so many values in one question.
    private static async Task<IReadOnlyDictionary<Guid, int>> Views(PortalDb db, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var views = new Dictionary<Guid, int>();
        foreach (var piece in ids.Chunk(1000))
        foreach (var (id, view) in await db.Views(piece, ct))
            views[id] = view;
        return views;
    }
}
