using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain.Assessments;

/// <summary>What an assessment finds on a topic; one for each.</summary>
/// <param name="Topic">Code of a topic of a paragraph (<see cref="Topics"/>).</param>
/// <param name="Rating">Code of the scale (<see cref="Ratings"/>).</param>
/// <param name="Text">What was found, in the dossier's language, Markdown.</param>
/// <param name="Evidence">On what it rests: the State's report, a visit, a law.</param>
/// <param name="Safeguards">What of human rights is safeguarded in it, or asked for.</param>
public sealed record Finding(string Topic, string Rating, string Text, string? Evidence = null, string? Safeguards = null) : ILine<Finding>
{
    /// <summary>Longest text, in characters.</summary>
    public const int Longest = 20_000;

    /// <summary>Longest evidence, and longest text on safeguards, in characters.</summary>
    public const int LongestNote = 4000;

    /// <summary>Says nothing.</summary>
    public Finding()
        : this("", "", "") { }

    /// <summary>Whether it says that something is missing.</summary>
    public bool IsGap => Rating is "PARTLY" or "NOT_YET";

    /// <inheritdoc/>
    public Finding Kept(string field)
    {
        Refusal.Unless(Topics.IsKnown(Topic), "dossier.topic_unknown", field);
        Refusal.Unless(Ratings.IsKnown(Rating), "dossier.rating_unknown", field);
        return this with
        {
            Text = Portal.Domain.Text.Required(Text, Longest, field),
            Evidence = Portal.Domain.Text.Optional(Evidence, LongestNote, field),
            Safeguards = Portal.Domain.Text.Optional(Safeguards, LongestNote, field),
        };
    }
}

/// <summary>What a State is asked to do about a finding.</summary>
/// <param name="Topic">The finding's topic.</param>
/// <param name="Text">What is asked, in the dossier's language, Markdown.</param>
/// <param name="Priority">1 is first, 3 last.</param>
/// <param name="DueOn">Until when; null where no day is named.</param>
/// <param name="NeedsAssistance">Whether help of others is likely to be needed for it.</param>
public sealed record RecommendationLine(string Topic, string Text, int Priority = 2, DateOnly? DueOn = null, bool NeedsAssistance = false)
    : ILine<RecommendationLine>
{
    /// <summary>Longest text, in characters.</summary>
    public const int Longest = 4000;

    /// <summary>Says nothing.</summary>
    public RecommendationLine()
        : this("", "") { }

    /// <inheritdoc/>
    public RecommendationLine Kept(string field)
    {
        Refusal.Unless(Topics.IsKnown(Topic), "dossier.topic_unknown", field);
        Refusal.Unless(Priority is >= 1 and <= 3, "field.unknown_code", field);
        Portal.Domain.Text.Day(DueOn, field);
        return this with { Text = Portal.Domain.Text.Required(Text, Longest, field) };
    }
}

/// <summary>How a State takes a finding.</summary>
public enum AnswerPosition
{
    /// <summary>It agrees.</summary>
    Accepted,

    /// <summary>It agrees in part.</summary>
    AcceptedInPart,

    /// <summary>It takes note.</summary>
    Noted,
}

/// <summary>What a State answers to a finding.</summary>
/// <param name="Topic">The finding's topic.</param>
/// <param name="Position">How it takes it.</param>
/// <param name="Text">What it did, does or will do.</param>
/// <param name="Evidence">What shows it.</param>
/// <param name="DoneOn">When it was done, or will be.</param>
public sealed record FindingAnswer(
    string Topic,
    AnswerPosition Position,
    string? Text = null,
    string? Evidence = null,
    DateOnly? DoneOn = null
) : ILine<FindingAnswer>
{
    /// <summary>Says nothing: the first position is one, and is not meant.</summary>
    public FindingAnswer()
        : this("", (AnswerPosition)(-1)) { }

    /// <inheritdoc/>
    public FindingAnswer Kept(string field)
    {
        Refusal.Unless(Topics.IsKnown(Topic), "dossier.topic_unknown", field);
        Refusal.Unless(Enum.IsDefined(Position), "dossier.position_missing", field);
        Portal.Domain.Text.Day(DoneOn, field);
        return this with
        {
            Text = Portal.Domain.Text.Optional(Text, 8000, field),
            Evidence = Portal.Domain.Text.Optional(Evidence, 4000, field),
        };
    }
}
