namespace Portal.Identity;

/// <summary>Marker of the words of the account pages and mails.</summary>
public sealed class IdentityWords;
