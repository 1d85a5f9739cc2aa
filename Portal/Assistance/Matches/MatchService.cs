using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Lists;

namespace Portal.Assistance.Matches;

/// <summary>
/// Matches, for whoever asks: an officer sees those made of whole needs, a provider those made for it of what it was given, a State those
/// of its own needs.
/// </summary>
public sealed class MatchService(ActorSource actors, Records<Need> needs, Matcher matcher, ActivityService activity, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Whose matches an actor is shown.</summary>
    public static MatchSide Side(Actor actor) =>
        actor.LevelIn(Section.Needs) < Level.View
            ? MatchSide.None
            : actor.Membership?.Organisation.Kind switch
            {
                OrganisationKind.Cted => MatchSide.Cted,
                OrganisationKind.Provider or OrganisationKind.Partner => MatchSide.Provider,
                OrganisationKind.MemberState => MatchSide.State,
                OrganisationKind.Committee or OrganisationKind.ExpertGroup or OrganisationKind.Operations or null => MatchSide.None,
            };

    /// <summary>Most needs of one State that are compared when it asks; more than any files.</summary>
    private const int MostOfState = 500;

    /// <summary>A page of needs with the best offers, best first.</summary>
    public async Task<Page<MatchRow>> List(MatchQuery query, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        return await List(db, query, ct);
    }

    /// <summary>All rows, up to a limit: what an export holds. The export is on the record.</summary>
    public async Task<IReadOnlyList<MatchRow>> Export(MatchQuery query, string format, int most, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var rows = new List<MatchRow>();
        for (var page = 1; rows.Count < most; page++)
        {
            var next = await List(db, query with { Page = page, PageSize = 200 }, ct);
            rows.AddRange(next.Rows);
            if (next.Rows.Count < 200)
                break;
        }
        db.Audit(new Act("match.exported", (int)NeedParts.Inner, Subject: $"{format}:{rows.Count}"), Section.Needs);
        await db.SaveChangesAsync(ct);
        return rows;
    }

    private async Task<Page<MatchRow>> List(PortalDb db, MatchQuery query, CancellationToken ct)
    {
        if (Side(db.Actor) == MatchSide.State)
            return await OfState(db, query, ct);
        var needs = Matched(db, query).Select(m => m.NeedId);
        var total = await needs.Take(ReachList.CountLimit + 1).CountAsync(ct);
        var ids = await needs.Skip((query.Page - 1) * query.PageSize).Take(query.PageSize).ToListAsync(ct);
        return new Page<MatchRow>(
            await Rows(db, ids, Matching.MostOfProvider, ct),
            Math.Min(total, ReachList.CountLimit),
            total > ReachList.CountLimit,
            query.Page,
            query.PageSize
        );
    }

    // One line for each need: its best offer. In the order of the index.
    private IQueryable<Match> Matched(PortalDb db, MatchQuery query) => Matched(db, query, Now);

    private static IQueryable<Match> Matched(PortalDb db, MatchQuery query, DateTime now)
    {
        var (audience, themes, statuses) = (Mine(db.Actor), query.Themes, query.Statuses);
        var states = query.Regions.SelectMany(r => MemberStates.In(r)).Select(s => s.Iso3).ToList();
        var needs = db
            .Needs.Where(n => themes.Count == 0 || themes.Contains(n.Theme))
            .Where(n => statuses.Count == 0 || statuses.Contains(n.Status));
        if (Side(db.Actor) == MatchSide.Provider)
        {
            var (own, today, no) = (db.Actor.Membership!.OrganisationId, Days.NotOver(now), query.NotForUs);
            needs = needs.Where(n =>
                n.ReplyBy >= today
                && !db.Proposals.Any(p => p.NeedId == n.Id && p.OrganisationId == own)
                && db.NotForUs.Any(x => x.NeedId == n.Id && x.OrganisationId == own) == no
            );
        }
        return db
            .Matches.Where(m =>
                m.Audience == audience && m.Rank == 1 && (states.Count == 0 || states.Contains(m.State)) && needs.Any(n => n.Id == m.NeedId)
            )
            .OrderByDescending(m => m.Score)
            .ThenBy(m => m.NeedId);
    }

    private static string Mine(Actor actor) =>
        Side(actor) switch
        {
            MatchSide.Cted => Audience.Cted.For(Need.Card),
            MatchSide.Provider => Audience.Org(actor.Membership!.Organisation.Number).For(Need.Card),
            MatchSide.State or MatchSide.None => "",
        };

    private static async Task<IReadOnlyList<MatchRow>> Rows(PortalDb db, IReadOnlyList<Guid> ids, int most, CancellationToken ct)
    {
        var audience = Mine(db.Actor);
        // Ordered here: asked for by rank SQLite goes along the index of all needs' ranks instead of to these needs.
        var lines = await db
            .Matches.Where(m => m.Audience == audience && ids.Contains(m.NeedId))
            .Select(m => new
            {
                m.NeedId,
                m.OfferId,
                m.Rank,
                m.Score,
                m.Fits,
            })
            .ToListAsync(ct);
        return await Rows(
            db,
            ids,
            lines.Where(l => l.Rank <= most).OrderBy(l => l.Rank).ToLookup(l => l.NeedId, l => (l.OfferId, l.Score, l.Fits)),
            ct
        );
    }

    private static async Task<IReadOnlyList<MatchRow>> Rows(
        PortalDb db,
        IReadOnlyList<Guid> ids,
        ILookup<Guid, (Guid Offer, int Score, long Fits)> lines,
        CancellationToken ct
    )
    {
        var language = Shell.Culture.Current;
        var needs = await db
            .Needs.AsNoTracking()
            .Where(n => ids.Contains(n.Id))
            .Select(n => new
            {
                n.Id,
                n.Reference,
                n.Title,
                n.Language,
                n.StateIso3,
                n.Theme,
                n.Status,
                n.ReplyBy,
                Translated = n
                    .Translations.Where(t => t.Language == language && t.Language != n.Language && !t.IsTitleBehind)
                    .Select(t => t.Title)
                    .FirstOrDefault(),
            })
            .ToDictionaryAsync(n => n.Id, ct);
        var offers = await Offers(db, ids.SelectMany(id => lines[id]).Select(l => l.Offer), ct);
        // A need or an offer that is hidden between two questions is simply no longer there.
        return
        [
            .. ids.Where(needs.ContainsKey)
                .Select(id => needs[id])
                .Select(n => new MatchRow(
                    n.Reference,
                    n.Translated ?? n.Title,
                    n.Translated is null ? n.Language : language,
                    n.StateIso3,
                    n.Theme,
                    n.Status,
                    n.ReplyBy,
                    [
                        .. lines[n.Id]
                            .Where(l => offers.ContainsKey(l.Offer))
                            .Select(l => offers[l.Offer] with { Score = l.Score, Fits = l.Fits }),
                    ]
                )),
        ];
    }

    private static async Task<Dictionary<Guid, MatchOffer>> Offers(PortalDb db, IEnumerable<Guid> ids, CancellationToken ct)
    {
        var offers = ids.Distinct().ToList();
        return await db
            .Offers.AsNoTracking()
            .Where(o => offers.Contains(o.Id) && o.IsOpen)
            .Select(o => new
            {
                o.Id,
                Line = new MatchOffer(
                    o.Reference,
                    o.Title,
                    o.Language,
                    o.Organisation.Name,
                    o.Organisation.Code,
                    o.OrganisationNumber,
                    0,
                    0
                ),
            })
            .ToDictionaryAsync(o => o.Id, o => o.Line, ct);
    }

    // A State has few needs, so they are compared when it asks; how providers served other States is not told to it, so it does not count.
    private async Task<Page<MatchRow>> OfState(PortalDb db, MatchQuery query, CancellationToken ct, string? reference = null)
    {
        var iso3 = db.Actor.StateIso3;
        var (themes, statuses, page) = (query.Themes, query.Statuses, query.Page);
        var needs = db
            .Needs.AsNoTracking()
            .Where(n =>
                n.StateIso3 == iso3
                && (n.Status == NeedStatus.Authenticated || n.Status == NeedStatus.Circulated || n.Status == NeedStatus.Matched)
                && (themes.Count == 0 || themes.Contains(n.Theme))
                && (statuses.Count == 0 || statuses.Contains(n.Status))
                && (reference == null || n.Reference == reference)
            );
        var all = await needs.Include(n => n.Translations).OrderByDescending(n => n.UpdatedAt).Take(MostOfState).ToListAsync(ct);
        var ground = await matcher.Ground(ct);
        var weights = ground.Weights with { TrackRecord = 0 };
        var lines = all.SelectMany(n =>
                ground
                    .Offers.Best(
                        NeedTraits.Of(NeedMatchFacts.Of(n), NeedParts.Whole, ground.InDollars),
                        weights,
                        reference is null ? Matching.MostOfProvider : Matching.MostOffers
                    )
                    .Select(o =>
                        (n.Id, o.Offer, o.Score.Score, Fits: o.Score.Fits | ((long)MatchFit.Unknown << ((int)MatchReason.TrackRecord * 8)))
                    )
            )
            .ToLookup(l => l.Id, l => (l.Offer, l.Score, l.Fits));
        List<Guid> best =
        [
            .. all.OrderByDescending(n => lines[n.Id].Select(l => l.Score).DefaultIfEmpty().Max())
                .Select(n => n.Id)
                .Skip((page - 1) * query.PageSize)
                .Take(query.PageSize),
        ];
        return new Page<MatchRow>(await Rows(db, best, lines, ct), all.Count, all.Count == MostOfState, page, query.PageSize);
    }

    /// <summary>
    /// The organisations whose standing offers fit a need best, with their best score, at any stage of the need. A State is told nothing of
    /// how they served others.
    /// </summary>
    internal async Task<IReadOnlyDictionary<int, int>> Fit(Need need, CancellationToken ct = default)
    {
        var ground = await matcher.Ground(ct);
        return ground
            .Offers.Best(
                NeedTraits.Of(NeedMatchFacts.Of(need), NeedParts.Whole, ground.InDollars),
                ground.Weights with
                {
                    TrackRecord = 0,
                },
                Matching.MostOffers
            )
            .GroupBy(o => o.Organisation)
            .ToDictionary(g => g.Key, g => g.Max(o => o.Score.Score));
    }

    /// <summary>
    /// The best suggestions for a home page: for a provider needs that wait for its answer, for an officer needs that the best provider has
    /// not been shown.
    /// </summary>
    internal async Task<IReadOnlyList<MatchRow>> Suggestions(PortalDb db, int most, CancellationToken ct)
    {
        return Suggested(db, Now) is { } matches
            ? await Rows(db, await matches.Select(m => m.NeedId).Take(most).ToListAsync(ct), 1, ct)
            : [];
    }

    private static IQueryable<Match>? Suggested(PortalDb db, DateTime now)
    {
        var matches = Matched(db, MatchQuery.Of(Shell.ListAddress.Of("/matches")), now);
        return Side(db.Actor) switch
        {
            MatchSide.Cted when db.Actor.LevelIn(Section.Needs) >= Level.Decide => matches
                .Where(m =>
                    !db.Set<Consent>()
                        .Any(c =>
                            c.RecordId == m.NeedId
                            && c.RevokedAt == null
                            && (c.AudienceKey == "providers" || c.AudienceKey == "org:" + m.OrganisationNumber)
                        ) && !db.Set<ConsentRequest>().Any(r => r.NeedId == m.NeedId && r.AudienceKey == "org:" + m.OrganisationNumber)
                )
                .OrderByDescending(m => m.Score)
                .ThenBy(m => m.NeedId),
            MatchSide.Provider => matches,
            MatchSide.Cted or MatchSide.State or MatchSide.None => null,
        };
    }

    /// <summary>
    /// References of the needs suggested that came before the reader within a time: for a provider by being shared with it, for an officer
    /// by being authenticated. What is no longer shown is not among them.
    /// </summary>
    internal static async Task<IReadOnlyList<string>> NewlySuggested(
        PortalDb db,
        DateTime since,
        DateTime until,
        int most,
        CancellationToken ct
    )
    {
        if (Suggested(db, until) is not { } matches)
            return [];
        if (Side(db.Actor) == MatchSide.Provider)
        {
            string[] own = [Mine(db.Actor), Audience.Providers.For(Need.Card)];
            var (from, to) = (
                new DateTimeOffset(since, TimeSpan.Zero).ToUnixTimeMilliseconds(),
                new DateTimeOffset(until, TimeSpan.Zero).ToUnixTimeMilliseconds()
            );
            matches = matches.Where(m =>
                db.Reach.Any(r => r.RecordId == m.NeedId && own.Contains(r.Audience) && r.Sort > from && r.Sort <= to)
            );
        }
        else
        {
            matches = matches.Where(m =>
                db.Activities.Any(a => a.RecordId == m.NeedId && a.Code == "need.authenticated" && a.At > since && a.At <= until)
            );
        }
        return await matches
            .Join(db.Needs, m => m.NeedId, n => n.Id, (m, n) => new { m.Score, n.Reference })
            .OrderByDescending(m => m.Score)
            .ThenBy(m => m.Reference)
            .Select(m => m.Reference)
            .Take(most)
            .ToListAsync(ct);
    }

    /// <summary>The ranking of one need.</summary>
    /// <exception cref="NotFound">The need is missing or hidden.</exception>
    public async Task<MatchDetail> Get(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var (need, side) = (await db.WholeNeed(reference, ct), Side(db.Actor));
        if (side == MatchSide.None)
            throw new NotFound();
        var row =
            side == MatchSide.State
                ? (await OfState(db, MatchQuery.Of(Shell.ListAddress.Of("/matches")), ct, reference)).Rows.FirstOrDefault()
                    ?? (await Rows(db, [need.Id], 0, ct))[0]
                : (await Rows(db, [need.Id], Matching.MostOffers, ct))[0];
        var own = db.Actor.Membership!.OrganisationId;
        var no =
            side == MatchSide.Provider
                ? await db.NotForUs.FirstOrDefaultAsync(x => x.NeedId == need.Id && x.OrganisationId == own, ct)
                : null;
        var mayAsk = need.CanAskConsent(db.Actor);
        return new MatchDetail(
            row,
            side,
            (NeedParts)Decision.On(need, db.Actor).View,
            NotForUs.CanSay(need, db.Actor),
            no?.Reason,
            need.CanPropose(db.Actor, Now),
            mayAsk,
            need.CanCirculate(db.Actor),
            mayAsk ? await Candidates(db, need, row, ct) : []
        )
        {
            Seen = mayAsk ? new Seen(need.Id, need.Version) : default,
            ShownTo = need.CanCirculate(db.Actor) ? await ShownTo(db, need, ct) : [],
        };
    }

    private static async Task<IReadOnlyList<ShownAudience>> ShownTo(PortalDb db, Need need, CancellationToken ct)
    {
        var audiences = need.Consents.Where(c => c.Stands).Select(c => c.Audience).ToList();
        var numbers = audiences.Select(a => a.OrganisationNumber).OfType<int>().ToList();
        var names = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Name, ct);
        return audiences.ConvertAll(a => new ShownAudience(
            a.Key,
            a.OrganisationNumber is { } number ? names.GetValueOrDefault(number) : null
        ));
    }

    private static async Task<IReadOnlyList<Candidate>> Candidates(PortalDb db, Need need, MatchRow row, CancellationToken ct)
    {
        var best = row.Offers.GroupBy(o => o.Organisation).Select(g => g.First()).ToList();
        var numbers = best.ConvertAll(o => o.Organisation);
        var kinds = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Kind, ct);
        var refused = await db.NotForUs.Where(x => x.NeedId == need.Id).ToDictionaryAsync(x => x.OrganisationNumber, ct);
        var proposed = await db.Proposals.Where(p => p.NeedId == need.Id).Select(p => p.OrganisationNumber).ToListAsync(ct);
        var standing = need.Consents.Where(c => c.Stands).Select(c => (c.AudienceKey, c.Parts)).ToList();
        return best.ConvertAll(o => new Candidate(
            o.Organisation,
            o.Provider,
            o.ProviderCode,
            o.Score,
            o.Reference,
            refused.ContainsKey(o.Organisation) ? CandidateStanding.NotForUs
                : proposed.Contains(o.Organisation) ? CandidateStanding.Proposed
                : NeedRules.GivenTo(standing, kinds[o.Organisation], o.Organisation) != NeedParts.None ? CandidateStanding.Consented
                : need.Requests.Any(r => r.IsOpen && r.Audience == Audience.Org(o.Organisation)) ? CandidateStanding.Asked
                : CandidateStanding.ToAsk,
            refused.GetValueOrDefault(o.Organisation)?.Reason,
            refused.GetValueOrDefault(o.Organisation)?.Note
        ));
    }

    /// <summary>How many people are behind organisations, before a State is asked to share with them.</summary>
    public async Task<int> PeopleBehind(string reference, IReadOnlyList<int> organisations)
    {
        await using var db = await actors.Open();
        var need = await db.WholeNeed(reference);
        Refusal.Unless(need.CanAskConsent(db.Actor), "need.not_yours_to_ask");
        return await activity.PeopleBehind([.. organisations.Select(Audience.Org)], Section.Needs, need.StateIso3);
    }

    /// <summary>
    /// Brings a need before the best providers with one act: those whom the State consented to are told of it, for the others the State is
    /// asked. Where the need is
    /// not circulated yet and somebody may see it, it is circulated with the day named. Nobody sees more than the State agreed to.
    /// </summary>
    /// <returns>For how many the State was asked, and how many were told.</returns>
    public Task<(int Asked, int Told)> BringBefore(
        string reference,
        IReadOnlyList<int> organisations,
        NeedParts parts,
        DateOnly? replyBy
    ) =>
        needs.Act(
            reference,
            async (db, need) =>
            {
                Refusal.Unless(need.CanAskConsent(db.Actor), "need.not_yours_to_ask");
                Refusal.If(organisations.Count is 0 or > Matching.MostOffers, "need.audience_required", "Audience");
                var kinds = await db
                    .Organisations.Where(o => organisations.Contains(o.Number))
                    .ToDictionaryAsync(o => o.Number, o => o.Kind);
                Refusal.Unless(
                    organisations.All(o => kinds.GetValueOrDefault(o) is OrganisationKind.Provider or OrganisationKind.Partner),
                    "need.audience_unknown"
                );
                if (replyBy is { } day)
                    need.Circulate(db.Actor, day, Now);
                var asked = organisations.Distinct().Select(o => need.BringBefore(db.Actor, o, kinds[o], parts, Now)).ToList();
                return (asked.Count(a => a == true), asked.Count(a => a == false));
            }
        );

    /// <summary>
    /// Says that a need is not for the organisation acted for: it is no longer suggested to it. Nobody else's suggestions change.
    /// </summary>
    public Task SayNo(string reference, NotForUsReason reason, string? note) =>
        needs.Act(
            reference,
            async (db, need) =>
            {
                var said = NotForUs.Say(need, db.Actor, reason, note, Now);
                Refusal.If(
                    await db.NotForUs.AnyAsync(x => x.NeedId == need.Id && x.OrganisationId == said.OrganisationId),
                    "match.said_already"
                );
                db.NotForUs.Add(said);
                db.Audit(new Act("match.not_for_us", (int)NeedParts.Inner, Subject: reason.ToString()), need);
                Changed(db, need);
            }
        );

    /// <summary>Takes that back.</summary>
    public Task TakeBackNo(string reference) =>
        needs.Act(
            reference,
            async (db, need) =>
            {
                Refusal.Unless(NotForUs.CanSay(need, db.Actor), "match.not_yours_to_say");
                var own = db.Actor.Membership!.OrganisationId;
                db.NotForUs.Remove(await db.NotForUs.Where(x => x.NeedId == need.Id && x.OrganisationId == own).OneOrNotFound());
                db.Audit(new Act("match.for_us_again", (int)NeedParts.Inner), need);
                Changed(db, need);
            }
        );

    private static void Changed(PortalDb db, Need need) =>
        db.MatchesChanged(need.Id, [Mine(db.Actor), Audience.Cted.For(Need.Card)], need.StateIso3);

    // ---- Weights

    /// <summary>The weights, whether the reader may set them, and the version they were read in.</summary>
    /// <exception cref="NotFound">Not of CTED's staff who enter the section.</exception>
    public async Task<(MatchWeights Weights, bool MaySet, Guid Version)> Weights()
    {
        await using var db = await actors.Open();
        if (!AssistanceSettings.CanSee(db.Actor))
            throw new NotFound();
        var settings = await db.AssistanceSettings.AsNoTracking().SingleOrDefaultAsync();
        return (settings?.Weights ?? MatchWeights.Usual, AssistanceSettings.CanSet(db.Actor), settings?.Version ?? Guid.Empty);
    }

    /// <summary>Needs over which the effect of weights is shown.</summary>
    public const int EffectOver = 500;

    /// <summary>What other weights would change, before they are set.</summary>
    public async Task<WeightsEffect> Effect(MatchWeights weights, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        Refusal.Unless(AssistanceSettings.CanSee(db.Actor), "match.not_yours_to_weigh");
        Refusal.IfAny(weights.Problems());
        var ground = await matcher.Ground(ct);
        var needs = await db
            .Needs.AsNoTracking()
            .Include(n => n.Translations)
            .Where(n => n.Status == NeedStatus.Authenticated || n.Status == NeedStatus.Circulated || n.Status == NeedStatus.Matched)
            .OrderByDescending(n => n.UpdatedAt)
            .Take(EffectOver)
            .ToListAsync(ct);
        var compared = needs.ConvertAll(n =>
        {
            var traits = NeedTraits.Of(NeedMatchFacts.Of(n), NeedParts.Whole, ground.InDollars);
            return (
                Need: n,
                Before: ground.Offers.Best(traits, ground.Weights, Matching.MostOfProvider),
                After: ground.Offers.Best(traits, weights, Matching.MostOfProvider)
            );
        });
        var changed = compared.Where(c => c.Before.Count > 0 && c.Before[0].Offer != c.After[0].Offer).ToList();
        var examples = changed.Take(8).ToList();
        var offers = await Offers(db, examples.SelectMany(c => new[] { c.Before[0].Offer, c.After[0].Offer }), ct);
        MatchOffer? Line(RankedOffer ranked) =>
            offers.GetValueOrDefault(ranked.Offer) is { } o ? o with { Score = ranked.Score.Score, Fits = ranked.Score.Fits } : null;
        return new WeightsEffect(
            needs.Count,
            changed.Count,
            compared.Sum(c => c.After.Count(a => c.Before.TrueForAll(b => b.Offer != a.Offer))),
            examples.ConvertAll(c => new WeightsExample(
                c.Need.Reference,
                c.Need.Title,
                c.Need.Language,
                Line(c.Before[0]),
                Line(c.After[0])
            ))
        );
    }

    /// <summary>Sets the weights; all matches follow within a minute.</summary>
    /// <exception cref="Refusal">Not an assistance officer, a weight out of range, or somebody set them meanwhile.</exception>
    public async Task Weigh(MatchWeights weights, Guid version)
    {
        await using var db = await actors.Open();
        var settings = await Settings(db, version);
        var before = settings.Weights;
        settings.Weigh(db.Actor, weights, Now);
        db.Audit(new Act("match.weighed", (int)NeedParts.Inner, Said(before), Said(weights)), Section.Needs);
        await MatchBookMoved(db);
    }

    private static async Task MatchBookMoved(PortalDb db)
    {
        Matcher.Everything(db);
        await db.OneAtATime(
            "weights",
            async () =>
            {
                await db.MoveOn(MatchBook.Version);
                await db.SaveOrRefuse();
            }
        );
    }

    internal static async Task<AssistanceSettings> Settings(PortalDb db, Guid version)
    {
        var settings = await db.AssistanceSettings.SingleOrDefaultAsync();
        Refusal.If((settings?.Version ?? Guid.Empty) != version, "record.changed_meanwhile");
        if (settings is null)
            db.AssistanceSettings.Add(settings = AssistanceSettings.Usual());
        return settings;
    }

    private static string Said(MatchWeights w) => string.Join('/', Enum.GetValues<MatchReason>().Select(r => w[r]));
}
