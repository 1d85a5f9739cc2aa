namespace Portal.Assistance.Needs;

/// <summary>What is typed into a translation of a need.</summary>
public sealed class TranslationForm
{
    /// <summary>Title.</summary>
    public string? Title { get; set; }

    /// <summary>Description.</summary>
    public string? Description { get; set; }

    /// <summary>The original's title that it is made of.</summary>
    public string? OriginalTitle { get; set; }

    /// <summary>The original's description that it is made of.</summary>
    public string? OriginalDescription { get; set; }
}
