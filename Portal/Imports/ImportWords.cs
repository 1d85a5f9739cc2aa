namespace Portal.Imports;

/// <summary>Marker of the words of publication.</summary>
public sealed class ImportWords;
