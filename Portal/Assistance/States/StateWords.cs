namespace Portal.Assistance.States;

/// <summary>Marker of the words of a State's picture.</summary>
public sealed class StateWords;
