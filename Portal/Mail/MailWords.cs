namespace Portal.Mail;

/// <summary>Marker of the words of mail and of the outbox.</summary>
public sealed class MailWords;
