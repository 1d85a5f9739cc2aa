using System.Text.RegularExpressions;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain.Assessments;

/// <summary>Where a text of a dossier stands.</summary>
public enum TextPlace
{
    /// <summary>The note to the bodies.</summary>
    CoverNote,

    /// <summary>The letter to the State.</summary>
    Letter,

    /// <summary>What is said of the whole.</summary>
    Narrative,

    /// <summary>What was found on a topic.</summary>
    Finding,

    /// <summary>On what a finding rests.</summary>
    Evidence,

    /// <summary>What a finding says of safeguards.</summary>
    Safeguards,

    /// <summary>What is asked about a finding.</summary>
    Recommendation,
}

/// <summary>A text of a dossier in another language.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Topic">The topic of its finding or recommendation; null for what is said of the whole.</param>
/// <param name="Source">What stood there, in the dossier's language, when it was translated.</param>
/// <param name="Text">The translation.</param>
public sealed record Passage(TextPlace Place, string? Topic, string Source, string Text);

/// <summary>A text of a dossier beside its translation.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Topic">The topic of its finding or recommendation; null for what is said of the whole.</param>
/// <param name="Number">Which of the texts at this place and topic, from 1.</param>
/// <param name="Source">What stands there now, in the dossier's language.</param>
/// <param name="Passage">The translation; null where there is none.</param>
public sealed record TranslatedLine(TextPlace Place, string? Topic, int Number, string Source, Passage? Passage)
{
    /// <summary>Names it among the texts of its dossier.</summary>
    public string Key => Named(Place, Topic, Number);

    internal static string Named(TextPlace place, string? topic, int number) => $"{place}/{topic}/{number}";

    /// <summary>Most characters of it, in every language.</summary>
    public int Most => MostAt(Place);

    internal static int MostAt(TextPlace place) =>
        place switch
        {
            TextPlace.CoverNote => Dossier.Content.Fields[nameof(Dossier.Content.CoverNote)].Most!.Value,
            TextPlace.Letter => Dossier.Content.Fields[nameof(Dossier.Content.Letter)].Most!.Value,
            TextPlace.Narrative => Dossier.Content.Fields[nameof(Dossier.Content.Narrative)].Most!.Value,
            TextPlace.Finding => Finding.Longest,
            TextPlace.Evidence or TextPlace.Safeguards => Finding.LongestNote,
            TextPlace.Recommendation => RecommendationLine.Longest,
        };

    /// <summary>Whether there is a translation, and the text was changed since it was made.</summary>
    public bool IsOutdated => Passage is { } p && !DossierTranslation.IsSame(p.Source, Source);

    /// <summary>Whether there is a translation of what stands there now.</summary>
    public bool IsCurrent => Passage is { } p && DossierTranslation.IsSame(p.Source, Source);
}

/// <summary>A dossier in another language, as far as it is translated. The dossier's own language is the authoritative one.</summary>
/// <remarks>What is missing, and what the dossier has left behind, is found by comparing and never noted down.</remarks>
/// <param name="Language">The other language.</param>
/// <param name="Passages">What is translated.</param>
/// <param name="Revision">Renewed with each change; empty where nothing is translated yet.</param>
/// <param name="ByName">Who last wrote in it; their name, as it was.</param>
/// <param name="At">UTC; when.</param>
public sealed partial record DossierTranslation(
    Language Language,
    IReadOnlyList<Passage> Passages,
    Guid Revision,
    string ByName,
    DateTime At
)
{
    /// <summary>A translation in which nothing is said yet.</summary>
    public static DossierTranslation Into(Language language) => new(language, [], Guid.Empty, "", default);

    /// <summary>Whether two texts say the same: a blank more ages no translation, a paragraph more does.</summary>
    public static bool IsSame(string a, string b) => a == b || Plain(a) == Plain(b);

    /// <summary>
    /// Each text of a dossier with its translation. Of several recommendations on one topic each keeps the one that was made of it,
    /// wherever it stands now; one whose text was changed has what no other claims.
    /// </summary>
    public IReadOnlyList<TranslatedLine> LinesOf(Dossier.Content content) => Paired(content).Lines;

    /// <summary>
    /// <see cref="LinesOf"/>, and the translations of what the dossier does not say any more: kept, for it may say it again.
    /// </summary>
    public (IReadOnlyList<TranslatedLine> Lines, IReadOnlyList<Passage> Left) Paired(Dossier.Content content)
    {
        var left = Passages.ToList();
        var exact = left.ToLookup(p => (p.Place, p.Topic, Plain(p.Source)));
        var lines = Texts(content)
            .Select(t => t with { Passage = Take(exact[(t.Place, t.Topic, Plain(t.Source))].FirstOrDefault(left.Contains)) })
            .ToList()
            .ConvertAll(t => t.Passage is null ? t with { Passage = Take(left.Find(p => p.Place == t.Place && p.Topic == t.Topic)) } : t);
        return (lines, left);

        Passage? Take(Passage? found)
        {
            if (found is not null)
                left.Remove(found);
            return found;
        }
    }

    /// <summary>Whether all that a dossier says is translated, and nothing was changed since.</summary>
    public bool IsWholeOf(Dossier.Content content) => LinesOf(content).All(l => l.IsCurrent);

    /// <summary>What a dossier says, in this language; a text that is not translated stays as it is.</summary>
    public Dossier.Content TextOf(Dossier.Content content)
    {
        var said = LinesOf(content).ToDictionary(l => l.Key, l => l.Passage?.Text ?? l.Source);
        var asked = new Dictionary<string, int>();
        return content with
        {
            Language = Language,
            CoverNote = Of(TextPlace.CoverNote, null, content.CoverNote),
            Letter = Of(TextPlace.Letter, null, content.Letter)!,
            Narrative = Of(TextPlace.Narrative, null, content.Narrative)!,
            Findings =
            [
                .. content.Findings.Select(f =>
                    f with
                    {
                        Text = Of(TextPlace.Finding, f.Topic, f.Text)!,
                        Evidence = Of(TextPlace.Evidence, f.Topic, f.Evidence),
                        Safeguards = Of(TextPlace.Safeguards, f.Topic, f.Safeguards),
                    }
                ),
            ],
            Recommendations =
            [
                .. content.Recommendations.Select(r =>
                    r with
                    {
                        Text = Of(TextPlace.Recommendation, r.Topic, r.Text, asked[r.Topic] = asked.GetValueOrDefault(r.Topic) + 1)!,
                    }
                ),
            ],
        };

        string? Of(TextPlace place, string? topic, string? text, int number = 1) =>
            said.GetValueOrDefault(TranslatedLine.Named(place, topic, number), text!);
    }

    /// <summary>What is kept of it: the texts in which something is said.</summary>
    /// <exception cref="Refusal">A text is too long, or holds what no text may.</exception>
    internal IReadOnlyList<Passage> Kept(Dossier.Content content)
    {
        var (lines, left) = Paired(content);
        var kept = new List<Passage>();
        Refusal.IfAny(lines.Where(l => l.Passage is not null).Select<TranslatedLine, Action>(l => () => Keep(l.Passage!, l.Most, l.Key)));
        Refusal.IfAny(left.Take(MostLeft).Select<Passage, Action>(p => () => Keep(p, TranslatedLine.MostAt(p.Place), "")));
        return kept;

        void Keep(Passage passage, int most, string field)
        {
            if (Text.Optional(passage.Text, most, field) is { } text)
                kept.Add(passage with { Text = text });
        }
    }

    private const int MostLeft = 300;

    // In the order in which they are read.
    private static IEnumerable<TranslatedLine> Texts(Dossier.Content content)
    {
        IEnumerable<(TextPlace Place, string? Topic, string? Text)> all =
        [
            (TextPlace.CoverNote, null, content.CoverNote),
            (TextPlace.Letter, null, content.Letter),
            (TextPlace.Narrative, null, content.Narrative),
            .. from f in content.Findings
            from text in (IEnumerable<(TextPlace, string?, string?)>)
                [
                    (TextPlace.Finding, f.Topic, f.Text),
                    (TextPlace.Evidence, f.Topic, f.Evidence),
                    (TextPlace.Safeguards, f.Topic, f.Safeguards),
                    .. content.Recommendations.Where(r => r.Topic == f.Topic).Select(r => (TextPlace.Recommendation, r.Topic, r.Text)),
                ]
            select text,
        ];
        var numbers = new Dictionary<(TextPlace, string?), int>();
        foreach (var (place, topic, text) in all)
            if (!string.IsNullOrEmpty(text))
                yield return new(
                    place,
                    topic,
                    numbers[(place, topic)] = numbers.GetValueOrDefault((place, topic)) + 1,
                    text,
                    Passage: null
                );
    }

    /// <summary>A text as it is compared.</summary>
    public static string Plain(string text) =>
        Blanks().Replace(text.ReplaceLineEndings("\n"), m => m.Value.Contains('\n', StringComparison.Ordinal) ? "\n" : " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
