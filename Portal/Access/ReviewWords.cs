namespace Portal.Access;

/// <summary>Marker of the words of reviews.</summary>
public sealed class ReviewWords;
