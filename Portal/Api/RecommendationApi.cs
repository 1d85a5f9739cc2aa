using Portal.Assessments;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Reference;

namespace Portal.Api;

/// <summary>A recommendation in a list.</summary>
public sealed record RecommendationItem(
    string Reference,
    string Title,
    Language Language,
    string State,
    string Dossier,
    string Topic,
    int Priority,
    bool NeedsAssistance,
    DateOnly? DueOn,
    DateOnly? FirstDueOn,
    RecommendationStage Status,
    DateTime UpdatedAt
)
{
    internal static RecommendationItem Of(RecommendationRow r) =>
        new(
            r.Reference,
            r.Title,
            r.Language,
            r.StateIso3,
            r.DossierReference,
            r.Topic,
            r.Priority,
            r.NeedsAssistance,
            r.DueOn,
            r.FirstDueOn,
            r.Stage,
            r.UpdatedAt
        );
}

/// <summary>A recommendation as the reader sees it.</summary>
public sealed record RecommendationRecord : IVersioned
{
    /// <summary>What the list says of it.</summary>
    public required RecommendationItem Recommendation { get; init; }

    /// <summary>For <c>If-Match</c>; null for readers who may not report.</summary>
    public string? Version { get; init; }

    /// <summary>What is asked, Markdown, in the language that the request accepts, or in the authoritative one.</summary>
    public required string Asks { get; init; }

    /// <summary>Language of what is asked.</summary>
    public required Language AsksLanguage { get; init; }

    /// <summary>What was said of it, the newest first.</summary>
    public required IReadOnlyList<ProgressEntry> Progress { get; init; }

    /// <summary>The State's next report, as it is being written; part Report.</summary>
    public Recommendation.Content? Draft { get; init; }

    /// <summary>What shows it.</summary>
    public required IReadOnlyList<NeedFile> Files { get; init; }

    /// <summary>References of the needs that the State made of it, of those that the reader sees whole.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>What the reader may do.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    internal static RecommendationRecord Of(RecommendationView v) =>
        new()
        {
            Recommendation = RecommendationItem.Of(v.Row),
            Version = v.Acts.Edit ? v.Version.ToString() : null,
            Asks = v.Asks.Text,
            AsksLanguage = v.Asks.Language,
            Progress = v.Progress,
            Draft = v.Draft,
            Files = [.. v.Files.Select(NeedFile.Of)],
            Needs = [.. v.Needs.Select(n => n.Reference)],
            Actions = Inputs.Allowed(
                ("edit", v.Acts.Edit),
                ("report", v.Acts.Report),
                ("verify", v.Acts.Verify),
                ("due", v.Acts.MoveDue),
                ("drop", v.Acts.Drop)
            ),
        };
}

/// <summary>What CTED found, in its words.</summary>
public sealed record VerifyInput(RecommendationStage? Found, string? Text);

/// <summary>Until when it is asked, and why the day moves.</summary>
public sealed record DueInput(DateOnly? DueOn, string? Why);

/// <summary>Recommendations.</summary>
internal static class RecommendationApi
{
    public static void MapRecommendations(this RouteGroupBuilder api) =>
        api.MapRecords<RecommendationService, RecommendationRecord>(
                Recommendation.Card,
                "What States are asked to do, what they report, and what CTED finds of it.",
                async (recommendations, reference, ct) => RecommendationRecord.Of(await recommendations.Get(reference, ct))
            )
            .Read(RecommendationList.List, RecommendationItem.Of, "One recommendation.")
            .Edit<Recommendation.Content>(
                async (s, r) => Refusal.Unless((await s.Get(r)).Acts.Edit, "recommendation.not_yours_to_report"),
                async (s, r) => await s.Content(r) is var (content, _, version) ? (content, version) : default,
                (s, r, version, said) => s.Edit(r, version, said),
                "Replaces the State's next report, if it is still at the version in If-Match."
            )
            .VerbOn<Recommendation.Content>(
                "report",
                "reportRecommendation",
                "Submits the State's report as it is sent, if the recommendation is still at the version in If-Match.",
                async (s, r, version, said) =>
                {
                    Refusal.Unless((await s.Get(r)).Acts.Report, "recommendation.not_yours_to_report");
                    await s.Edit(r, version, said, submit: true);
                }
            )
            .Verb<VerifyInput>(
                "verify",
                "verifyRecommendation",
                "CTED says what it found: Verified, PartlyImplemented, or Underway where it is not shown yet.",
                (s, r, said) => s.Verify(r, said.Found ?? throw new Refusal("field.required", nameof(said.Found)), said.Text)
            )
            .Verb<DueInput>(
                "due",
                "moveRecommendationDue",
                "Moves the day until which it is asked.",
                (s, r, said) => s.MoveDue(r, said.DueOn, said.Why)
            )
            .Verb<ReasonInput>("drop", "dropRecommendation", "Nobody pursues it any more.", (s, r, said) => s.Drop(r, said.Why))
            .Files(
                async (s, r, ct) => Refusal.Unless((await s.Get(r, ct)).Acts.Edit, "recommendation.not_yours_to_report"),
                (s, r, name, content) => s.AddFile(r, name, content),
                (s, r, id) => s.RemoveFile(r, id)
            )
            .Threads();
}
