namespace Portal.Assistance.Programmes;

/// <summary>Marker of the words of programmes.</summary>
public sealed class ProgrammeWords;
