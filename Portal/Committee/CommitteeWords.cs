namespace Portal.Committee;

/// <summary>Marker of the words of the Committee's rooms.</summary>
public sealed class CommitteeWords;
