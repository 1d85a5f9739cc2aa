using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Pictures;

/// <summary>
/// Figures about all needs for those who may not read them, as <see cref="Publication"/> allows. They are the same for every reader, take
/// no filter, and are
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
            return kept.Views.FirstOrDefault(v =>
                    v.Span is { } s && s.From.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) == from
                ) ?? kept.Views[0];
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<IReadOnlyList<PublishedView>> Make(DateOnly today, CancellationToken ct)
    {
        await using var db = await store.OpenAsSystem("figures about all needs");
        var (byTheme, byModality) = await Filed(db, ct);
        var byRegion = byTheme.Select(f => f with { Heading = MemberStates.Get(f.State).RegionalGroup.ToString() }).ToList();
        var spans = Publication.Spans(byTheme, today);
        var newest = spans.Reverse().ToList();
        return newest.Count == 0
            ? [new PublishedView([], null, 0, [])]
            :
            [
                .. newest.Select(span => new PublishedView(
                    newest,
                    span,
                    Publication.Rounded(byTheme.Where(f => f.Half >= span.First && f.Half <= span.Last).Sum(f => f.Needs)),
                    [
                        new(PictureBy.Region, Publication.Figures(byRegion, [.. RegionalGroups.All.Select(r => r.ToString())], span)),
                        new(PictureBy.Theme, Publication.Figures(byTheme, [.. Themes.All.Select(t => t.Code)], span)),
                        new(PictureBy.Modality, Publication.Figures(byModality, [.. Modalities.All.Select(m => m.Code)], span)),
                    ]
                )),
            ];
    }

    private sealed record Line(string State, string Theme, List<string> Modalities, DateTime SubmittedAt, string? Audience)
    {
        public int Half => Publication.HalfOf(DateOnly.FromDateTime(SubmittedAt));
    }

    /// <summary>Needs counted under headings: all of them, and by each audience that they are given to.</summary>
    private sealed class Piles
    {
        private readonly Dictionary<(string State, string Heading, int Half), (int Needs, Dictionary<string, int> Given)> piles = [];

        public IReadOnlyList<FiledNeeds> All =>
            [
                .. piles
                    .Where(p => p.Value.Needs > 0)
                    .Select(p => new FiledNeeds(p.Key.State, p.Key.Heading, p.Key.Half, p.Value.Needs, p.Value.Given)),
            ];

        public void Count(Line line, string heading)
        {
            ref var pile = ref CollectionsMarshal.GetValueRefOrAddDefault(piles, (line.State, heading, line.Half), out _);
            pile.Given ??= [];
            if (line.Audience is null)
                pile.Needs++;
            else
                pile.Given[line.Audience] = pile.Given.GetValueOrDefault(line.Audience) + 1;
        }
    }

    // When it first came before CTED and whose it is never change; nothing else of a need is read.
    private static async Task<(IReadOnlyList<FiledNeeds> ByTheme, IReadOnlyList<FiledNeeds> ByModality)> Filed(
        PortalDb db,
        CancellationToken ct
    )
    {
        var (cted, state) = (Audience.Cted.For(Need.Card), Audience.State("").For(Need.Card));
        var prefix = Need.Card.Prefix.Length;
        var filed = db.Needs.AsNoTracking().Where(n => n.SubmittedAt != null);
        var (byTheme, byModality) = (new Piles(), new Piles());
        foreach (
            var lines in new[]
            {
                filed.Select(n => new Line(n.StateIso3, n.Theme, n.Modalities, n.SubmittedAt!.Value, null)),
                filed.Join(
                    db.Reach.Where(r => r.Audience != cted && !r.Audience.StartsWith(state)),
                    n => n.Id,
                    r => r.RecordId,
                    (n, r) => new Line(n.StateIso3, n.Theme, n.Modalities, n.SubmittedAt!.Value, r.Audience.Substring(prefix))
                ),
            }
        )
        {
            await foreach (var line in lines.AsAsyncEnumerable().WithCancellation(ct))
            {
                byTheme.Count(line, line.Theme);
                foreach (var modality in line.Modalities)
                    byModality.Count(line, modality);
            }
        }
        return (byTheme.All, byModality.All);
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();
}
