using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Directory;

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
    /// <summary>The membership chosen last; acted under at the next sign-in.</summary>
    public Guid? LastMembershipId { get; set; }
}

/// <summary>A sign-in on one browser. The cookie names it and holds nothing else; ending it here ends it everywhere.</summary>
public sealed class Session
{
    /// <summary>Version 7 identifier, also carried as a claim so that a circuit knows which session opened it.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();
    /// <summary>SHA-256 of the key in the cookie, hexadecimal.</summary>
    public string KeyHash { get; set; } = "";
    /// <summary>The account.</summary>
    public Guid PersonId { get; set; }
    /// <summary>The membership acted under; null until one is chosen.</summary>
    public Guid? MembershipId { get; set; }
    /// <summary>The ticket, encrypted.</summary>
    public byte[] Ticket { get; set; } = [];
    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; set; }
    /// <summary>UTC; moved at most once a minute.</summary>
    public DateTime LastSeenAt { get; set; }
    /// <summary>UTC; the session is dead from here whatever happens.</summary>
    public DateTime ExpiresAt { get; set; }
    /// <summary>Browser, as it names itself, shortened.</summary>
    public string Device { get; set; } = "";
    /// <summary>Network address it was opened from.</summary>
    public string Address { get; set; } = "";
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
    /// <summary>Salted hash.</summary>
    public string Hash { get; set; } = "";
    /// <summary>UTC.</summary>
    public DateTime? UsedAt { get; set; }
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
            s.HasOne<PortalUser>().WithMany().HasForeignKey(x => x.PersonId);
        });
        model.Entity<Invitation>(i =>
        {
            i.HasIndex(x => x.TokenHash).IsUnique();
            i.Property(x => x.TokenHash).HasMaxLength(64);
            i.Property(x => x.Email).HasMaxLength(254);
            i.HasOne(x => x.Organisation).WithMany().HasForeignKey(x => x.OrganisationId);
        });
        model.Entity<RecoveryCode>(r =>
        {
            r.HasIndex(x => x.PersonId);
            r.HasOne<PortalUser>().WithMany().HasForeignKey(x => x.PersonId);
        });
    }
}
