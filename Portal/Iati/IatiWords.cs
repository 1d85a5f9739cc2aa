namespace Portal.Iati;

/// <summary>Marker of the words of publication.</summary>
public sealed class IatiWords;
