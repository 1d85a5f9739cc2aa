namespace Portal.Public;

/// <summary>Marker of the words of the public pages.</summary>
public sealed class PublicWords;
