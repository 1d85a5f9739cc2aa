namespace Portal.Assistance;

/// <summary>Marker of the words of follow-up.</summary>
public sealed class FollowUpWords;
