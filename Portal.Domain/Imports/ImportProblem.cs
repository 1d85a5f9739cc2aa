namespace Portal.Domain.Imports;

/// <summary>Something wrong with an activity or row, or noted of it.</summary>
/// <param name="Code">Stable code; its words are in the reader's language.</param>
/// <param name="Line">Line or row in the file, from 1.</param>
/// <param name="Where">Element or attribute, as a path; in a table the field.</param>
/// <param name="Value">The value at fault, cut short; null where there is none.</param>
/// <param name="Refuses">Whether the activity or row is not taken because of it.</param>
/// <param name="Before">What stands in the record now, where the value would replace it; of a conflict, what was sent before.</param>
/// <param name="Here">Of a conflict, what stands in the record, where it was changed since.</param>
public sealed record ImportProblem(
    string Code,
    int Line,
    string Where,
    string? Value,
    bool Refuses,
    string? Before = null,
    string? Here = null
)
{
    /// <summary>
    /// A text of a file as it may be kept and shown: cut short, and without characters that no database takes or that turn what is read
    /// around.
    /// </summary>
    public static string? Shown(string? text)
    {
        if (text is null)
            return null;
        var cut = text.Length > 200 ? text[..199] + "…" : text;
        return string.Concat(
            cut.Select(
                (c, i) =>
                    (char.IsControl(c) && c is not '\n')
                    || c is (>= '\u202A' and <= '\u202E') or '\uFFFE' or '\uFFFF'
                    || (char.IsHighSurrogate(c) && (i + 1 == cut.Length || !char.IsLowSurrogate(cut[i + 1])))
                    || (char.IsLowSurrogate(c) && (i == 0 || !char.IsHighSurrogate(cut[i - 1])))
                        ? '\uFFFD'
                        : c
            )
        );
    }
}

/// <summary>The file cannot be read: as activities of IATI 2, or as a table.</summary>
/// <param name="code">Stable code.</param>
/// <param name="line">Line, from 1; 0 where there is none.</param>
/// <param name="detail">What was found instead, cut short.</param>
public sealed class ImportUnreadable(string code, int line, string? detail = null) : Exception($"{code} at line {line}: {detail}")
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;

    /// <summary>Line, from 1; 0 where there is none.</summary>
    public int Line { get; } = line;

    /// <summary>What was found instead.</summary>
    public string? Detail { get; } = detail is { Length: > 200 } ? detail[..200] : detail;
}

/// <summary>Why an activity may be of interest to counter-terrorism assistance.</summary>
[Flags]
public enum ImportRelevance
{
    /// <summary>Nothing says so.</summary>
    None = 0,

    /// <summary>One of its sectors is of those that such assistance is published under.</summary>
    Sector = 1,

    /// <summary>It is tagged with a theme of the portal.</summary>
    Theme = 2,

    /// <summary>Its title or description speaks of terrorism.</summary>
    Words = 4,
}
