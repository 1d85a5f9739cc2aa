using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>Says what a field of a form holds, for two versions of it to be told apart.</summary>
public sealed class FieldWords(Say say, IStringLocalizer<CollaborationWords> words)
{
    /// <summary>A value in words.</summary>
    /// <param name="field">Name of the field: it says which codes a text or a list holds.</param>
    /// <param name="value">The value, as the form has it.</param>
    public string Of(string field, object? value) =>
        value switch
        {
            null or "" => "–",
            string text => Coded(field, text),
            IEnumerable<string> codes => Or(say.List(codes.Select(c => Coded(field, c)).Order(StringComparer.CurrentCulture))),
            IEnumerable<RegionalGroup> regions => Or(say.List(regions.Select(say.Region))),
            IEnumerable<Language> languages => Or(say.List(languages.Select(l => l.Autonym()))),
            IEnumerable lines => Or(string.Join('\n', lines.Cast<object>().Select(Line))),
            Language language => language.Autonym(),
            Urgency => say.Code("urgency", value),
            NeedOrigin => say.Code("origin", value),
            ParticipantRole => say.Code("participant", value),
            MoneyKind => say.Code("money", value),
            ResultKind => say.Code("result", value),
            TextPlace => say.Code("place", value),
            AnswerPosition => say.Code("position", value),
            bool yes => words[yes ? "merge.yes" : "merge.no"],
            _ => Convert.ToString(value, CultureInfo.CurrentCulture) ?? "",
        };

    // A line of a list of lines: what is typed in it, from its first field to its last. The amount as it was published is shown rounded.
    private string Line(object line) =>
        string.Join(
            " · ",
            line.GetType()
                .GetProperties()
                .Where(p => p.CanWrite && p.PropertyType != typeof(decimal?) && !p.IsDefined(typeof(ScaffoldColumnAttribute), false))
                .Select(p => (p.Name, Value: p.GetValue(line)))
                .Where(p => p.Value is not (null or ""))
                .Select(p => Of(p.Name, p.Value))
        );

    private string Coded(string field, string text) =>
        field switch
        {
            "Theme" or "Themes" => say.Theme(text),
            "Topic" => say.Topic(text),
            "Rating" => say.Rating(text),
            "Modalities" => say.Modality(text),
            "Sectors" => say.Sector(text),
            "Paragraphs" => say.Paragraph(text),
            "States" => say.State(text),
            _ => text,
        };

    private static string Or(string text) => text.Length == 0 ? "–" : text;
}
