using Portal.Assessments;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Committee;
using Portal.Domain.Reference;
using Portal.Exports;

namespace Portal.Api;

/// <summary>A dossier in a list. A part that is not the reader's is null.</summary>
public sealed record DossierItem(
    string Reference,
    string Title,
    Language Language,
    string State,
    int Year,
    DossierStage Status,
    Body? Subcommittee,
    DateTime? ClosesAt,
    DateTime? SentAt,
    DateOnly? AnswerBy,
    IReadOnlyList<string> Parts
)
{
    internal static DossierItem Of(DossierRow r) =>
        new(
            r.Reference,
            r.Title,
            r.Language,
            r.StateIso3,
            r.Year,
            r.Stage,
            r.Subcommittee,
            r.ClosesAt,
            r.SentAt,
            r.AnswerBy,
            Names(r.Parts)
        );

    /// <summary>The parts in a set, by name.</summary>
    internal static IReadOnlyList<string> Names(DossierParts parts) =>
        [.. Enum.GetValues<DossierParts>().Where(p => int.PopCount((int)p) == 1 && parts.Has(p)).Select(p => p.ToString())];
}

/// <summary>
/// A part of an edition in the language that the request accepts, or in the authoritative one where it has no other, with the SHA-256 of
/// what it holds; its number is of the deliberation.
/// </summary>
public sealed record EditionRecord<T>(int? Number, DateTime At, string Fingerprint, Language Language, T Text)
{
    internal static EditionRecord<T>? Of(EditionView<T>? e) => e is null ? null : new(e.Number, e.At, e.Fingerprint, e.Language, e.Text);
}

/// <summary>A step that a delegation took.</summary>
public sealed record CirculationStepRecord(string Delegation, StepAct Act, DateTime At, string? Reason);

/// <summary>A circulation: what is before a body for a number of working days, at the end of which silence decides.</summary>
/// <param name="Body">Before which body.</param>
/// <param name="Round">Which time it is before that body.</param>
/// <param name="Edition">Number of the edition.</param>
/// <param name="OpenedOn">Day at Headquarters.</param>
/// <param name="Days">Working days.</param>
/// <param name="Status">How it stands now.</param>
/// <param name="ClosesAt">When silence decides, if nothing more is done; null once it has ended.</param>
/// <param name="EndedAt">When it ended, by silence or otherwise; null while it is open.</param>
/// <param name="IsHeld">Whether a hold is in force.</param>
/// <param name="Meeting">The meeting in which the body decides; null where silence does.</param>
/// <param name="Steps">What delegations did, the oldest first.</param>
public sealed record CirculationRecord(
    Body Body,
    int Round,
    int Edition,
    DateOnly OpenedOn,
    int Days,
    CirculationStatus Status,
    DateTime? ClosesAt,
    DateTime? EndedAt,
    bool IsHeld,
    string? Meeting,
    IReadOnlyList<CirculationStepRecord> Steps
)
{
    internal static CirculationRecord Of(CirculationView c) =>
        new(
            c.Body,
            c.Round,
            c.Edition,
            c.OpenedOn,
            c.Days,
            c.Status,
            c.Status == CirculationStatus.Open ? c.ClosesAt : null,
            c.EndedAt,
            c.IsHeld,
            c.Meeting,
            [.. c.Steps.Select(s => new CirculationStepRecord(s.Delegation[Shell.Culture.Current], s.Act, s.At, s.Reason))]
        );
}

/// <summary>What a State may share of an assessment.</summary>
public enum AssessmentPart
{
    /// <summary>The letter.</summary>
    Letter,

    /// <summary>Findings and recommendations.</summary>
    Assessment,

    /// <summary>The State's answer, once it was submitted.</summary>
    Response,
}

/// <summary>An audience with which the State shares an assessment, and what it sees.</summary>
public sealed record DossierConsentRecord(string Audience, string? Organisation, IReadOnlyList<string> Parts, DateTime GivenAt);

/// <summary>What an audience is to see of an assessment.</summary>
public sealed record DossierConsentInput(IReadOnlyList<AssessmentPart>? Parts);

/// <summary>A dossier as the reader sees it.</summary>
public sealed record DossierRecord : IVersioned
{
    /// <summary>What the list says of it.</summary>
    public required DossierItem Dossier { get; init; }

    /// <summary>For <c>If-Match</c>; null for readers who may not edit.</summary>
    public string? Version { get; init; }

    /// <summary>What is being written; part Writing.</summary>
    public Dossier.Content? Draft { get; init; }

    /// <summary>The languages in which the reader has the edition, the authoritative one first.</summary>
    public required IReadOnlyList<Language> Languages { get; init; }

    /// <summary>Cover note; part Cover.</summary>
    public EditionRecord<string>? CoverNote { get; init; }

    /// <summary>Letter; part Letter.</summary>
    public EditionRecord<string>? Letter { get; init; }

    /// <summary>Assessment; part Assessment.</summary>
    public EditionRecord<AssessmentText>? Assessment { get; init; }

    /// <summary>Circulations, the newest first; part Deliberation.</summary>
    public IReadOnlyList<CirculationRecord>? Circulations { get; init; }

    /// <summary>The State's answer; part Response.</summary>
    public StateAnswer? Answer { get; init; }

    /// <summary>The State's answer as it is being written; part ResponseDraft.</summary>
    public StateAnswer? AnswerDraft { get; init; }

    /// <summary>With whom the State shares it; part TalkState.</summary>
    public IReadOnlyList<DossierConsentRecord>? Consents { get; init; }

    /// <summary>What the reader may do.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    internal static DossierRecord Of(DossierView v) =>
        new()
        {
            Dossier = DossierItem.Of(v.Row),
            Version = v.Acts.Any ? v.Version.ToString() : null,
            Draft = v.Draft,
            Languages = v.Languages,
            CoverNote = EditionRecord<string>.Of(v.Cover),
            Letter = EditionRecord<string>.Of(v.Letter),
            Assessment = EditionRecord<AssessmentText>.Of(v.Assessment),
            Circulations = v.Circulations is null ? null : [.. v.Circulations.Select(CirculationRecord.Of)],
            Answer = v.Answer,
            AnswerDraft = v.AnswerDraft,
            Consents = v.Shared is null
                ? null
                :
                [
                    .. v.Shared.Select(c => new DossierConsentRecord(
                        c.Audience,
                        c.Organisation?[Shell.Culture.Current],
                        DossierItem.Names(c.Parts),
                        c.GivenAt
                    )),
                ],
            Actions = Inputs.Allowed(
                ("edit", v.Acts.Edit),
                ("review", v.Acts.Edit),
                ("quality", v.Acts.Review),
                ("circulate", v.Acts.Submit),
                ("step", v.Acts.Step),
                ("recall", v.Acts.Recall),
                ("extend", v.Acts.Extend),
                ("take-up", v.Acts.TakeUp),
                ("decide", v.Acts.Decide),
                ("send", v.Acts.Send),
                ("answer", v.Acts.DraftAnswer),
                ("submit-answer", v.Acts.Answer),
                ("acknowledge", v.Acts.Acknowledge),
                ("close", v.Acts.Close),
                ("abandon", v.Acts.Abandon),
                ("consent", v.Acts.Share)
            ),
        };
}

/// <summary>What a reviewer says is met, and a note.</summary>
public sealed record ReviewInput(bool? Passes, IReadOnlyList<QualityItem>? Met, string? Note);

/// <summary>For how many working days.</summary>
public sealed record CirculateInput(int? Days);

/// <summary>In which meeting: its number and day.</summary>
public sealed record TakeUpInput(string? Meeting);

/// <summary>Whether the body agreed; where not, why.</summary>
public sealed record DecideInput(bool? Agreed, [property: Called(nameof(CirculationStep.Reason))] string? Why);

/// <summary>A step of the delegation acted for, and why; on which edition, where it is refused on any other.</summary>
public sealed record StepInput(StepAct? Act, string? Reason, int? Edition = null);

/// <summary>A State's answer, finding by finding; submitted where that is said.</summary>
public sealed record DossierAnswerInput(Language? Language, string? Text, IReadOnlyList<FindingAnswer?>? Answers, bool Submit)
{
    /// <exception cref="Refusal">The answers are missing: what is kept would be lost.</exception>
    internal StateAnswer Said =>
        new()
        {
            Language = Language ?? Shell.Culture.Current,
            Text = Text,
            Answers = [.. (Answers ?? throw new Refusal("field.required", nameof(Answers))).Select(a => a ?? new FindingAnswer())],
        };
}

/// <summary>Dossiers.</summary>
internal static class DossierApi
{
    public static void MapDossiers(this RouteGroupBuilder api)
    {
        var dossiers = api.MapRecords<DossierService, DossierRecord>(
                Dossier.Card,
                "Preliminary implementation assessments on their way to their States, as far as they are the reader's.",
                async (dossiers, reference, ct) => DossierRecord.Of(await dossiers.Get(reference, ct: ct))
            )
            .Read(DossierList.List, DossierItem.Of, "One dossier, in the edition and with the parts that are the reader's.")
            .Draft<Dossier.Content>((s, said) => s.Draft(said), "Begins a dossier of a State.")
            .Edit<Dossier.Content>(
                async (s, r) => Refusal.Unless((await s.Get(r)).Acts.Edit, "dossier.not_yours_to_edit"),
                (s, r) => s.Content(r),
                (s, r, version, said) => s.Edit(r, version, said),
                "Replaces what is being written, if it is still at the version in If-Match."
            )
            .Verb("review", "reviewDossier", "Freezes an edition and hands it to a reviewer.", (s, r) => s.SendToReview(r))
            .Verb<ReviewInput>(
                "quality",
                "answerReview",
                "The reviewer lets it go on, or gives it back with a note.",
                (s, r, said) =>
                    said.Passes ?? throw new Refusal("field.required", nameof(said.Passes))
                        ? s.PassReview(r, said.Met ?? [], said.Note)
                        : s.ReturnReview(r, said.Met ?? [], said.Note)
            )
            .Verb<CirculateInput>(
                "circulate",
                "circulateDossier",
                "Puts it before the body that comes next, for a number of working days.",
                (s, r, said) => s.Put(r, said.Days ?? Circulation.UsualDays)
            )
            .Verb<StepInput>(
                "steps",
                "takeStep",
                "The delegation acted for holds, lifts its hold, objects, has nothing against it, or remarks.",
                (s, r, said) => s.Step(r, said.Act ?? throw new Refusal("field.required", nameof(said.Act)), said.Reason, said.Edition)
            )
            .Verb<CirculateInput>(
                "extend",
                "extendCirculation",
                "Gives the body that has it more working days.",
                (s, r, said) => s.Extend(r, said.Days ?? throw new Refusal("field.required", nameof(said.Days)))
            )
            .Verb<TakeUpInput>(
                "take-up",
                "takeUpDossier",
                "The body takes it up in a meeting; silence decides nothing any more.",
                (s, r, said) => s.TakeUp(r, said.Meeting)
            )
            .Verb<DecideInput>(
                "decide",
                "decideDossier",
                "What the body decided in the meeting: it agreed, or gave it back and says why.",
                (s, r, said) =>
                {
                    var agreed = said.Agreed ?? throw new Refusal("field.required", nameof(said.Agreed));
                    // What goes with it would be lost.
                    Refusal.If(agreed && !string.IsNullOrWhiteSpace(said.Why), "circulation.agreed_without_reason", nameof(said.Why));
                    return s.Decide(r, agreed ? null : said.Why ?? "");
                }
            )
            .Verb<ReasonInput>("recall", "recallDossier", "Takes it back from the body that has it.", (s, r, said) => s.Recall(r, said.Why))
            .Verb("send", "sendDossier", "Sends what the Committee adopted to its State.", (s, r) => s.Send(r))
            .Verb("acknowledge", "acknowledgeDossier", "The State says that it has the letter.", (s, r) => s.Acknowledge(r))
            .VerbOn<DossierAnswerInput>(
                "answer",
                "answerDossier",
                "Keeps the State's answer, if the dossier is still at the version in If-Match, and submits it where that is said.",
                (s, r, version, said) => s.SaveAnswer(r, version, said.Said, said.Submit)
            )
            .Verb("close", "closeDossier", "Notes the State's answer; nothing more is awaited in this cycle.", (s, r) => s.Close(r))
            .Verb<ReasonInput>("abandon", "abandonDossier", "Gives it up before it was circulated.", (s, r, said) => s.Abandon(r, said.Why))
            .Threads()
            .Routes;
        dossiers
            .MapGet("/calendar", (AssessmentCalendar calendar, CancellationToken ct) => calendar.All(ct))
            .Says("getAssessmentsCalendar", "Closings, answers and recommendations that are due, as a calendar file.")
            .Produces<string>(200, "text/calendar");
        dossiers
            .MapPut("/{reference}/consents/{audience}", Share)
            .Verb("shareAssessment", "Shows an audience the State's own assessment, or changes the parts it sees.", 400, 413, 415)
            .Produces<DossierRecord>();
        dossiers
            .MapDelete(
                "/{reference}/consents/{audience}",
                (string reference, string audience, string? why, DossierService s) =>
                    Inputs.After(s.Unshare(reference, new Audience(audience), why), () => One(s, reference))
            )
            .Verb("unshareAssessment", "Shows it to an audience no longer.", 422)
            .Produces<DossierRecord>();
    }

    private static async Task<DossierRecord> One(DossierService dossiers, string reference) =>
        DossierRecord.Of(await dossiers.Get(reference));

    private static Task<DossierRecord> Share(string reference, string audience, Body<DossierConsentInput> body, DossierService dossiers)
    {
        var parts = (body.Value.Parts ?? []).Aggregate(DossierParts.None, (set, part) => set | Enum.Parse<DossierParts>(part.ToString()));
        return Inputs.After(dossiers.Share(reference, new Audience(audience), parts), () => One(dossiers, reference));
    }
}
