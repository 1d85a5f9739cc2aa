using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Tests.Nodes;

/// <summary>
/// How somebody's access ends: what is done before they open their screen, what is done then, and what is left of their session.
/// </summary>
public sealed record Revocation(string Name, Func<Nodes, Visit, Visit, Task> Act, bool SessionEnds, string? Refused)
{
    /// <summary>What the clock ends, it ends so long after the act.</summary>
    public TimeSpan Due { get; init; }

    /// <summary>Done by another's hand before the screen is opened, such as the grant that will be taken back.</summary>
    public Func<Nodes, Visit, Visit, Task> Before { get; init; } = (_, _, _) => Task.CompletedTask;

    private const string SignIn = "/account/sign-in",
        ActingAs = "/account/acting-as";
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>Every kind there is. In each: the nodes, who manages, whose access ends.</summary>
    public static readonly IReadOnlyList<Revocation> Kinds =
    [
        new("membership ended", (n, by, of) => People(n, by, p => p.End(of.MembershipId, null, "Left the mission.")), false, ActingAs),
        new("membership suspended", (n, by, of) => People(n, by, p => p.Suspend(of.MembershipId, null, "On leave.")), false, ActingAs),
        new(
            "membership's end reached",
            async (n, by, of) =>
            {
                await People(n, by, p => p.EndAt(of.MembershipId, null, n.Now + Moment));
                await n.Pass(2 * Moment);
            },
            false,
            ActingAs
        )
        {
            Due = Moment,
        },
        new(
            "grant revoked",
            async (n, by, of) =>
            {
                await using var db = await n.AsSystem();
                var grant = await db.Grants.Where(g => g.PersonId == of.PersonId).Select(g => g.Id).SingleAsync();
                await Grants(n, by, g => g.Revoke(grant, "No longer needed."));
            },
            false,
            null
        )
        {
            Before = (n, by, of) => Grants(n, by, g => g.Give(Principal.Person(of.PersonId), Terms(n, Section.Guide, deny: false))),
        },
        new(
            "grant's end reached",
            async (n, by, of) =>
            {
                await using var db = await n.AsSystem();
                var grant = await db.Grants.Where(g => g.PersonId == of.PersonId).Select(g => g.Id).SingleAsync();
                await Grants(n, by, g => g.EndAt(grant, n.Now + Moment));
                await n.Pass(2 * Moment);
            },
            false,
            null
        )
        {
            Due = Moment,
            Before = (n, by, of) => Grants(n, by, g => g.Give(Principal.Person(of.PersonId), Terms(n, Section.Guide, deny: false))),
        },
        new(
            "deny given",
            (n, by, of) => Grants(n, by, g => g.Give(Principal.Person(of.PersonId), Terms(n, Section.Needs, deny: true))),
            false,
            null
        ),
        new("account locked", (n, by, of) => People(n, by, p => p.SuspendAccount(of.PersonId, "Telephone lost.")), true, SignIn),
        new(
            "account locked by hand",
            async (n, _, of) =>
            {
                await Hand(n, async db => (await db.Users.SingleAsync(u => u.Id == of.PersonId)).LockoutEnd = DateTimeOffset.MaxValue);
            },
            true,
            SignIn
        ),
        new("account deleted", (n, by, of) => People(n, by, p => p.DeleteAccount(of.PersonId, "Has left the service.")), true, SignIn),
        new(
            "account deleted by hand",
            async (n, _, of) =>
            {
                await Hand(n, async db => db.Remove(await db.Users.SingleAsync(u => u.Id == of.PersonId)));
            },
            true,
            SignIn
        ),
        new("sessions ended by a manager", (n, by, of) => People(n, by, p => p.EndSessions(of.PersonId)), true, SignIn),
        new(
            "session ended from account security",
            async (n, _, of) =>
            {
                var other = await n.Again(of.PersonId, of.MembershipId, of.Name);
                Assert.Equal(
                    302,
                    (await n.Browser(other, 0).Submit("/account/security", "sessions", ("End", of.SessionId.ToString()))).Status
                );
            },
            true,
            SignIn
        ),
        new(
            "all sessions ended",
            async (n, _, of) =>
            {
                var other = await n.Again(of.PersonId, of.MembershipId, of.Name);
                Assert.Equal(302, (await n.Browser(other, 1).Submit("/account/security", "sessions", ("End", "all"))).Status);
            },
            true,
            SignIn
        ),
        new(
            "password changed",
            async (n, _, of) =>
            {
                var here = n.Browser(of, 0);
                Assert.Equal(
                    "/account/security?done=password",
                    Path(
                        await here.Submit(
                            "/account/security/password",
                            "password",
                            ("Password", Nodes.Password),
                            ("NewPassword", "another river, another stone")
                        )
                    )
                );
                Assert.Equal(200, (await here.Get("/account/security")).Status);
            },
            true,
            SignIn
        ),
        new(
            "signed out in another tab",
            async (n, _, of) => Assert.Equal(302, (await n.Browser(of, 1).Submit("/account/sign-out", "sign-out")).Status),
            true,
            SignIn
        ),
        new(
            "session's end reached",
            async (n, _, of) =>
            {
                await Hand(n, async db => (await db.Sessions.SingleAsync(s => s.Id == of.SessionId)).EndsAt = n.Now + Moment);
                await n.Pass(2 * Moment);
            },
            true,
            SignIn
        )
        {
            Due = Moment,
        },
        new(
            "acting for another",
            async (n, _, of) =>
            {
                await using var db = await n.AsSystem();
                var second = await db
                    .Memberships.Where(m => m.PersonId == of.PersonId && m.Id != of.MembershipId)
                    .Select(m => m.Id)
                    .SingleAsync();
                Assert.Equal(
                    302,
                    (await n.Browser(of, 0).Submit("/account/acting-as", "acting", ("Membership", second.ToString()))).Status
                );
            },
            false,
            null
        )
        {
            Before = (n, _, of) =>
                Hand(
                    n,
                    async db =>
                        db.Add(
                            Membership.Of(
                                of.PersonId,
                                await db.Organisations.OrderBy(o => o.Code).FirstAsync(o => o.Kind == OrganisationKind.Partner),
                                Role.Partner,
                                n.Now.AddDays(-1)
                            )
                        )
                ),
        },
    ];

    private static string? Path(Identity.Page page) =>
        page.Response.Headers.Location is { } to
            ? to.IsAbsoluteUri
                ? to.PathAndQuery
                : to.ToString()
            : null;

    private static Grant.Terms Terms(Nodes nodes, Section section, bool deny) =>
        new(section, deny ? Level.None : Level.View, deny, [], null, false, nodes.Now, null, "A case of the tests.");

    private static Task People(Nodes nodes, Visit by, Func<PeopleService, Task> act) =>
        nodes.As(by, s => act(s.GetRequiredService<PeopleService>()));

    private static Task Grants(Nodes nodes, Visit by, Func<GrantService, Task> act) =>
        nodes.As(by, s => act(s.GetRequiredService<GrantService>()));

    // At the database itself: nobody is told, and the screens find out all the same.
    private static async Task Hand(Nodes nodes, Func<PortalDb, Task> change)
    {
        await using (var db = await nodes.AsSystem())
        {
            await change(db);
            await db.SaveChangesAsync();
        }
        if (!Nodes.IsCluster)
            await nodes.Pass(TimeSpan.FromMilliseconds(500));
    }
}
