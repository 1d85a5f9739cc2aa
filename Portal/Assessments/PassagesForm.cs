using System.ComponentModel.DataAnnotations;
using Portal.Domain.Assessments;
using Portal.Domain.Reference;

namespace Portal.Assessments;

/// <summary>What is typed into a translation of a dossier: the texts that are translated, each with the text that it was made of.</summary>
public sealed class PassagesForm
{
    /// <summary>The texts in which something is typed.</summary>
    public List<PassageRow> Passages { get; set; } = [];

    /// <summary>A text as typed.</summary>
    public sealed class PassageRow
    {
        /// <summary>Names it among the texts of its dossier.</summary>
        [Key]
        public string Key => TranslatedLine.Named(Place, Topic, Number);

        /// <summary>Where it stands.</summary>
        public TextPlace Place { get; set; }

        /// <summary>Topic code; null for what is said of the whole.</summary>
        public string? Topic { get; set; }

        /// <summary>Which of the texts at this place and topic, from 1.</summary>
        public int Number { get; set; }

        /// <summary>What it was made of.</summary>
        public string Source { get; set; } = "";

        /// <summary>The translation.</summary>
        public string Text { get; set; } = "";
    }

    /// <summary>A form that says what is translated.</summary>
    public static PassagesForm Of(IEnumerable<TranslatedLine> lines)
    {
        var form = new PassagesForm();
        foreach (var line in lines)
            if (line.Passage is { } passage)
                form.Put(line, passage.Text, passage.Source);
        return form;
    }

    /// <summary>What is typed at a text of the dossier.</summary>
    public PassageRow? At(TranslatedLine line) => Passages.Find(p => p.Key == line.Key);

    /// <summary>Types at a text of the dossier; nothing takes away what was there.</summary>
    /// <param name="line">The text.</param>
    /// <param name="text">What is typed.</param>
    /// <param name="source">What it is made of.</param>
    public void Put(TranslatedLine line, string? text, string source)
    {
        var row = At(line);
        if (string.IsNullOrWhiteSpace(text))
            Passages.RemoveAll(p => p == row);
        else if (row is not null)
            (row.Text, row.Source) = (text, source);
        else
            Passages.Add(
                new()
                {
                    Place = line.Place,
                    Topic = line.Topic,
                    Number = line.Number,
                    Source = source,
                    Text = text,
                }
            );
    }

    /// <summary>What it says, written on a revision.</summary>
    public DossierTranslation Said(Language language, Guid revision) =>
        DossierTranslation.Into(language) with
        {
            Passages = Passages.ConvertAll(p => new Passage(p.Place, p.Topic, p.Source, p.Text)),
            Revision = revision,
        };
}
