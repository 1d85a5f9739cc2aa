using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Domain.Reference;

namespace Portal.Domain.Assessments;

/// <summary>
/// What a dossier said when it left the desk of its officer, part by part, and for good: the same characters are reviewed, circulated,
/// adopted, sent and answered. A change is another edition.
/// </summary>
public sealed class Edition
{
    // Written alike whenever and wherever it is written, so that two prints are equal where two texts are.
    private static readonly JsonSerializerOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Edition() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The dossier.</summary>
    public Guid DossierId { get; private set; }

    /// <summary>From 1.</summary>
    public int Number { get; private set; }

    /// <summary>Bit of the part it holds: cover note, letter or assessment.</summary>
    public int Part { get; private set; }

    /// <summary>Language of its texts.</summary>
    public Language Language { get; private set; }

    /// <summary>What the part said, JSON.</summary>
    public string Json { get; private set; } = "";

    /// <summary>SHA-256 of <see cref="Json"/>, hexadecimal.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>Whether it is the one that the State was sent. Until one is, the State has none.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Whether what it holds is still what was frozen.</summary>
    public bool IsWhole => Print(Json) == Fingerprint;

    /// <summary>What the part said.</summary>
    public T Read<T>() => JsonSerializer.Deserialize<T>(Json, Canonical)!;

    internal static Edition Of<T>(Guid dossierId, int number, DossierParts part, Language language, T said, DateTime at)
    {
        var json = JsonSerializer.Serialize(said, Canonical);
        return new Edition
        {
            DossierId = dossierId,
            Number = number,
            Part = (int)part,
            Language = language,
            Json = json,
            Fingerprint = Print(json),
            At = at,
        };
    }

    internal void Send() => IsSent = true;

    private static string Print(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
}

/// <summary>The assessment of an edition.</summary>
/// <param name="Narrative">What is said of the whole, Markdown.</param>
/// <param name="Findings">What was found, topic by topic.</param>
/// <param name="Recommendations">What the State is asked to do.</param>
public sealed record AssessmentText(string Narrative, IReadOnlyList<Finding> Findings, IReadOnlyList<RecommendationLine> Recommendations);
