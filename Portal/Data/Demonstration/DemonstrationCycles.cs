using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Calendar;
using Portal.Domain.Collaboration;
using Portal.Domain.Committee;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Data.Demonstration;

/// <summary>
/// Assessments of the States that the story tells nothing of, made by the verbs of a dossier and written in bulk. Their texts are those of
/// the demonstration and their ratings drawn: nothing in them says anything of a State. Of what was done to each, the log keeps the
/// beginning alone.
/// </summary>
internal sealed class DemonstrationCycles(PortalDb db, DemonstrationSize size, DateTime now)
{
    private const int BatchSize = 100;
    private const int Few = 4;
    private readonly Random random = new(size.Seed + 3);
    private readonly Headquarters hq = new(
        new UnCalendar(ReferenceHolidays.All().Select(h => h.Day)),
        TimeZoneInfo.FindSystemTimeZoneById("America/New_York"),
        new TimeOnly(18, 0)
    );

    // Where the last one of a State is, out of twenty: most are on their way to the Committee, as its programme has it.
    private static readonly DossierStage[] Fates =
    [
        DossierStage.Drafting,
        DossierStage.Drafting,
        DossierStage.Review,
        DossierStage.Ready,
        DossierStage.Subcommittee,
        DossierStage.Endorsed,
        DossierStage.Endorsed,
        DossierStage.Committee,
        DossierStage.Adopted,
        DossierStage.Sent,
        DossierStage.Sent,
        DossierStage.Sent,
        DossierStage.Sent,
        DossierStage.Responded,
        DossierStage.Responded,
        DossierStage.Responded,
        DossierStage.Closed,
        DossierStage.Closed,
        DossierStage.Closed,
        DossierStage.Closed,
    ];

    /// <summary>Writes them, as part of a writing that was begun.</summary>
    public async Task Write(BulkWriter writer, IReadOnlyList<Organisation> organisations, CancellationToken ct)
    {
        var told = DemonstrationCast.States.Select(s => s.Iso3).ToHashSet();
        var cast = new Cast(organisations, now.AddYears(-4));
        var numbers = new Dictionary<string, int>();
        foreach (var states in MemberStates.All.Where(s => !told.Contains(s.Iso3)).Chunk(Math.Max(1, BatchSize / (size.Cycles ?? 1))))
        {
            var dossiers = new List<Dossier>();
            var recommendations = new List<Recommendation>();
            foreach (var state in states)
            foreach (var cycle in Enumerable.Range(0, size.Cycles ?? 1))
            {
                var isLast = cycle == (size.Cycles ?? 1) - 1;
                var dossier = Tell(
                    cast,
                    state.Iso3,
                    isLast ? Fates[random.Next(Fates.Length)] : DossierStage.Closed,
                    now.AddDays(isLast ? -150 : -150 - 40 * ((size.Cycles ?? 1) - cycle)),
                    year => Next(numbers, Dossier.Card, state.Iso3, year)
                );
                dossiers.Add(dossier);
                if (dossier.SentAt is { } sent)
                    for (var i = 1; i <= dossier.Sent().Recommendations.Count; i++)
                        recommendations.Add(Recommendation.Of(Next(numbers, Recommendation.Card, state.Iso3, sent.Year), dossier, i, sent));
            }
            await writer.Batch(() => Insert(writer, dossiers, recommendations, cast.Officer, ct), ct);
        }
        db.Counters.AddRange(numbers.Select(n => new Counter { Name = n.Key, Value = n.Value }));
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    private static string Next(Dictionary<string, int> numbers, Kind kind, string iso3, int year)
    {
        var name = $"{kind.Series}-{iso3}-{year}";
        return $"{name}-{numbers[name] = numbers.GetValueOrDefault(name) + 1}";
    }

    private async Task Insert(
        BulkWriter writer,
        List<Dossier> dossiers,
        List<Recommendation> recommendations,
        Actor by,
        CancellationToken ct
    )
    {
        List<IProtected> all = [.. dossiers, .. recommendations];
        var acts = all.ConvertAll(r =>
            (Record: r, Act: r.Acts.Take()[0], At: r is Dossier d ? d.CreatedAt : ((Recommendation)r).CreatedAt)
        );
        await writer.Insert(dossiers, ct);
        await writer.Insert(dossiers.SelectMany(d => d.Editions).ToList(), ct);
        await writer.Insert(dossiers.SelectMany(d => d.Circulations).ToList(), ct);
        await writer.Insert(recommendations, ct);
        await writer.Insert(all.SelectMany(Reach.Of).ToList(), ct);
        await writer.Insert(all.SelectMany(SearchEntry.Of).ToList(), ct);
        await writer.Insert(acts.ConvertAll(a => Activity.Of(a.Record.Id, a.Act, by, a.At)), ct);
        // The log is a chain in the order of time: it says when this was written.
        var entries = acts.ConvertAll(a => AuditEntry.Of(a.Act, a.Record.Kind.Section, a.Record, by, now));
        await AuditLog.Append(db, entries, ct);
        await writer.Insert(entries, ct);
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    private Dossier Tell(Cast cast, string iso3, DossierStage fate, DateTime begun, Func<int, string> reference)
    {
        var at = begun;
        DateTime Later(int days) => at = at.AddDays(days);
        var dossier = Dossier.Draft(reference(begun.Year), cast.Officer, Says(iso3), begun);
        if (fate == DossierStage.Drafting)
            return dossier;
        dossier.SendToReview(cast.Officer, Later(10));
        if (fate == DossierStage.Review)
            return dossier;
        dossier.PassReview(cast.Reviewer, QualityCheck.Said, null, Later(5));
        if (fate == DossierStage.Ready)
            return dossier;
        // What is open was opened lately, so that it is open today.
        at = fate == DossierStage.Subcommittee ? now.AddDays(-3) : Later(3);
        dossier.PutBeforeSubcommittee(cast.Officer, Bodies.Usual(iso3), 5, at, hq);
        if (fate == DossierStage.Subcommittee)
            return dossier;
        dossier.Settle(Later(15));
        if (fate == DossierStage.Endorsed)
            return dossier;
        at = fate == DossierStage.Committee ? now.AddDays(-2) : Later(3);
        dossier.PutBeforeCommittee(cast.Officer, 5, at, hq);
        if (fate == DossierStage.Committee)
            return dossier;
        dossier.Settle(Later(15));
        if (fate == DossierStage.Adopted)
            return dossier;
        dossier.Send(cast.Officer, Later(2), hq);
        if (fate == DossierStage.Sent)
            return dossier;
        var focalPoint = cast.FocalPointOf(iso3);
        dossier.DraftAnswer(focalPoint, DemonstrationDossiers.Answer(dossier, dossier.Language));
        dossier.Answer(focalPoint, Later(30));
        if (fate == DossierStage.Closed)
            dossier.Close(cast.Officer, Later(10));
        return dossier;
    }

    private Dossier.Content Says(string iso3)
    {
        const Language language = Language.En;
        var topics = size.Cycles is null ? Topics.All.Skip(random.Next(Topics.All.Count - Few)).Take(Few) : Topics.All;
        return DemonstrationDossiers.Says(iso3, language, [.. topics], random, now);
    }

    // Places made up for those who act: nobody signs in by them.
    private sealed class Cast(IReadOnlyList<Organisation> organisations, DateTime since)
    {
        private readonly Organisation cted = organisations.Single(o => o.Kind == OrganisationKind.Cted);

        public Actor Officer => field ??= Of(cted, Role.ExecutiveDirector);
        public Actor Reviewer => field ??= Of(cted, Role.InformationOfficer);

        public Actor FocalPointOf(string iso3) =>
            Of(organisations.Single(o => o.Kind == OrganisationKind.MemberState && o.StateIso3 == iso3), Role.FocalPoint);

        private Actor Of(Organisation organisation, Role role) =>
            Actor.Of(Membership.Of(Guid.CreateVersion7(), organisation, role, since), "Demonstration", [], since.AddDays(1));
    }
}
