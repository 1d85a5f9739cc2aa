using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance;

/// <summary>
/// Figures about all needs for those who may not read them, as <see cref="Publication"/> allows. They are the same for every reader, take no filter, and are
/// worked out anew at most every hour: what is shared meanwhile changes nothing at once.
/// </summary>
public sealed class PublishedPicture(PortalStore store, TimeProvider clock) : IDisposable
{
    /// <summary>How long figures stand.</summary>
    public static readonly TimeSpan Stands = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim gate = new(1, 1);
    private (DateTime At, IReadOnlyList<PublishedView> Views)? made;

    /// <summary>The figures of a span, of the latest where it names none that is told of.</summary>
    /// <param name="from">The first day of the span, as <c>2026-01-01</c>.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<PublishedView> Of(string? from, CancellationToken ct = default)
    {
        await gate.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow().UtcDateTime;
            if (made is not { } kept || now - kept.At >= Stands || now < kept.At)
                made = kept = (now, await Make(DateOnly.FromDateTime(now), ct));
            return kept.Views.FirstOrDefault(v => v.Span is { } s && s.From.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) == from) ?? kept.Views[0];
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<IReadOnlyList<PublishedView>> Make(DateOnly today, CancellationToken ct)
    {
        await using var db = await store.OpenAsSystem("figures about all needs");
        var byTheme = await Filed(db, byModality: false, ct);
        var byModality = await Filed(db, byModality: true, ct);
        var byRegion = byTheme.Select(f => f with { Heading = MemberStates.Get(f.State).RegionalGroup.ToString() }).ToList();
        var spans = Publication.Spans(byTheme, today);
        var newest = spans.Reverse().ToList();
        return newest.Count == 0 ? [new PublishedView([], null, 0, [])] :
        [
            .. newest.Select(span => new PublishedView(newest, span, Publication.Rounded(byTheme.Where(f => f.Half >= span.First && f.Half <= span.Last).Sum(f => f.Needs)),
            [
                new(PictureBy.Region, Publication.Figures(byRegion, [.. RegionalGroups.All.Select(r => r.ToString())], span)),
                new(PictureBy.Theme, Publication.Figures(byTheme, [.. Themes.All.Select(t => t.Code)], span)),
                new(PictureBy.Modality, Publication.Figures(byModality, [.. Modalities.All.Select(m => m.Code)], span)),
            ])),
        ];
    }

    private sealed record Pile(string State, string Heading, int Year, int Second, string Audience, int Needs);

    // When it first came before CTED and whose it is never change; numbers alone leave the database.
    private static async Task<List<FiledNeeds>> Filed(PortalDb db, bool byModality, CancellationToken ct)
    {
        var (cted, state) = (Audience.Cted.For(RecordKind.Need), Audience.State("").For(RecordKind.Need));
        var filed = db.Needs.AsNoTracking().Where(n => n.SubmittedAt != null);
        var all = await Piles(filed.Select(n => new Given { Need = n, Audience = "" }), byModality, ct);
        var given = (await Piles(filed.Join(db.Reach.Where(r => r.Audience != cted && !r.Audience.StartsWith(state)), n => n.Id, r => r.RecordId, (n, r) => new Given { Need = n, Audience = r.Audience }), byModality, ct))
            .ToLookup(g => (g.State, g.Heading, g.Year, g.Second));
        var prefix = RecordKind.Need.Prefix().Length;
        return [.. all.Select(a => new FiledNeeds(a.State, a.Heading, (a.Year * 2) + a.Second, a.Needs, given[(a.State, a.Heading, a.Year, a.Second)].ToDictionary(g => g.Audience[prefix..], g => g.Needs)))];
    }

    private sealed class Given
    {
        public required Need Need { get; init; }
        public required string Audience { get; init; }
    }

    private static async Task<List<Pile>> Piles(IQueryable<Given> given, bool byModality, CancellationToken ct)
    {
        if (!byModality)
            return await given.Select(x => new { x.Need.StateIso3, x.Need.Theme, x.Need.SubmittedAt!.Value.Year, Second = x.Need.SubmittedAt!.Value.Month > 6 ? 1 : 0, x.Audience })
                .GroupBy(x => x).Select(g => new Pile(g.Key.StateIso3, g.Key.Theme, g.Key.Year, g.Key.Second, g.Key.Audience, g.Count())).ToListAsync(ct);
        var together = await given.Select(x => new { x.Need.StateIso3, x.Need.Modalities, x.Need.SubmittedAt!.Value.Year, Second = x.Need.SubmittedAt!.Value.Month > 6 ? 1 : 0, x.Audience })
            .GroupBy(x => x).Select(g => new { g.Key, Needs = g.Count() }).ToListAsync(ct);
        return [.. together.SelectMany(t => t.Key.Modalities.Select(m => (Modality: m, t.Key, t.Needs))).GroupBy(t => (t.Key.StateIso3, t.Modality, t.Key.Year, t.Key.Second, t.Key.Audience))
            .Select(g => new Pile(g.Key.StateIso3, g.Key.Modality, g.Key.Year, g.Key.Second, g.Key.Audience, g.Sum(t => t.Needs)))];
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();
}
