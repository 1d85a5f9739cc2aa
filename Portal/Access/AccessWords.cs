namespace Portal.Access;

/// <summary>Marker of the words of the access room.</summary>
public sealed class AccessWords;
