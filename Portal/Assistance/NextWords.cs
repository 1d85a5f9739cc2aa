namespace Portal.Assistance;

/// <summary>Marker of the words of the next step of a record: what the reader can do, who is awaited, by when.</summary>
public sealed class NextWords;
