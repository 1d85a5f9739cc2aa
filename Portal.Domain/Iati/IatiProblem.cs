namespace Portal.Domain.Iati;

/// <summary>Something wrong with an activity, or noted of it.</summary>
/// <param name="Code">Stable code; its words are in the reader's language.</param>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Where">Element or attribute, as a path.</param>
/// <param name="Value">The value at fault, cut short; null where there is none.</param>
/// <param name="Refuses">Whether the activity is not taken because of it.</param>
public sealed record IatiProblem(string Code, int Line, string Where, string? Value, bool Refuses);

/// <summary>The file cannot be read as activities of IATI 2.</summary>
/// <param name="code">Stable code.</param>
/// <param name="line">Line, from 1; 0 where there is none.</param>
/// <param name="detail">What was found instead, cut short.</param>
public sealed class IatiUnreadable(string code, int line, string? detail = null) : Exception($"{code} at line {line}: {detail}")
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;
    /// <summary>Line, from 1; 0 where there is none.</summary>
    public int Line { get; } = line;
    /// <summary>What was found instead.</summary>
    public string? Detail { get; } = detail is { Length: > 200 } ? detail[..200] : detail;
}

/// <summary>The line an element begins on.</summary>
public sealed record IatiLine(int Number)
{
    /// <summary>The line of an element that was read from a file; 0 for others.</summary>
    public static int Of(System.Xml.Linq.XObject? node) => node switch
    {
        System.Xml.Linq.XElement element => element.Annotation<IatiLine>()?.Number ?? 0,
        { Parent: { } parent } => Of(parent),
        _ => 0,
    };
}
