using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.FollowUps;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Traces;

/// <summary>The links of the chain, in its order.</summary>
public enum TraceStep
{
    /// <summary>A paragraph of a resolution.</summary>
    Paragraph,

    /// <summary>What the Committee found of a State on the paragraph.</summary>
    Finding,

    /// <summary>What the State was asked to do about it.</summary>
    Recommendation,

    /// <summary>A need.</summary>
    Need,

    /// <summary>A proposal, and what the State accepted of it.</summary>
    Proposal,

    /// <summary>A programme that serves the need.</summary>
    Programme,

    /// <summary>Steps of the accepted help.</summary>
    Milestone,

    /// <summary>That help was delivered.</summary>
    Delivery,

    /// <summary>What the State says came of it.</summary>
    Outcome,
}

/// <summary>A link of the chain as its reader may know it.</summary>
/// <param name="Step">Which.</param>
/// <param name="Reference">
/// Code of the paragraph, or reference of the record; for deliveries and outcomes of the record that tells of them; for a finding that of
/// the assessment, a stroke and its number.
/// </param>
/// <param name="Language">Language of the title.</param>
public sealed record TraceNode(TraceStep Step, string Reference, Language Language = Language.En)
{
    /// <summary>Title of a record.</summary>
    public string? Title { get; init; }

    /// <summary>State or organisation.</summary>
    public LocalName? Who { get; init; }

    /// <summary>Code of the stage.</summary>
    public string? Status { get; init; }

    /// <summary>Value proposed, or budget of a programme; null where it is not shared.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The part that the State accepted.</summary>
    public decimal? Accepted { get; init; }

    /// <summary>ISO 4217 of the amounts.</summary>
    public string? Currency { get; init; }

    /// <summary>Delivered, concluded or begun on.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>Last day of a programme.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Day on which the State is asked what came of it.</summary>
    public DateOnly? AskedOn { get; init; }

    /// <summary>Why it was met or not; for the State and CTED.</summary>
    public string? Why { get; init; }

    /// <summary>Milestones of a proposal.</summary>
    public IReadOnlyList<MilestoneLine> Milestones { get; init; } = [];

    /// <summary>Whether the chain was asked for by it.</summary>
    public bool IsHere { get; init; }
}

/// <summary>That one link leads to another: numbers of nodes.</summary>
public sealed record TraceLink(int From, int To);

/// <summary>The chain through one of its links: what leads to it and what it leads to, as far as the reader may see.</summary>
/// <param name="Reference">What was asked for.</param>
/// <param name="Nodes">Links of the chain, step by step.</param>
/// <param name="Links">What leads to what.</param>
/// <param name="IsCut">Whether there are more than are shown.</param>
public sealed record TraceView(string Reference, IReadOnlyList<TraceNode> Nodes, IReadOnlyList<TraceLink> Links, bool IsCut);

/// <summary>
/// The chain from a paragraph through findings, recommendations, needs, proposals and programmes to what came of them, walked in both
/// directions. It is drawn from
/// what the reader sees
/// of each record and from nothing else: what is hidden is not in it, and nothing stands in its place.
/// </summary>
public sealed class TraceService(ActorSource actors, ReadingLog readings)
{
    /// <summary>Most needs of one paragraph or programme.</summary>
    public const int Most = 12;
    private const int MostHelp = 100;

    private sealed record Help(
        Guid Id,
        string Reference,
        string Title,
        Language Language,
        int Number,
        LocalName Provider,
        ProgrammeStatus Status,
        DateOnly? Start,
        DateOnly? End,
        decimal? Budget,
        string? Currency
    );

    private sealed record Served(Guid NeedId, Help Programme);

    /// <summary>The chain through a paragraph, a recommendation, a need, a proposal or a programme.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public async Task<TraceView> Get(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        await db.OneConnection(ct);
        if (Paragraphs.AtAddress(reference) is { } paragraph)
        {
            // A need is found by a paragraph only where the reader is given its paragraphs.
            var code = paragraph.Code;
            var found = await db.List(
                new ListRequest<Need>(Need.Card)
                {
                    Filter = needs => needs.Where(n => n.Paragraphs.Contains(code)),
                    FilterParts = (int)NeedParts.Background,
                    PageSize = Most,
                },
                ct
            );
            return await Draw(db, code, found.Ids, code, null, null, found.Total > Most, ct);
        }
        if (await db.Recommendations.AsNoTracking().FirstOrDefaultAsync(r => r.Reference == reference, ct) is { } asked)
        {
            await readings.Note(db, asked, Decision.On(asked, db.Actor).View, ct);
            var (answering, isMore) = await Answering(db, asked.Id, ct);
            return await Draw(db, reference, answering, null, null, null, isMore, ct, asked);
        }
        if (await db.Proposals.AsNoTracking().FirstOrDefaultAsync(p => p.Reference == reference, ct) is { } proposal)
        {
            await readings.Note(db, proposal, (int)ProposalParts.Content, ct);
            return await Draw(db, reference, [proposal.NeedId], null, proposal, null, false, ct);
        }
        if (await db.Programmes.AsNoTracking().FirstOrDefaultAsync(p => p.Reference == reference, ct) is { } programme)
        {
            await readings.Note(db, programme, Decision.On(programme, db.Actor).View, ct);
            var served = await db
                .ServedNeeds.Where(s => s.ProgrammeId == programme.Id)
                .Join(db.Needs, s => s.NeedId, n => n.Id, (_, n) => n)
                .OrderByDescending(n => n.Reference)
                .Select(n => n.Id)
                .Take(Most + 1)
                .ToListAsync(ct);
            return await Draw(db, reference, [.. served.Take(Most)], null, null, programme.Id, served.Count > Most, ct);
        }
        var need = (await db.Needs.AsNoTracking().Where(n => n.Reference == reference).OneOrNotFound(ct)).Id;
        return await Draw(db, reference, [need], null, null, null, false, ct);
    }

    private async Task<TraceView> Draw(
        PortalDb db,
        string reference,
        IReadOnlyList<Guid> ids,
        string? paragraph,
        Proposal? throughProposal,
        Guid? throughProgramme,
        bool isCut,
        CancellationToken ct,
        Recommendation? throughRecommendation = null
    )
    {
        var language = Shell.Culture.Current;
        var needs = (
            await db
                .Needs.AsNoTracking()
                .Include(n => n.Translations.Where(t => t.Language == language && !t.IsTitleBehind))
                .Where(n => ids.Contains(n.Id))
                .ToListAsync(ct)
        )
            .OrderBy(n => ids.Index().First(i => i.Item == n.Id).Index)
            .ToList();
        var served = await db
            .ServedNeeds.Where(s => ids.Contains(s.NeedId))
            .Join(db.Programmes, s => s.ProgrammeId, p => p.Id, (s, p) => new { s.NeedId, P = p })
            .OrderBy(x => x.P.Reference)
            .Select(x => new Served(
                x.NeedId,
                new Help(
                    x.P.Id,
                    x.P.Reference,
                    x.P.Title,
                    x.P.Language,
                    x.P.OrganisationNumber,
                    x.P.Organisation.Name,
                    x.P.Status,
                    x.P.Start,
                    x.P.End,
                    x.P.Budget,
                    x.P.Currency
                )
            ))
            .Take(MostHelp + 1)
            .ToListAsync(ct);
        if (throughProgramme is { } one && !served.Exists(s => s.Programme.Id == one))
            served.AddRange(
                await db
                    .Programmes.Where(p => p.Id == one)
                    .Select(p => new Served(
                        Guid.Empty,
                        new Help(
                            p.Id,
                            p.Reference,
                            p.Title,
                            p.Language,
                            p.OrganisationNumber,
                            p.Organisation.Name,
                            p.Status,
                            p.Start,
                            p.End,
                            p.Budget,
                            p.Currency
                        )
                    ))
                    .ToListAsync(ct)
            );
        var proposals = await db
            .Proposals.AsNoTracking()
            .Include(p => p.Organisation)
            .Where(p => ids.Contains(p.NeedId))
            .OrderBy(p => p.Status == ProposalStatus.Accepted ? 0 : 1)
            .ThenBy(p => p.CreatedAt)
            .ThenBy(p => p.Id)
            .Take(MostHelp + 1)
            .ToListAsync(ct);
        isCut |= served.Count > MostHelp || proposals.Count > MostHelp;
        var made = proposals.ConvertAll(p => p.Id);
        var milestones = (
            await db
                .Milestones.AsNoTracking()
                .Where(m => made.Contains(m.ProposalId))
                .OrderBy(m => m.DueOn)
                .ThenBy(m => m.Id)
                .ToListAsync(ct)
        ).ToLookup(m => m.ProposalId, m => new MilestoneLine(m.Id, m.Title, m.DueOn, m.DeliveredOn, m.ConfirmedAt));
        var parts = await db.Views([.. needs.Select(n => n.Id), .. served.Select(s => s.Programme.Id).Distinct()], ct);
        var asked = await Asked(db, needs, parts, throughRecommendation, ct);
        var chain = new Chain(reference);
        foreach (var through in asked.Values.Where(a => a.Recommendation.Id == throughRecommendation?.Id))
            Put(chain, through);
        var told = new List<(IProtected, int)>();
        foreach (var need in needs)
        {
            var view = (NeedParts)parts.GetValueOrDefault(need.Id);
            // What is told here beyond a row of the list, as when help was delivered and what came of it, is told as the need's own page
            // tells it: on the record.
            if (need.Reference == reference || need.DeliveredOn is not null)
                told.Add((need, (int)view));
            var at = chain.Put(Of(need, view));
            var of = view.Has(NeedParts.Inner) && need.RecommendationId is { } id ? asked.GetValueOrDefault(id) : null;
            if (of is not null)
                chain.Link(Put(chain, of), at);
            if (view.Has(NeedParts.Background))
                foreach (var code in need.Paragraphs.Where(c => (paragraph is null || c == paragraph) && c != of?.Topic.ParagraphCode))
                    chain.Link(chain.Put(new TraceNode(TraceStep.Paragraph, code)), at);
            Follow(
                chain,
                need,
                view,
                at,
                throughProposal is null && throughProgramme is null
                    ? proposals.Where(p => p.NeedId == need.Id)
                    : proposals.Where(p =>
                        p.NeedId == need.Id
                        && (
                            p.Id == throughProposal?.Id
                            || (
                                p.Status == ProposalStatus.Accepted
                                && served.Exists(s => s.Programme.Id == throughProgramme && s.Programme.Number == p.OrganisationNumber)
                            )
                        )
                    ),
                served
                    .Where(s =>
                        s.NeedId == need.Id
                        && (throughProgramme is null || s.Programme.Id == throughProgramme)
                        && (throughProposal is null || s.Programme.Number == throughProposal.OrganisationNumber)
                    )
                    .Select(s => s.Programme),
                milestones,
                parts
            );
        }
        // Its need may be shown to its provider no longer, or the programme serve none that the reader sees.
        foreach (var p in proposals.Where(p => p.Id == throughProposal?.Id && needs.TrueForAll(n => n.Id != p.NeedId)))
        {
            var at = chain.Put(Of(p));
            Delivered(chain, p, at, milestones[p.Id]);
            if (p.Outcome is { } outcome)
                chain.Link(at, chain.Put(new TraceNode(TraceStep.Outcome, p.Reference) { Status = outcome.ToString() }));
        }
        foreach (var s in served.Where(s => s.NeedId == Guid.Empty))
            chain.Put(Of(s.Programme, parts));
        if (paragraph is not null)
            chain.Put(new TraceNode(TraceStep.Paragraph, paragraph));
        told.AddRange(
            proposals.Where(p => chain.Has(TraceStep.Milestone, p.Reference)).Select(p => ((IProtected)p, (int)ProposalParts.Content))
        );
        await readings.Note(db, told, ct);
        // Hidden between the two questions.
        return chain.IsEmpty ? throw new NotFound() : chain.View(isCut);
    }

    private sealed record AskedOf(Recommendation Recommendation, Topic Topic, int FindingNumber, Finding? Finding);

    // The needs made of a recommendation, of those whose reader sees that they were.
    private static async Task<(IReadOnlyList<Guid> Ids, bool IsMore)> Answering(PortalDb db, Guid recommendation, CancellationToken ct)
    {
        var made = await db
            .Needs.Where(n => n.RecommendationId == recommendation)
            .OrderByDescending(n => n.Reference)
            .Select(n => n.Id)
            .Take(Most + 1)
            .ToListAsync(ct);
        var views = await db.Views(made, ct);
        List<Guid> seen = [.. made.Where(id => ((NeedParts)views.GetValueOrDefault(id)).Has(NeedParts.Inner))];
        return ([.. seen.Take(Most)], seen.Count > Most);
    }

    // What needs were made of, for those who see them whole, with the finding that it rests on as it was sent.
    private static async Task<IReadOnlyDictionary<Guid, AskedOf>> Asked(
        PortalDb db,
        IReadOnlyList<Need> needs,
        IReadOnlyDictionary<Guid, int> parts,
        Recommendation? through,
        CancellationToken ct
    )
    {
        List<Guid> ids =
        [
            .. needs
                .Where(n => ((NeedParts)parts.GetValueOrDefault(n.Id)).Has(NeedParts.Inner))
                .Select(n => n.RecommendationId)
                .Append(through?.Id)
                .OfType<Guid>()
                .Distinct(),
        ];
        if (ids.Count == 0)
            return new Dictionary<Guid, AskedOf>();
        var asked = await db.Recommendations.AsNoTracking().Where(r => ids.Contains(r.Id)).ToListAsync(ct);
        var dossiers = asked.ConvertAll(r => r.DossierId);
        var sent = (
            await db.Set<Edition>()
                .AsNoTracking()
                .Where(e => e.IsSent && e.Part == (int)DossierParts.Assessment && dossiers.Contains(e.DossierId))
                .ToListAsync(ct)
        ).ToLookup(e => e.DossierId);
        return asked.ToDictionary(
            r => r.Id,
            r =>
            {
                var findings = sent[r.DossierId].FirstOrDefault(e => e.Language == r.Language)?.Read<AssessmentText>().Findings ?? [];
                var (number, finding) = findings.Index().FirstOrDefault(f => f.Item.Topic == r.Topic);
                return new AskedOf(r, Topics.Find(r.Topic)!, number + 1, finding);
            }
        );
    }

    // Paragraph, finding and recommendation; the number of the last of them.
    private static int Put(Chain chain, AskedOf asked)
    {
        var (r, topic) = (asked.Recommendation, asked.Topic);
        var here = chain.Put(
            new TraceNode(TraceStep.Recommendation, r.Reference, r.Language)
            {
                Title = r.Title,
                Who = MemberStates.Get(r.StateIso3).Name,
                Status = r.Stage.ToString(),
                Until = r.DueOn,
            }
        );
        var from = chain.Put(new TraceNode(TraceStep.Paragraph, topic.ParagraphCode));
        if (asked.Finding is { } finding)
        {
            var found = chain.Put(
                new TraceNode(TraceStep.Finding, $"{r.DossierReference}/{asked.FindingNumber}", r.Language)
                {
                    Title = r.Title,
                    Who = MemberStates.Get(r.StateIso3).Name,
                    Status = finding.Rating,
                }
            );
            chain.Link(from, found);
            from = found;
        }
        chain.Link(from, here);
        return here;
    }

    // From a need on: proposals, the programmes that carry them out or serve it by themselves, what was delivered, and the State's word.
    private static void Follow(
        Chain chain,
        Need need,
        NeedParts view,
        int at,
        IEnumerable<Proposal> proposals,
        IEnumerable<Help> programmes,
        ILookup<Guid, MilestoneLine> milestones,
        IReadOnlyDictionary<Guid, int> parts
    )
    {
        var last = new List<int>();
        var (made, given) = (proposals.ToList(), programmes.ToList());
        foreach (var p in made)
        {
            var here = chain.Put(Of(p));
            chain.Link(at, here);
            if (p.Status != ProposalStatus.Accepted)
                continue;
            var carried = given.FindAll(g => g.Number == p.OrganisationNumber);
            foreach (var g in carried)
                chain.Link(here, chain.Put(Of(g, parts)));
            last.AddRange(
                Delivered(chain, p, here, milestones[p.Id]) is { } steps ? [steps]
                : carried.Count > 0 ? carried.Select(g => chain.Put(Of(g, parts)))
                : [here]
            );
        }
        foreach (var g in given.Where(g => !made.Exists(p => p.Status == ProposalStatus.Accepted && p.OrganisationNumber == g.Number)))
        {
            var here = chain.Put(Of(g, parts));
            chain.Link(at, here);
            last.Add(here);
        }
        if (need.DeliveredOn is not { } day)
            return;
        var delivered = chain.Put(new TraceNode(TraceStep.Delivery, need.Reference) { Day = day });
        foreach (var from in last.DefaultIfEmpty(at).Distinct())
            chain.Link(from, delivered);
        var isSaid = need.Status.IsConcluded();
        var inner = view.Has(NeedParts.Inner);
        if (isSaid || inner)
            chain.Link(
                delivered,
                chain.Put(
                    new TraceNode(TraceStep.Outcome, need.Reference)
                    {
                        Status = isSaid ? need.Status.ToString() : null,
                        Day = need.ConcludedAt is { } said ? DateOnly.FromDateTime(said) : null,
                        AskedOn = isSaid ? null : NeedRules.OutcomeAskedOn(day),
                        Why = inner ? need.OutcomeNote : null,
                    }
                )
            );
    }

    private static int? Delivered(Chain chain, Proposal proposal, int from, IEnumerable<MilestoneLine> milestones)
    {
        if (milestones.ToList() is not { Count: > 0 } lines)
            return null;
        var at = chain.Put(new TraceNode(TraceStep.Milestone, proposal.Reference) { Milestones = lines });
        chain.Link(from, at);
        return at;
    }

    private static TraceNode Of(Need need, NeedParts view) =>
        new(TraceStep.Need, need.Reference, need.Translations is [var t] ? t.Language : need.Language)
        {
            Title = need.Translations is [var said] ? said.Title : need.Title,
            Who = MemberStates.Get(need.StateIso3).Name,
            Status = need.Status.ToString(),
            Amount = view.Has(NeedParts.Cost) ? need.EstimatedCost : null,
            Currency = view.Has(NeedParts.Cost) ? need.Currency : null,
        };

    private static TraceNode Of(Proposal p) =>
        new(TraceStep.Proposal, p.Reference, p.Language)
        {
            Title = p.Title,
            Who = p.Organisation.Name,
            Status = p.Status.ToString(),
            Amount = p.Amount,
            Accepted = p.AcceptedAmount,
            Currency = p.Currency,
        };

    private static TraceNode Of(Help p, IReadOnlyDictionary<Guid, int> parts)
    {
        var financed = ((ProgrammeParts)parts.GetValueOrDefault(p.Id)).Has(ProgrammeParts.Finance);
        return new TraceNode(TraceStep.Programme, p.Reference, p.Language)
        {
            Title = p.Title,
            Who = p.Provider,
            Status = p.Status.ToString(),
            Amount = financed ? p.Budget : null,
            Currency = financed ? p.Currency : null,
            Day = p.Start,
            Until = p.End,
        };
    }

    /// <summary>Takes each link once, in the order it is met.</summary>
    private sealed class Chain(string here)
    {
        private readonly List<TraceNode> nodes = [];
        private readonly List<TraceLink> links = [];

        public bool IsEmpty => nodes.Count == 0;

        public bool Has(TraceStep step, string reference) => nodes.Exists(n => n.Step == step && n.Reference == reference);

        public int Put(TraceNode node)
        {
            var at = nodes.FindIndex(n => n.Step == node.Step && n.Reference == node.Reference);
            if (at >= 0)
                return at;
            nodes.Add(node with { IsHere = node.Reference == here && node.Step < TraceStep.Milestone });
            return nodes.Count - 1;
        }

        public void Link(int from, int to)
        {
            if (!links.Contains(new TraceLink(from, to)))
                links.Add(new TraceLink(from, to));
        }

        // Step by step, so that the numbers are the reading order.
        public TraceView View(bool isCut)
        {
            var order = nodes.Index().OrderBy(n => n.Item.Step).Select(n => n.Index).ToList();
            return new TraceView(
                here,
                [.. order.Select(i => nodes[i])],
                [.. links.Select(l => new TraceLink(order.IndexOf(l.From), order.IndexOf(l.To)))],
                isCut
            );
        }
    }
}
