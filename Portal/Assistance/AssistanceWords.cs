namespace Portal.Assistance;

/// <summary>Marker of the words of the assistance room.</summary>
public sealed class AssistanceWords;
