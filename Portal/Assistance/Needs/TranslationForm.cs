namespace Portal.Assistance.Needs;

/// <summary>What is typed into a translation of a need.</summary>
public sealed class TranslationForm
{
    /// <summary>Title.</summary>
    public string? Title { get; set; }

    /// <summary>Description.</summary>
    public string? Description { get; set; }
}
