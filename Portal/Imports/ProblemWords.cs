using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Imports;
using Portal.Shell;

namespace Portal.Imports;

/// <summary>Says what is wrong with an activity or row in the reader's language.</summary>
public sealed class ProblemWords(IStringLocalizer<ImportWords> words, TableFields fields, Say say)
{
    /// <summary>
    /// What is wrong. What the portal's own fields refuse is said in their words, unless a table is mended otherwise than a form.
    /// </summary>
    public string Text(ImportProblem problem) =>
        words["problem." + problem.Code] is { ResourceNotFound: false } own ? own : say.Refusal(new Refusal(problem.Code));

    /// <summary>What a field is called; as it is where it has no words, such as an element of a file.</summary>
    public string Field(ImportSubject subject, string name) =>
        name.StartsWith("Money.", StringComparison.Ordinal) ? say.Code("money", name[6..])
        : fields.Words(subject, name, say.Language) is { Length: > 0 } words && !words.StartsWith("field.", StringComparison.Ordinal)
            ? words
        : name;

    /// <summary>All of it in one sentence: where, what, and the value at fault.</summary>
    public string Sentence(ImportSubject subject, ImportProblem problem)
    {
        var text = problem.Value is { Length: > 0 } value ? $"{Text(problem)} ({value})" : Text(problem);
        return problem.Where.Length == 0 ? text : say.Labelled(Field(subject, problem.Where), text);
    }
}
