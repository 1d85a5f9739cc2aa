namespace Portal.Assistance.FollowUps;

/// <summary>Marker of the words of follow-up.</summary>
public sealed class FollowUpWords;
