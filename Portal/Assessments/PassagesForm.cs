using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Portal.Domain.Assessments;
using Portal.Domain.Reference;

namespace Portal.Assessments;

/// <summary>
/// What is typed into a translation of a dossier: the texts that are translated, each with the text that it was made of. By that text it
/// finds its place again, whatever is put in or taken out around it while it is typed.
/// </summary>
public sealed class PassagesForm
{
    /// <summary>The texts in which something is typed, by <see cref="PassageRow.Key"/>.</summary>
    public List<PassageRow> Passages { get; set; } = [];

    /// <summary>A text as typed.</summary>
    public sealed class PassageRow
    {
        /// <summary>Names it among the texts of its dossier.</summary>
        [Key]
        [JsonIgnore]
        public string Key => $"{Place}/{Topic}/{DossierTranslation.Plain(Source)}";

        /// <summary>Where it stands.</summary>
        public TextPlace Place { get; set; }

        /// <summary>Topic code; null for what is said of the whole.</summary>
        public string? Topic { get; set; }

        /// <summary>What it was made of.</summary>
        [ScaffoldColumn(false)]
        public string Source { get; set; } = "";

        /// <summary>The translation.</summary>
        public string Text { get; set; } = "";
    }

    /// <summary>A form that says what is translated.</summary>
    public static PassagesForm Of(DossierTranslation translation) => new() { Passages = InOrder(translation.Passages.Select(Row)) };

    /// <summary>Types at a text of the dossier; nothing takes away what was there.</summary>
    /// <param name="line">The text, with what is typed at it so far.</param>
    /// <param name="text">What is typed.</param>
    public void Put(TranslatedLine line, string? text) =>
        // Nothing but blanks is no change, and what was behind stays so.
        Put(
            line.Passage ?? new(line.Place, line.Topic, line.Source, ""),
            text,
            line.Passage is { } before && DossierTranslation.IsSame(before.Text, text ?? "") ? before.Source : line.Source
        );

    /// <summary>Says what a text is a translation of.</summary>
    public void Put(Passage passage, string? text, string source)
    {
        var rows = Passages.FindAll(p => (p.Place, p.Topic, p.Source) == (passage.Place, passage.Topic, passage.Source));
        if ((rows.Find(p => p.Text == passage.Text) ?? rows.FirstOrDefault()) is { } row)
            Passages.Remove(row);
        if (!string.IsNullOrWhiteSpace(text))
            Passages = InOrder(Passages.Append(Row(passage with { Source = source, Text = text })));
    }

    private static PassageRow Row(Passage passage) =>
        new()
        {
            Place = passage.Place,
            Topic = passage.Topic,
            Source = passage.Source,
            Text = passage.Text,
        };

    // In one order, whichever was typed first, so that two forms can be brought together.
    private static List<PassageRow> InOrder(IEnumerable<PassageRow> rows) => [.. rows.OrderBy(r => r.Key, StringComparer.Ordinal)];

    /// <summary>What it says, written on a revision.</summary>
    public DossierTranslation Said(Language language, Guid revision) =>
        DossierTranslation.Into(language) with
        {
            Passages = Passages.ConvertAll(p => new Passage(p.Place, p.Topic, p.Source, p.Text)),
            Revision = revision,
        };
}
