namespace Portal.Domain.Iati;

/// <summary>The line an element begins on.</summary>
public sealed record IatiLine(int Number)
{
    /// <summary>The line of an element that was read from a file; 0 for others.</summary>
    public static int Of(System.Xml.Linq.XObject? node) =>
        node switch
        {
            System.Xml.Linq.XElement element => element.Annotation<IatiLine>()?.Number ?? 0,
            { Parent: { } parent } => Of(parent),
            _ => 0,
        };
}
