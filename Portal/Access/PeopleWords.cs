namespace Portal.Access;

/// <summary>Marker of the words of people and organisations.</summary>
public sealed class PeopleWords;
