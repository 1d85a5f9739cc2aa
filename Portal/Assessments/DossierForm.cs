using System.ComponentModel.DataAnnotations;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Shell;

namespace Portal.Assessments;

/// <summary>What is typed into a dossier's form, as typed: its fields, findings and recommendations line by line.</summary>
public sealed class DossierForm : Typed<Dossier.Content>
{
    /// <summary>A form that nothing is typed into.</summary>
    public DossierForm() { }

    private DossierForm(Dossier.Content content)
        : base(content) { }

    /// <summary>Findings.</summary>
    public List<FindingRow> Findings { get; set; } = [];

    /// <summary>Recommendations.</summary>
    public List<RecommendationRow> Recommendations { get; set; } = [];

    /// <summary>A finding as typed.</summary>
    public sealed class FindingRow
    {
        /// <summary>Topic code.</summary>
        [Key]
        public string? Topic { get; set; }

        /// <summary>Rating code.</summary>
        public string? Rating { get; set; }

        /// <summary>What was found.</summary>
        public string? Text { get; set; }

        /// <summary>On what it rests.</summary>
        public string? Evidence { get; set; }

        /// <summary>What is safeguarded.</summary>
        public string? Safeguards { get; set; }
    }

    /// <summary>A recommendation as typed.</summary>
    public sealed class RecommendationRow
    {
        /// <summary>Topic code.</summary>
        public string? Topic { get; set; }

        /// <summary>What is asked.</summary>
        public string? Text { get; set; }

        /// <summary>1 to 3.</summary>
        public int Priority { get; set; } = 2;

        /// <summary>Until when, ISO 8601.</summary>
        public string? DueOn { get; set; }

        /// <summary>Whether help is needed.</summary>
        public bool NeedsAssistance { get; set; }
    }

    /// <summary>A form that says what a dossier says.</summary>
    public static new DossierForm Of(Dossier.Content c) =>
        new(c)
        {
            Findings =
            [
                .. c.Findings.Select(f => new FindingRow
                {
                    Topic = f.Topic,
                    Rating = f.Rating,
                    Text = f.Text,
                    Evidence = f.Evidence,
                    Safeguards = f.Safeguards,
                }),
            ],
            Recommendations =
            [
                .. c.Recommendations.Select(r => new RecommendationRow
                {
                    Topic = r.Topic,
                    Text = r.Text,
                    Priority = r.Priority,
                    DueOn = Typed.Of(r.DueOn),
                    NeedsAssistance = r.NeedsAssistance,
                }),
            ],
        };

    /// <inheritdoc/>
    protected override Dossier.Content WithLines(Dossier.Content content, Typed typed) =>
        content with
        {
            Findings = [.. Findings.Select(f => new Finding(f.Topic ?? "", f.Rating ?? "", f.Text ?? "", f.Evidence, f.Safeguards))],
            Recommendations =
            [
                .. Recommendations.Select(r => new RecommendationLine(
                    r.Topic ?? "",
                    r.Text ?? "",
                    r.Priority,
                    typed.Day(r.DueOn, nameof(Recommendations)),
                    r.NeedsAssistance
                )),
            ],
        };
}

/// <summary>What is typed into the form of a State's answer: a text, and an answer to each finding.</summary>
public sealed class StateAnswerForm : Typed<StateAnswer>
{
    /// <summary>A form that nothing is typed into.</summary>
    public StateAnswerForm() { }

    private StateAnswerForm(StateAnswer answer)
        : base(answer) { }

    /// <summary>Finding by finding.</summary>
    public List<AnswerRow> Answers { get; set; } = [];

    /// <summary>An answer to a finding as typed.</summary>
    public sealed class AnswerRow
    {
        /// <summary>Topic code.</summary>
        [Key]
        public string Topic { get; set; } = "";

        /// <summary>How it is taken; null until that is said.</summary>
        public AnswerPosition? Position { get; set; }

        /// <summary>What is done.</summary>
        public string? Text { get; set; }

        /// <summary>What shows it.</summary>
        public string? Evidence { get; set; }

        /// <summary>When it is done, ISO 8601.</summary>
        public string? DoneOn { get; set; }
    }

    /// <summary>A form that says what an answer says, with a line for each finding.</summary>
    public static StateAnswerForm Of(StateAnswer answer, AssessmentText sent) =>
        new(answer)
        {
            Answers =
            [
                .. sent.Findings.Select(f =>
                    answer.Answers.FirstOrDefault(a => a.Topic == f.Topic) is { } said
                        ? new AnswerRow
                        {
                            Topic = f.Topic,
                            Position = said.Position,
                            Text = said.Text,
                            Evidence = said.Evidence,
                            DoneOn = Typed.Of(said.DoneOn),
                        }
                        : new AnswerRow { Topic = f.Topic }
                ),
            ],
        };

    /// <inheritdoc/>
    protected override StateAnswer WithLines(StateAnswer content, Typed typed)
    {
        var answers = new List<FindingAnswer>();
        foreach (var row in Answers)
        {
            var day = typed.Day(row.DoneOn, nameof(Answers));
            if (row.Position is { } position)
                answers.Add(new FindingAnswer(row.Topic, position, row.Text, row.Evidence, day));
            else if (row.Text is { Length: > 0 } || row.Evidence is { Length: > 0 } || day is not null)
                typed.Note(new Refusal("dossier.position_missing", nameof(Answers)));
        }
        return content with { Answers = answers };
    }
}
