namespace Portal.Collaboration;

/// <summary>What is typed in a box of a discussion and not sent yet.</summary>
public sealed class ThreadForm
{
    /// <summary>Code of the part that is written in; null for the first of those to choose from.</summary>
    public string? Part { get; set; }

    /// <summary>What the thread is about.</summary>
    public string? Title { get; set; }

    /// <summary>Words of the record's text that it is about.</summary>
    public string? Anchor { get; set; }

    /// <summary>What is said.</summary>
    public string? Text { get; set; }

    /// <summary>Whether the record is to wait until the thread is resolved.</summary>
    public bool MustBeAnswered { get; set; }

    /// <summary>Keys of the audiences that are to be told.</summary>
    public List<string> Tells { get; set; } = [];

    /// <summary>Under which name a box is kept.</summary>
    /// <param name="reference">Reference of the record.</param>
    /// <param name="box">The box on its page.</param>
    public static string Name(string reference, string box) => $"thread/{reference}/{box}";
}
