using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain.Assessments;

/// <summary>What is looked at before a dossier leaves CTED.</summary>
public enum QualityItem
{
    /// <summary>Every finding says on what it rests; found by the portal.</summary>
    Evidence,

    /// <summary>Whatever is implemented partly or not yet has a recommendation; found by the portal.</summary>
    GapsAnswered,

    /// <summary>Every finding says what of human rights is safeguarded or asked for; found by the portal.</summary>
    Safeguards,

    /// <summary>Every thread that must be answered is resolved; found by the portal.</summary>
    NoOpenThread,

    /// <summary>Every translation that was begun is whole, and of the text as it is; found by the portal.</summary>
    Translated,

    /// <summary>The letter goes to its State and speaks of no other; said by the reviewer, beside what the portal finds named.</summary>
    RightState,

    /// <summary>The facts are right; said by the reviewer.</summary>
    Accurate,

    /// <summary>It agrees with itself and with what was said of the State before; said by the reviewer.</summary>
    Consistent,

    /// <summary>It is in line with what the Committee decided; said by the reviewer.</summary>
    InLine,

    /// <summary>It has the form of such documents; said by the reviewer.</summary>
    Form,
}

/// <summary>Who looks at how reviews go.</summary>
public static class QualityReviews
{
    /// <summary>Whether an actor sees what waits for review, and what reviews found: CTED.</summary>
    public static bool CanSee(Actor actor) =>
        actor.Claims.Any(c => c.Section == Section.Assessments && c.Audience == Audience.Cted && c.Level >= Level.View);
}

/// <summary>What the portal finds of a dossier's quality by itself, over the very text that will circulate.</summary>
public static class QualityCheck
{
    /// <summary>What the portal finds.</summary>
    public static readonly IReadOnlyList<QualityItem> Found =
    [
        QualityItem.Evidence,
        QualityItem.GapsAnswered,
        QualityItem.Safeguards,
        QualityItem.NoOpenThread,
        QualityItem.Translated,
    ];

    /// <summary>What the reviewer says.</summary>
    public static readonly IReadOnlyList<QualityItem> Said =
    [
        QualityItem.RightState,
        QualityItem.Accurate,
        QualityItem.Consistent,
        QualityItem.InLine,
        QualityItem.Form,
    ];

    /// <summary>What the portal finds wanting.</summary>
    /// <param name="dossier">The dossier.</param>
    /// <param name="isAnswered">Whether every thread on it is resolved that must be answered.</param>
    public static IReadOnlyList<QualityItem> Wanting(Dossier dossier, bool isAnswered = true) =>
        [.. Found.Where(item => item == QualityItem.NoOpenThread ? !isAnswered : !IsMet(item, dossier))];

    /// <summary>
    /// ISO 3166-1 alpha-3 of the other States that the letter seems to name in one of its languages: a hint, since names are inflected, and
    /// parts of others, such as a gulf's.
    /// </summary>
    public static IReadOnlyList<string> OthersNamed(Dossier dossier) =>
        [
            .. dossier
                .Translated.SelectMany(t => t.Passages.Where(p => p.Place == TextPlace.Letter).Select(p => (p.Text, t.Language)))
                .Prepend((dossier.Says.Letter, dossier.Language))
                .SelectMany(letter => Names(letter.Item1, letter.Item2))
                .Where(s => s != dossier.StateIso3)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private static bool IsMet(QualityItem item, Dossier dossier) =>
        item switch
        {
            QualityItem.Evidence => dossier.Says.Findings.All(f => f.Evidence is not null),
            QualityItem.GapsAnswered => dossier.Says.Findings.All(f =>
                !f.IsGap || dossier.Says.Recommendations.Any(r => r.Topic == f.Topic)
            ),
            QualityItem.Safeguards => dossier.Says.Findings.All(f => f.Safeguards is not null),
            QualityItem.Translated => dossier.Translated.All(t => t.IsWholeOf(dossier.Says)),
            QualityItem.NoOpenThread
            or QualityItem.RightState
            or QualityItem.Accurate
            or QualityItem.Consistent
            or QualityItem.InLine
            or QualityItem.Form => true,
        };

    // The longest names first: who writes of South Sudan does not write of Sudan.
    private static HashSet<string> Names(string text, Language language)
    {
        var named = new HashSet<string>();
        text = text.Replace('\'', '’');
        foreach (var state in MemberStates.All.OrderByDescending(s => s.Name[language].Length))
        {
            var name = state.Name[language];
            for (var at = Find(text, name, 0); at >= 0; at = Find(text, name, at + name.Length))
            {
                named.Add(state.Iso3);
                text = string.Concat(text.AsSpan(0, at), new string(' ', name.Length), text.AsSpan(at + name.Length));
            }
        }
        return named;
    }

    private static int Find(string text, string name, int from)
    {
        for (var at = from; (at = text.IndexOf(name, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += name.Length)
            if (!IsLetter(text, at - 1) && !IsLetter(text, at + name.Length) || IsIdeograph(name[0]))
                return at;
        return -1;
    }

    private static bool IsLetter(string text, int at) => at >= 0 && at < text.Length && char.IsLetter(text[at]);

    // Written without spaces between words.
    private static bool IsIdeograph(char c) => c is >= '\u4e00' and <= '\u9fff';
}
