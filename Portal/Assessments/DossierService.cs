using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Collaboration;
using Portal.Committee;
using Portal.Data;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Committee;
using Portal.Domain.Reference;

namespace Portal.Assessments;

/// <summary>Dossiers, for whoever asks: every read is a view of the parts they may see, every act a verb of the dossier.</summary>
public sealed class DossierService(
    ActorSource actors,
    Records<Dossier> records,
    ReadingLog readings,
    ActivityService activity,
    HeadquartersTime headquarters,
    TimeProvider clock
)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>One dossier as the reader sees it.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public async Task<DossierView> Get(string reference, EditionAsked? asked = null, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        return await View(db, await records.One(db, reference, ct), asked ?? new(), ct);
    }

    /// <summary>The same to be taken away as a document: that it was is on the record.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public async Task<DossierView> Export(string reference, string format, EditionAsked? asked = null, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var dossier = await records.One(db, reference, ct);
        // A document is of an edition, also while the next one is being written.
        var edition = asked?.Edition ?? dossier.EditionOf((DossierParts)Decision.On(dossier, db.Actor).View);
        var view = await View(db, dossier, new(asked?.Language, edition), ct);
        db.Audit(new Act(Dossier.Card.Act("exported"), (int)DossierParts.Inner, Subject: format), dossier);
        await db.SaveChangesAsync(ct);
        return view;
    }

    private async Task<DossierView> View(PortalDb db, Dossier dossier, EditionAsked asked, CancellationToken ct)
    {
        var parts = (DossierParts)Decision.On(dossier, db.Actor).View;
        await readings.Note(db, dossier, (int)parts, ct);
        var veiled = await db.Veiled(new Dictionary<Guid, int> { [dossier.Id] = (int)parts }, ct);
        var now = Now;
        var acts = DossierActs.Of(dossier, db.Actor, now);
        var writes = parts.Has(DossierParts.Writing);
        var had = dossier.EditionsOf(parts);
        var isWritten = writes && !had.Contains(asked.Edition ?? 0) && (dossier.Stage == DossierStage.Drafting || had.Count == 0);
        var edition = had.Contains(asked.Edition ?? 0) ? asked.Edition : dossier.EditionOf(parts);
        // What is being written is in its own language, and is compared with what was written in it.
        var language = isWritten ? dossier.Language : asked.Language ?? Shell.Culture.Current;
        var against = had.Contains(asked.Against ?? 0) ? asked.Against : dossier.EditionBefore(parts, isWritten ? null : edition);
        return new DossierView
        {
            Row = DossierRow.Of(dossier, now).Masked(parts) with { Veiled = (DossierParts)veiled.GetValueOrDefault(dossier.Id) },
            Version = acts.Any ? dossier.Version : Guid.Empty,
            Acts = acts,
            Draft = writes ? dossier.Says : null,
            IsComplete = writes && Dossier.Missing(dossier.Says).Count == 0,
            Wanting = writes ? QualityCheck.Wanting(dossier, await IsAnswered(db, dossier, ct)) : null,
            OthersNamed = writes ? QualityCheck.OthersNamed(dossier) : [],
            Translations = writes ? [.. dossier.Translated.Select(t => TranslationLine.Of(t, dossier.Says))] : null,
            Review = writes ? dossier.Review : null,
            Languages =
            [
                .. dossier.Editions.Where(e => e.Number == edition && parts.Has((DossierParts)e.Part)).Select(e => e.Language).Distinct(),
            ],
            IsWritten = isWritten,
            IsLast = edition == dossier.EditionOf(parts),
            // How many there were is of the deliberation.
            Editions = parts.Has(DossierParts.Deliberation) ? had : [],
            Cover = Shown<string>(dossier, parts, DossierParts.Cover, edition, language),
            Letter = Shown<string>(dossier, parts, DossierParts.Letter, edition, language),
            Assessment = Shown<AssessmentText>(dossier, parts, DossierParts.Assessment, edition, language),
            Before = against is { } before && (isWritten || before != edition) ? Texts(dossier, before, language) : null,
            Circulations = parts.Has(DossierParts.Deliberation)
                ? await Circulations(db, [.. dossier.Circulations.Reverse()], now, ct)
                : null,
            Answer = parts.Has(DossierParts.Response) ? dossier.Answered : null,
            AnswerDraft = parts.Has(DossierParts.ResponseDraft) ? dossier.Drafted : null,
            IsForCommittee = dossier.IsForCommittee(now),
            Recommendations = dossier.SentAt is null ? [] : await RecommendationService.OfDossier(db, dossier.Id, ct),
            Previous = writes ? await Previous(db, dossier, ct) : null,
            IsPreview = db.Actor.IsPreview,
            AcknowledgedAt = parts.Has(DossierParts.Course) ? dossier.AcknowledgedAt : null,
            Shared = parts.Has(DossierParts.TalkState) && dossier.SentAt is not null ? await Shared(db, dossier, ct) : null,
            ToShare = acts.Share ? dossier.ToShare : DossierParts.None,
            AnsweredAt = parts.Has(DossierParts.Response) ? dossier.AnsweredAt : null,
        };
    }

    private static async Task<IReadOnlyList<SharedLine>> Shared(PortalDb db, Dossier dossier, CancellationToken ct)
    {
        var standing = dossier.Consents.Where(c => c.Stands).OrderBy(c => c.GivenAt).ToList();
        var numbers = standing.Select(c => c.Audience.OrganisationNumber).OfType<int>().ToList();
        var names = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Name, ct);
        return
        [
            .. standing.Select(c => new SharedLine(
                c.AudienceKey,
                c.Audience.OrganisationNumber is { } number ? names.GetValueOrDefault(number) : null,
                c.Parts,
                c.GivenAt
            )),
        ];
    }

    // What was asked of the State in the cycle before, and what came of it: CTED looks at it when it assesses again.
    private static async Task<PreviousCycle?> Previous(PortalDb db, Dossier dossier, CancellationToken ct)
    {
        var before = await db
            .Dossiers.AsNoTracking()
            .Include(d => d.Editions.Where(e => e.IsSent))
            .Where(d => d.StateIso3 == dossier.StateIso3 && d.SentAt != null && d.Id != dossier.Id && d.CreatedAt < dossier.CreatedAt)
            .OrderByDescending(d => d.SentAt)
            .FirstOrDefaultAsync(ct);
        if (before is null)
            return null;
        var rows = await RecommendationService.OfDossier(db, before.Id, ct);
        var needs = await RecommendationService.NeedsMade(db, rows.ConvertAll(r => r.Id), ct);
        return new PreviousCycle(
            before.Reference,
            before.Year,
            before.Sent().Findings,
            [.. rows.Select(r => new AskedBefore(r, [.. needs[r.Id]]))],
            before.Answered
        );
    }

    private static EditionView<T>? Shown<T>(Dossier dossier, DossierParts parts, DossierParts part, int? number, Language language)
    {
        if (!parts.Has(part) || dossier.In(language, number, part) is not { } edition)
            return null;
        // How many rounds there were, and when it was written, is of the deliberation.
        return parts.Has(DossierParts.Deliberation)
            ? new EditionView<T>(edition.Number, edition.At, edition.Fingerprint, edition.Language, edition.Read<T>())
            : new EditionView<T>(null, dossier.SentAt!.Value, edition.Fingerprint, edition.Language, edition.Read<T>());
    }

    // Whoever had an edition before has the deliberation, and with it all three.
    private static DossierTexts? Texts(Dossier dossier, int number, Language language) =>
        dossier.In(language, number, DossierParts.Cover) is { } cover
        && dossier.In(language, number, DossierParts.Letter) is { } letter
        && dossier.In(language, number, DossierParts.Assessment) is { } assessment
            ? new DossierTexts(number, letter.Language, cover.Read<string>(), letter.Read<string>(), assessment.Read<AssessmentText>())
            : null;

    /// <summary>Circulations as their body and CTED see them, in the order given.</summary>
    internal async Task<IReadOnlyList<CirculationView>> Circulations(
        PortalDb db,
        IReadOnlyList<Circulation> circulations,
        DateTime now,
        CancellationToken ct
    )
    {
        var hq = await headquarters.Of(db, ct);
        var numbers = circulations.SelectMany(c => c.Steps).Select(s => s.OrganisationNumber).Distinct().ToList();
        var names = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Name, ct);
        var own = db.Actor.Membership?.Organisation.Number ?? 0;
        return
        [
            .. circulations.Select(c => new CirculationView(
                c.Body,
                c.Round,
                c.Edition,
                c.OpenedOn,
                c.Days,
                c.StatusAt(now),
                c.ClosesAt,
                hq.Today(c.ClosesAt),
                headquarters.Closes,
                c.EndedAtAsOf(now),
                c.StatusAt(now) == CirculationStatus.Open ? hq.WorkingDaysLeft(now, c.ClosesAt) : 0,
                c.StatusAt(now) == CirculationStatus.Open ? [.. c.HoldsAt(now).Select(h => names[h.OrganisationNumber])] : [],
                c.HeldBy(own, now),
                c.HasSaidNoObjection(own),
                c.EndReason,
                c.Meeting,
                [.. c.Steps.Select(s => new StepView(names[s.OrganisationNumber], s.Act, s.At, s.PersonName, s.Reason, s.Lapses))]
            )),
        ];
    }

    /// <summary>Who can see a dossier and why: for those who see it whole. Others learn only why they see it themselves.</summary>
    public Task<IReadOnlyList<ReaderLine>> Readers(string reference) => records.Readers(reference);

    /// <summary>What is being written, with the version its form is opened on.</summary>
    public async Task<(Dossier.Content Content, Guid Version)> Content(string reference)
    {
        await using var db = await actors.Open();
        var dossier = await records.One(db, reference);
        return dossier.CanEdit(db.Actor) ? (dossier.Says, dossier.Version) : throw new NotFound();
    }

    /// <summary>A dossier as it is being written, beside its translation into a language.</summary>
    /// <exception cref="NotFound">Missing, hidden, or not theirs to write now.</exception>
    public async Task<(Dossier.Content Content, DossierTranslation Translation)> Translation(string reference, Language into)
    {
        await using var db = await actors.Open();
        var dossier = await records.One(db, reference);
        return dossier.CanEdit(db.Actor) ? (dossier.Says, dossier.Into(into)) : throw new NotFound();
    }

    /// <summary>Replaces a translation of what is being written; one that says nothing is taken away.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody wrote in the same one first.</exception>
    public Task Translate(string reference, DossierTranslation said) =>
        records.Act(reference, (dossier, actor) => dossier.Translate(actor, said, Now));

    /// <summary>Dossiers of a State that are under way and that the reader may see, the newest first: another may not be wanted.</summary>
    public async Task<IReadOnlyList<DossierRow>> UnderWay(string iso3, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var ids = await db
            .Dossiers.Where(d => d.StateIso3 == iso3 && d.Stage != DossierStage.Closed && d.Stage != DossierStage.Abandoned)
            .OrderByDescending(d => d.CreatedAt)
            .Take(10)
            .Select(d => d.Id)
            .ToListAsync(ct);
        return await DossierList.Rows(db, ids, ct);
    }

    /// <summary>Begins a dossier.</summary>
    /// <returns>Its reference.</returns>
    public Task<string> Draft(Dossier.Content content) =>
        records.Draft(actor => Dossier.Draft(Records<Dossier>.Unnumbered, actor, content, Now));

    /// <summary>Changes what is being written.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public Task Edit(string reference, Guid version, Dossier.Content content) =>
        records.Edit(reference, version, (dossier, actor) => dossier.Edit(actor, content, Now));

    /// <summary>Hands it to a reviewer.</summary>
    public Task SendToReview(string reference) => records.Act(reference, (d, actor) => d.SendToReview(actor, Now));

    /// <summary>The reviewer lets it go on.</summary>
    public Task PassReview(string reference, IReadOnlyCollection<QualityItem> met, string? note) =>
        records.Act(reference, async (db, d) => d.PassReview(db.Actor, met, note, Now, await IsAnswered(db, d)));

    /// <summary>The reviewer gives it back.</summary>
    public Task ReturnReview(string reference, IReadOnlyCollection<QualityItem> met, string? why) =>
        records.Act(reference, async (db, d) => d.ReturnReview(db.Actor, met, why, Now, await IsAnswered(db, d)));

    // CTED holds every part that a dossier is discussed in: none that must be answered is hidden from a reviewer.
    private static async Task<bool> IsAnswered(PortalDb db, Dossier dossier, CancellationToken ct = default) =>
        !await db.Threads.AnyAsync(t => t.RecordId == dossier.Id && t.MustBeAnswered && t.ResolvedAt == null, ct);

    /// <summary>Puts it before the body that comes next: its subcommittee, then the Committee.</summary>
    /// <param name="reference">Which.</param>
    /// <param name="days">Working days.</param>
    public Task Put(string reference, int days) => records.Act(reference, (db, dossier) => Put(db, dossier, days));

    private async Task Put(PortalDb db, Dossier dossier, int days)
    {
        var hq = await headquarters.Of(db);
        var isAnswered = await IsAnswered(db, dossier);
        if (dossier.IsForCommittee(Now))
            dossier.PutBeforeCommittee(db.Actor, days, Now, hq, isAnswered);
        else
            dossier.PutBeforeSubcommittee(
                db.Actor,
                (await Considering(db, [dossier.StateIso3]))[dossier.StateIso3],
                days,
                Now,
                hq,
                isAnswered
            );
    }

    // The subcommittee that considers each State now.
    private static async Task<IReadOnlyDictionary<string, Body>> Considering(
        PortalDb db,
        IReadOnlyList<string> states,
        CancellationToken ct = default
    )
    {
        var moved = await db
            .Organisations.Where(o => o.Kind == OrganisationKind.MemberState && o.ConsideredBy != null && states.Contains(o.StateIso3!))
            .ToDictionaryAsync(o => o.StateIso3!, o => o.ConsideredBy!.Value, ct);
        return states.Distinct().ToDictionary(s => s, s => moved.TryGetValue(s, out var body) ? body : Bodies.Usual(s));
    }

    /// <summary>The reader's delegation takes a step.</summary>
    /// <param name="reference">Which dossier.</param>
    /// <param name="act">Which step.</param>
    /// <param name="reason">Why, or what is remarked.</param>
    /// <param name="edition">The edition it is meant for; null for whichever is before the body.</param>
    public Task Step(string reference, StepAct act, string? reason, int? edition = null) =>
        records.ActBeside(
            reference,
            async (db, dossier) =>
            {
                var hq = await headquarters.Of(db);
                Refusal.If(
                    edition is { } meant && dossier.CanStep(db.Actor, Now) && dossier.Circulated != meant,
                    "record.changed_since_shown"
                );
                switch (act)
                {
                    case StepAct.Hold:
                        dossier.Hold(db.Actor, reason, Now, hq);
                        break;
                    case StepAct.Lift:
                        dossier.Lift(db.Actor, Now, hq);
                        break;
                    case StepAct.Object:
                        dossier.Object(db.Actor, reason, Now);
                        break;
                    case StepAct.NoObjection:
                        dossier.SayNoObjection(db.Actor, Now);
                        break;
                    case StepAct.Remark:
                        dossier.Remark(db.Actor, reason, Now);
                        break;
                    default:
                        throw new Refusal("field.unknown_code");
                }
            }
        );

    /// <summary>CTED gives the body that has it more working days.</summary>
    public Task Extend(string reference, int days) =>
        records.Act(reference, async (db, d) => d.Extend(db.Actor, days, Now, await headquarters.Of(db)));

    /// <summary>The body takes it up in a meeting.</summary>
    public Task TakeUp(string reference, string? meeting) => records.Act(reference, (d, actor) => d.TakeUp(actor, meeting, Now));

    /// <summary>What the body decided in a meeting: it agreed, or gave it back and said why.</summary>
    public Task Decide(string reference, string? whyNot) => records.Act(reference, (d, actor) => d.Decide(actor, whyNot, Now));

    /// <summary>What can be put before a body now, by body, State by State, with the versions that are shown.</summary>
    /// <exception cref="NotFound">Not the reader's to put.</exception>
    public async Task<IReadOnlyList<ReadyLine>> Ready(CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        if (!Dossier.CanPutAny(db.Actor))
            throw new NotFound();
        var now = Now;
        var ready = await db
            .Dossiers.AsNoTracking()
            .Where(d =>
                d.Stage == DossierStage.Ready
                || d.Stage == DossierStage.Endorsed
                || (d.Stage == DossierStage.Subcommittee && d.ClosesAt <= now)
            )
            .Select(d => new
            {
                d.Reference,
                d.StateIso3,
                d.Stage,
                d.ClosesAt,
                d.CommitteeAt,
                d.Subcommittee,
                d.Version,
            })
            .ToListAsync(ct);
        var considering = await Considering(db, [.. ready.Select(d => d.StateIso3)], ct);
        return
        [
            .. ready
                .Select(d => new ReadyLine(
                    d.Reference,
                    d.StateIso3,
                    Dossier.IsForCommittee(Dossier.StageOf(d.Stage, d.ClosesAt, now), d.CommitteeAt)
                        ? Body.Committee
                        : d.Subcommittee ?? considering[d.StateIso3],
                    d.Version
                ))
                .OrderBy(l => (l.Body, l.Reference)),
        ];
    }

    /// <summary>Puts several before the body that comes next, one after another, each whole or not at all.</summary>
    /// <param name="chosen">Which, as they were shown.</param>
    /// <param name="days">Working days.</param>
    /// <param name="done">Told how many are done.</param>
    /// <param name="ct">Stops before the next one.</param>
    /// <returns>What was refused, and why.</returns>
    public async Task<IReadOnlyList<(string Reference, Refusal Why)>> PutAll(
        IReadOnlyList<ReadyLine> chosen,
        int days,
        Action<int>? done = null,
        CancellationToken ct = default
    )
    {
        var refused = new List<(string, Refusal)>();
        foreach (var (i, line) in chosen.Index())
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                await records.Edit(line.Reference, line.Version, (db, dossier) => Put(db, dossier, days));
            }
            catch (Refusal refusal)
            {
                refused.Add((line.Reference, refusal));
            }
            catch (NotFound)
            {
                refused.Add((line.Reference, new Refusal("record.changed_meanwhile")));
            }
            done?.Invoke(i + 1);
        }
        return refused;
    }

    /// <summary>CTED takes it back from the body that has it.</summary>
    public Task Recall(string reference, string? reason) => records.Act(reference, (d, actor) => d.Recall(actor, reason, Now));

    /// <summary>Sends the adopted edition to its State; what it recommends is followed from then on.</summary>
    public Task Send(string reference) =>
        records.Act(
            reference,
            async (db, dossier) =>
            {
                dossier.Send(db.Actor, Now, await headquarters.Of(db));
                await Follow(db, dossier, Now);
            }
        );

    /// <summary>Makes records of what an assessment recommends, as it was sent.</summary>
    internal static async Task<IReadOnlyList<Recommendation>> Follow(PortalDb db, Dossier dossier, DateTime now)
    {
        var references = await db.NextReferences(Recommendation.Card, now.Year, dossier.Sent().Recommendations.Count, dossier.StateIso3);
        List<Recommendation> made = [.. references.Select((reference, i) => Recommendation.Of(reference, dossier, i + 1, now))];
        db.Recommendations.AddRange(made);
        return made;
    }

    /// <summary>The State says that it has the letter.</summary>
    public Task Acknowledge(string reference) => records.Act(reference, (d, actor) => d.Acknowledge(actor, Now));

    /// <summary>The State's answer as it is written, what it answers, and the version its form is opened on.</summary>
    /// <exception cref="NotFound">Missing, hidden, or not theirs to answer now.</exception>
    public async Task<(StateAnswer Answer, Edition Sent, bool MaySubmit, Guid Version)> Answer(string reference)
    {
        await using var db = await actors.Open();
        var dossier = await records.One(db, reference);
        return dossier.CanDraftAnswer(db.Actor)
            ? (
                dossier.Drafted ?? new StateAnswer(),
                dossier.SentIn(Shell.Culture.Current) ?? throw new NotFound(),
                dossier.CanAnswer(db.Actor),
                dossier.Version
            )
            : throw new NotFound();
    }

    /// <summary>Keeps the State's answer, and submits it where that is asked.</summary>
    /// <param name="reference">Which dossier.</param>
    /// <param name="version">The version that it was written on.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="submit">Whether it is submitted.</param>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public Task SaveAnswer(string reference, Guid version, StateAnswer answer, bool submit) =>
        records.Edit(
            reference,
            version,
            (dossier, actor) =>
            {
                dossier.DraftAnswer(actor, answer);
                if (submit)
                    dossier.Answer(actor, Now);
            }
        );

    /// <summary>With whom it can be shared: all providers, all partners, or one of them, by name.</summary>
    /// <exception cref="Refusal">Not theirs to share.</exception>
    public async Task<IReadOnlyList<SharedLine>> Audiences(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        // Of the dossier nothing more is asked than whether it was sent, and whose it is.
        var dossier = await db.Dossiers.AsNoTracking().FirstOrDefaultAsync(d => d.Reference == reference, ct) ?? throw new NotFound();
        Refusal.Unless(dossier.CanShare(db.Actor), "dossier.not_yours_to_share");
        var organisations = await DirectoryReading.Bodies(db).Select(o => new { o.Number, o.Name }).ToListAsync(ct);
        return
        [
            new(Audience.Providers.Key, null, DossierParts.None, default),
            new(Audience.Partners.Key, null, DossierParts.None, default),
            .. organisations
                .OrderBy(o => o.Name[Shell.Culture.Current], StringComparer.CurrentCulture)
                .Select(o => new SharedLine(Audience.Org(o.Number).Key, o.Name, DossierParts.None, default)),
        ];
    }

    /// <summary>How many people of the portal would see it, were it shared so.</summary>
    /// <exception cref="Refusal">It cannot be.</exception>
    public async Task<int> PeopleBehind(string reference, Audience audience, DossierParts parts)
    {
        await using var db = await actors.Open();
        var dossier = await records.One(db, reference);
        dossier.DemandSharing(db.Actor, audience, parts);
        return await activity.PeopleBehind([audience], Section.Assessments, dossier.StateIso3);
    }

    /// <summary>The State shows its assessment to an audience, or changes what it sees.</summary>
    public Task Share(string reference, Audience audience, DossierParts parts) =>
        records.Act(
            reference,
            async (db, dossier) =>
            {
                dossier.Share(db.Actor, audience, parts, Now);
                Refusal.If(
                    audience.OrganisationNumber is { } number && !await DirectoryReading.Bodies(db).AnyAsync(o => o.Number == number),
                    "dossier.audience_unknown",
                    "Audience"
                );
            }
        );

    /// <summary>The State shows it to an audience no longer.</summary>
    public Task Unshare(string reference, Audience audience, string? why) =>
        records.Act(reference, (d, actor) => d.Unshare(actor, audience, why, Now));

    /// <summary>CTED notes the answer.</summary>
    public Task Close(string reference) => records.Act(reference, (d, actor) => d.Close(actor, Now));

    /// <summary>Gives it up.</summary>
    public Task Abandon(string reference, string? why) => records.Act(reference, (d, actor) => d.Abandon(actor, why, Now));
}
