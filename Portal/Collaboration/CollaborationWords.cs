namespace Portal.Collaboration;

/// <summary>Marker of the words of the collaboration room.</summary>
public sealed class CollaborationWords;
