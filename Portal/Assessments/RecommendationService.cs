using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Papers;

namespace Portal.Assessments;

/// <summary>What the reader may do with a recommendation: the buttons ask the same functions as the service.</summary>
public sealed record RecommendationActs(bool Edit, bool Report, bool Verify, bool MoveDue, bool Drop, bool MakeNeed)
{
    /// <summary>Asks the rules.</summary>
    public static RecommendationActs Of(Recommendation r, Actor actor) =>
        new(r.CanEdit(actor), r.CanReport(actor), r.CanVerify(actor), r.CanMoveDue(actor), r.CanDrop(actor), r.CanMakeNeeds(actor));
}

/// <summary>A need that was made of a recommendation, for those who see that it was.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="Language">Language of the title.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Outcome">What the State says came of it.</param>
public sealed record NeedMade(string Reference, string Title, Language Language, NeedStatus Status, string? Outcome);

/// <summary>A recommendation as one reader sees it: made of the parts that are theirs and nothing else.</summary>
public sealed record RecommendationView
{
    /// <summary>What the list shows.</summary>
    public required RecommendationRow Row { get; init; }

    /// <summary>The parts that the reader has.</summary>
    public required RecommendationParts Parts { get; init; }

    /// <summary>Whether the reader follows chains.</summary>
    public bool IsTraced { get; init; }

    /// <summary>What is asked, Markdown, in the reader's language or in the authoritative one.</summary>
    public required AskedIn Asks { get; init; }

    /// <summary>Concurrency token, for those who write the report; empty for others.</summary>
    public required Guid Version { get; init; }

    /// <summary>What the reader may do.</summary>
    public required RecommendationActs Acts { get; init; }

    /// <summary>What was said of it, the newest first; part Progress.</summary>
    public IReadOnlyList<ProgressEntry> Progress { get; init; } = [];

    /// <summary>The State's next report as it is being written; part Report, null where nothing is written.</summary>
    public Recommendation.Content? Draft { get; init; }

    /// <summary>Whether the next report says all that it has to.</summary>
    public bool IsComplete { get; init; }

    /// <summary>What shows it; part Progress.</summary>
    public IReadOnlyList<FileLine> Files { get; init; } = [];

    /// <summary>The needs that the State made of it, of those that the reader sees whole.</summary>
    public IReadOnlyList<NeedMade> Needs { get; init; } = [];
}

/// <summary>Recommendations, for whoever asks.</summary>
public sealed class RecommendationService(ActorSource actors, Records<Recommendation> records, ReadingLog readings, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>One recommendation as the reader sees it.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public async Task<RecommendationView> Get(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var recommendation = await records.One(db, reference, ct);
        var parts = (RecommendationParts)Decision.On(recommendation, db.Actor).View;
        await readings.Note(db, recommendation, (int)parts, ct);
        var acts = RecommendationActs.Of(recommendation, db.Actor);
        var writes = parts.Has(RecommendationParts.Report);
        return new()
        {
            Row = RecommendationRow.Of(recommendation),
            Parts = parts,
            IsTraced = db.Actor.LevelIn(Section.Needs) >= Level.View,
            Asks = recommendation.In(Shell.Culture.Current),
            // A draft of the State renews it: CTED decides on the stage that is shown.
            Version = acts.Edit ? recommendation.Version : Guid.Empty,
            Acts = acts,
            Progress = parts.Has(RecommendationParts.Progress) ? [.. recommendation.Progress.Reverse()] : [],
            Draft = writes && recommendation.Says != new Recommendation.Content() ? recommendation.Says : null,
            IsComplete = writes && recommendation.Missing().Count == 0,
            Files = await FileService.Of(db, recommendation.Id, ct),
            Needs = (await NeedsMade(db, [recommendation.Id], ct))[recommendation.Id].ToList(),
        };
    }

    /// <summary>
    /// The needs that States made of recommendations, by these. That a need was made of one is told to those alone who see the need whole,
    /// its State and CTED; to anybody else it is a need like any other.
    /// </summary>
    internal static async Task<ILookup<Guid, NeedMade>> NeedsMade(PortalDb db, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var made = await db
            .Needs.Where(n => n.RecommendationId != null && ids.Contains(n.RecommendationId.Value))
            .OrderBy(n => n.Reference)
            .Select(n => new
            {
                n.Id,
                Of = n.RecommendationId!.Value,
                Made = new NeedMade(n.Reference, n.Title, n.Language, n.Status, n.OutcomeNote),
            })
            .ToListAsync(ct);
        var views = await db.Views([.. made.Select(n => n.Id)], ct);
        return made.Where(n => ((NeedParts)views.GetValueOrDefault(n.Id)).Has(NeedParts.Inner)).ToLookup(n => n.Of, n => n.Made);
    }

    /// <summary>The recommendations of a dossier, in the order of the assessment, as far as the reader sees them.</summary>
    internal static Task<List<RecommendationRow>> OfDossier(PortalDb db, Guid dossier, CancellationToken ct) =>
        RecommendationList.Of(db.Recommendations.Where(r => r.DossierId == dossier).OrderBy(r => r.Number)).ToListAsync(ct);

    /// <summary>Where a need is made of a recommendation.</summary>
    public static string NeedAddress(string reference) => $"{Need.Card.Path("new")}?of={reference}";

    /// <summary>
    /// What a need begins with that a State makes of a recommendation: nothing in it tells that it was one, unless the State says so.
    /// </summary>
    /// <exception cref="NotFound">Missing, hidden, or not theirs to make one of.</exception>
    public async Task<Need.Content> NeedOf(string reference)
    {
        await using var db = await actors.Open();
        var recommendation = await records.One(db, reference);
        if (!recommendation.CanMakeNeeds(db.Actor))
            throw new NotFound();
        await readings.Note(db, recommendation, (int)RecommendationParts.OfState);
        var (topic, asked) = (Topics.Find(recommendation.Topic)!, recommendation.In(Shell.Culture.Current));
        return new()
        {
            Title = topic.Name[asked.Language],
            Description = PaperPlain.Of(asked.Text),
            Language = asked.Language,
            Theme = topic.ThemeCode,
            Paragraphs = [topic.ParagraphCode],
        };
    }

    /// <summary>Who can see a recommendation and why: for those who see it whole. Others learn only why they see it themselves.</summary>
    public Task<IReadOnlyList<ReaderLine>> Readers(string reference) => records.Readers(reference);

    /// <summary>The State's report as it is written, whether the reader may submit it, and the version its form is opened on.</summary>
    /// <exception cref="NotFound">Missing, hidden, or not theirs to report on now.</exception>
    public async Task<(Recommendation.Content Content, bool MaySubmit, Guid Version)> Content(string reference)
    {
        await using var db = await actors.Open();
        var recommendation = await records.One(db, reference);
        return recommendation.CanEdit(db.Actor)
            ? (recommendation.Says, recommendation.CanReport(db.Actor), recommendation.Version)
            : throw new NotFound();
    }

    /// <summary>Keeps the State's report, and submits it where that is asked.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public Task Edit(string reference, Guid version, Recommendation.Content content, bool submit = false) =>
        records.Edit(
            reference,
            version,
            async (db, recommendation) =>
            {
                recommendation.Edit(db.Actor, content);
                if (!submit)
                    return;
                recommendation.Report(db.Actor, Now);
                foreach (var file in await db.Attachments.Where(a => a.RecordId == recommendation.Id).ToListAsync())
                    file.MoveTo(Part.Of(RecommendationParts.Progress));
            }
        );

    /// <summary>CTED says what it found, in the reader's language.</summary>
    public Task Verify(string reference, RecommendationStage found, string? text) =>
        Act(reference, (r, actor) => r.Verify(actor, found, Shell.Culture.Current, text, Now));

    // What the State writes meanwhile is its own: CTED is not to notice it by being refused.
    private Task Act(string reference, Action<Recommendation, Actor> verb) =>
        records.ActBeside(
            reference,
            (db, recommendation) =>
            {
                verb(recommendation, db.Actor);
                return Task.CompletedTask;
            }
        );

    /// <summary>Moves the day until which it is asked.</summary>
    public Task MoveDue(string reference, DateOnly? to, string? why = null) => Act(reference, (r, actor) => r.MoveDue(actor, to, why, Now));

    /// <summary>Nobody pursues it any more.</summary>
    public Task Drop(string reference, string? why) => Act(reference, (r, actor) => r.Drop(actor, why, Now));

    /// <summary>Attaches what shows it.</summary>
    public Task<FileLine> AddFile(string reference, string fileName, ReadOnlyMemory<byte> content) =>
        records.Act(reference, (db, r) => FileService.Add(db, r, fileName, content));

    /// <summary>Takes a file away.</summary>
    public Task RemoveFile(string reference, Guid fileId) => records.Act(reference, (db, r) => FileService.Remove(db, r, fileId));
}
