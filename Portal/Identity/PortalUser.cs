using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Identity;

/// <summary>An account: one person, whatever memberships they hold.</summary>
public sealed class PortalUser : IdentityUser<Guid>
{
    /// <summary>Name shown beside what they do.</summary>
    public string Name { get; set; } = "";

    /// <summary>Secret of one-time codes (RFC 6238), encrypted; null where none is set up.</summary>
    public string? TotpSecret { get; set; }

    /// <summary>Time step of the last code taken: each code counts once.</summary>
    public long TotpLastStep { get; set; }

    /// <summary>The language they read the portal in last: that of the mails to them. Null until they sign in.</summary>
    public Language? Language { get; set; }

    /// <summary>The membership chosen last; acted under at the next sign-in.</summary>
    public Guid? LastMembershipId { get; set; }
}

/// <summary>
/// A sign-in on one browser. The cookie holds a random key and nothing else, of which only the hash is kept here; the principal is made
/// anew
/// from these tables at each request. Deleting the row ends the session everywhere, whoever copied the cookie.
/// </summary>
public sealed class Session
{
    /// <summary>Version 7 identifier, also carried as a claim so that a circuit knows which session opened it.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>SHA-256 of the key in the cookie, hexadecimal.</summary>
    public string KeyHash { get; set; } = "";

    /// <summary>The account.</summary>
    public Guid PersonId { get; set; }

    /// <summary>The membership acted under; null until one is chosen, or while a second factor must be set up first.</summary>
    public Guid? MembershipId { get; set; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>UTC; written at most every half minute, kept exactly in memory (<see cref="Sessions"/>).</summary>
    public DateTime LastSeenAt { get; set; }

    /// <summary>UTC; the password or another factor was last checked here.</summary>
    public DateTime CheckedAt { get; set; }

    /// <summary>UTC; the session ends here however busy it is.</summary>
    public DateTime EndsAt { get; set; }

    /// <summary>UTC; an hour after it was last seen, or <see cref="EndsAt"/>. The session is dead from here whatever happens.</summary>
    public DateTime ExpiresAt { get; set; }

    /// <summary>Browser, as it names itself, shortened.</summary>
    public string Device { get; set; } = "";

    /// <summary>Network address it was opened from.</summary>
    public string Address { get; set; } = "";

    /// <summary>The identity provider it was opened by; null for the portal's own sign-in.</summary>
    public string? Provider { get; set; }

    /// <summary>Whether that provider says that it asked for a second factor.</summary>
    public bool HasVouchedFactor { get; set; }
}

/// <summary>
/// What an account is bound to at its organisation's own identity provider: issuer and subject, which OpenID Connect promises never to give
/// to
/// another person. The address is for showing only.
/// </summary>
public sealed class IdentityBinding
{
    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>The account.</summary>
    public Guid PersonId { get; set; }

    /// <summary>Name of the provider in configuration.</summary>
    public string Provider { get; set; } = "";

    /// <summary><c>iss</c>.</summary>
    public string Issuer { get; set; } = "";

    /// <summary><c>sub</c>.</summary>
    public string Subject { get; set; } = "";

    /// <summary>Address the provider gave when it was bound.</summary>
    public string? Email { get; set; }

    /// <summary>UTC.</summary>
    public DateTime BoundAt { get; set; }

    /// <summary>UTC; null until it is used.</summary>
    public DateTime? LastUsedAt { get; set; }
}

/// <summary>An invitation: the only way to an account. Its link is shown once; the database keeps a hash.</summary>
public sealed class Invitation
{
    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>SHA-256 of the token, hexadecimal.</summary>
    public string TokenHash { get; set; } = "";

    /// <summary>Who is invited.</summary>
    public string Email { get; set; } = "";

    /// <summary>To which organisation.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>That organisation, when loaded.</summary>
    public Organisation Organisation { get; set; } = null!;

    /// <summary>In which role.</summary>
    public Role Role { get; set; }

    /// <summary>States assigned, for a legal officer.</summary>
    public List<string> AssignedStates { get; set; } = [];

    /// <summary>The name that who invited knows them by; they may write another.</summary>
    public string? Name { get; set; }

    /// <summary>UTC; the membership begins no sooner. Null is as soon as it is accepted.</summary>
    public DateTime? From { get; set; }

    /// <summary>UTC, exclusive; the membership's end. Null is without end.</summary>
    public DateTime? Until { get; set; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>UTC.</summary>
    public DateTime ExpiresAt { get; set; }

    /// <summary>UTC; an invitation counts once.</summary>
    public DateTime? UsedAt { get; set; }
}

/// <summary>A code that stands in for a lost second factor, once.</summary>
public sealed class RecoveryCode
{
    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>The account.</summary>
    public Guid PersonId { get; set; }

    /// <summary>SHA-256 over the identifier and the code, which has 80 random bits; hexadecimal.</summary>
    public string Hash { get; set; } = "";

    /// <summary>UTC.</summary>
    public DateTime? UsedAt { get; set; }
}

/// <summary>
/// A way to a new password for who reads the account's mail. Its link is mailed; the database keeps a hash. It counts once, within an hour.
/// </summary>
public sealed class PasswordReset
{
    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>SHA-256 of the token, hexadecimal.</summary>
    public string TokenHash { get; set; } = "";

    /// <summary>The account.</summary>
    public Guid PersonId { get; set; }

    /// <summary>UTC.</summary>
    public DateTime ExpiresAt { get; set; }

    /// <summary>UTC.</summary>
    public DateTime? UsedAt { get; set; }
}

/// <summary>Guesses counted against one door: an account from one address, an address, a code.</summary>
public sealed class Attempt
{
    /// <summary>The door, hashed: the log of guesses must not list whom people guessed at.</summary>
    public string Key { get; set; } = "";

    /// <summary>Guesses since the last quiet quarter of an hour.</summary>
    public int Count { get; set; }

    /// <summary>Unix time in milliseconds of the last one.</summary>
    public long LastAt { get; set; }
}

/// <summary>What a mail is about.</summary>
public enum MailKind
{
    /// <summary>A text written when it was put in.</summary>
    Message,

    /// <summary>An invitation; its link opens an account.</summary>
    Invitation,

    /// <summary>A way to a new password; its link opens an account.</summary>
    Reset,

    /// <summary>Notices that their reader wants to be told of at once.</summary>
    Notices,

    /// <summary>A digest of notices.</summary>
    Digest,

    /// <summary>What was done to one's own account.</summary>
    Account,
}

/// <summary>How a mail stands.</summary>
public enum MailState
{
    /// <summary>To be sent.</summary>
    Waiting,

    /// <summary>Taken by the mail server.</summary>
    Sent,

    /// <summary>Refused for good, or too often.</summary>
    GivenUp,

    /// <summary>Not sent, since there was nothing to tell any more.</summary>
    Dropped,
}

/// <summary>A mail to be sent, written in the transaction of the act it tells of.</summary>
public sealed class OutboxMail
{
    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>To whom.</summary>
    public string To { get; set; } = "";

    /// <summary>What it is about.</summary>
    public MailKind Kind { get; set; }

    /// <summary>How it stands.</summary>
    public MailState State { get; set; }

    /// <summary>Subject of a <see cref="MailKind.Message"/>; the others get theirs as they are sent.</summary>
    public string Subject { get; set; } = "";

    /// <summary>
    /// Text of a message, or the link of another kind, encrypted: links that open an account do not lie about in the clear. Emptied when it
    /// is sent.
    /// <see cref="Outbox.Read"/> decrypts.
    /// </summary>
    public string Body { get; set; } = "";

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>Language of a message; for the others of who asked, where the recipient's is not known.</summary>
    public Language Language { get; set; }

    /// <summary>Hash of the token in its link, by which it is found whether the link still counts.</summary>
    public string? About { get; set; }

    /// <summary>For which membership notices are told; null for the other kinds.</summary>
    public Guid? MembershipId { get; set; }

    /// <summary>UTC; notices after it.</summary>
    public DateTime? Since { get; set; }

    /// <summary>UTC; notices up to it.</summary>
    public DateTime? Until { get; set; }

    /// <summary>UTC; it is due from then on.</summary>
    public DateTime NextAt { get; set; }

    /// <summary>Tries so far.</summary>
    public int Attempts { get; set; }

    /// <summary>UTC; until then it is the business of who claimed it.</summary>
    public DateTime? ClaimedUntil { get; set; }

    /// <summary>Who claimed it last.</summary>
    public Guid? ClaimedBy { get; set; }

    /// <summary>What the mail server said against it last.</summary>
    public string? LastError { get; set; }

    /// <summary>UTC; null while it waits.</summary>
    public DateTime? SentAt { get; set; }
}

/// <summary>How accounts lie in tables.</summary>
internal static class IdentityModel
{
    public static void Build(ModelBuilder model)
    {
        model.Entity<PortalUser>(u => u.Property(x => x.Name).HasMaxLength(200));
        model.Entity<Session>(s =>
        {
            s.HasIndex(x => x.KeyHash).IsUnique();
            s.HasIndex(x => x.PersonId);
            s.HasIndex(x => x.ExpiresAt);
            s.Property(x => x.KeyHash).HasMaxLength(64);
            s.Property(x => x.Device).HasMaxLength(200);
            s.Property(x => x.Address).HasMaxLength(60);
            s.Property(x => x.Provider).HasMaxLength(30);
            s.HasOne<PortalUser>().WithMany().HasForeignKey(x => x.PersonId);
        });
        model.Entity<IdentityBinding>(b =>
        {
            b.HasIndex(x => new { x.Issuer, x.Subject }).IsUnique();
            b.HasIndex(x => x.PersonId);
            b.Property(x => x.Provider).HasMaxLength(30);
            b.Property(x => x.Issuer).HasMaxLength(300);
            b.Property(x => x.Subject).HasMaxLength(255);
            b.Property(x => x.Email).HasMaxLength(254);
            b.HasOne<PortalUser>().WithMany().HasForeignKey(x => x.PersonId);
        });
        model.Entity<AccessToken>(t =>
        {
            t.ToTable("AccessTokens");
            t.HasIndex(x => x.KeyHash).IsUnique();
            t.HasIndex(x => x.PersonId);
            t.Property(x => x.Name).HasMaxLength(AccessToken.LongestName);
            t.Property(x => x.KeyHash).HasMaxLength(64);
            t.Property(x => x.Stamp).HasMaxLength(64);
            t.Property(x => x.Ending).HasMaxLength(4);
            t.HasOne<PortalUser>().WithMany().HasForeignKey(x => x.PersonId);
            t.HasOne<Membership>().WithMany().HasForeignKey(x => x.MembershipId);
        });
        model.Entity<Invitation>(i =>
        {
            i.HasIndex(x => x.TokenHash).IsUnique();
            i.Property(x => x.TokenHash).HasMaxLength(64);
            i.Property(x => x.Email).HasMaxLength(254);
            i.Property(x => x.Name).HasMaxLength(200);
            i.Property(x => x.UsedAt).IsConcurrencyToken(); // of two at once, one is late
            i.HasOne(x => x.Organisation).WithMany().HasForeignKey(x => x.OrganisationId);
        });
        model.Entity<RecoveryCode>(r =>
        {
            r.HasIndex(x => x.PersonId);
            r.Property(x => x.Hash).HasMaxLength(64);
            r.HasOne<PortalUser>().WithMany().HasForeignKey(x => x.PersonId);
        });
        model.Entity<PasswordReset>(r =>
        {
            r.HasIndex(x => x.TokenHash).IsUnique();
            r.Property(x => x.TokenHash).HasMaxLength(64);
            r.Property(x => x.UsedAt).IsConcurrencyToken();
            r.HasOne<PortalUser>().WithMany().HasForeignKey(x => x.PersonId);
        });
        model.Entity<Attempt>(a =>
        {
            a.ToTable("Attempts").HasKey(x => x.Key);
            a.HasIndex(x => x.LastAt);
            a.Property(x => x.Key).HasMaxLength(64);
        });
        model.Entity<OutboxMail>(m =>
        {
            m.ToTable("OutboxMails").HasIndex(x => new { x.State, x.NextAt });
            m.HasIndex(x => x.CreatedAt);
            m.Property(x => x.About).HasMaxLength(64);
            m.Property(x => x.LastError).HasMaxLength(300);
            m.Property(x => x.To).HasMaxLength(254);
            m.Property(x => x.Subject).HasMaxLength(200);
        });
    }
}
