namespace Portal.Access;

/// <summary>The handing over of a place as it is being typed.</summary>
public sealed class TransferForm
{
    /// <summary>The successor's address.</summary>
    public string? Email { get; set; }

    /// <summary>Why.</summary>
    public string? Reason { get; set; }
}
