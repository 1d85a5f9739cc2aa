namespace Portal.Assistance;

/// <summary>Marker of the words of programmes.</summary>
public sealed class ProgrammeWords;
