namespace Portal.Papers;

/// <summary>Marker of the words around long texts: their toolbar, footnotes, differences.</summary>
public sealed class PaperWords;
