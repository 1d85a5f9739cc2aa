using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Identity;
using Portal.Tests.Identity;

namespace Portal.Tests.House;

/// <summary>
/// Permissions, exports and factors ask again for the password or a passkey once ten minutes have passed: all that there are, found in the
/// portal itself, so that a new one cannot forget it.
/// </summary>
public sealed class RecentCheckTests
{
    private static readonly Assembly Product = typeof(PortalDb).Assembly;
    private static readonly TimeSpan TooLong = Sessions.CheckHolds + TimeSpan.FromSeconds(1);

    /// <summary>
    /// Acts of services that ask again, which need not: they read, or give nobody anything. Each new one is listed with its reason.
    /// </summary>
    private static readonly string[] Harmless =
    [
        "GrantService.List",
        "GrantService.Export",
        "GrantService.PreviewOf",
        "GrantService.PreviewOfApproving",
        "GrantService.PreviewOfRevoking",
        "PeopleService.List",
        "PeopleService.Export",
        "PeopleService.Read",
        "PeopleService.WouldOnlyInvite", // says what handing over would leave
        "PeopleInvitations.Waiting",
        "PeopleImport.Plan", // says what would be done
        "BodyService.Read",
        "OrganisationService.List",
        "OrganisationService.Read",
        "OrganisationService.Find",
        "OrganisationService.Choose",
        "RequestService.List",
        "RequestService.Mine",
        "RequestService.ReasonOf",
        "RequestService.Ask",
        "RequestService.Withdraw", // one's own request, for somebody else to answer
        "ReviewService.List",
        "ReviewService.Read",
        "ReviewService.PreviewOf",
        "ReviewService.Rhythms",
        "ReviewService.Export", // its address asks, as every export's
        "AccessTokens.Of",
        "AccessTokens.List",
        "AccessTokens.Revoke", // takes away what somebody else may have
        "AccountService.Read",
        "AccountService.Overview",
        "AccountService.Choices",
        "AccountService.Confirm",
        "AccountService.ChangePassword", // ask for the password themselves
        "AccountService.EndSession",
        "AccountService.EndOthers",
        "AccountService.EndAll", // whoever is at a stolen session's mercy must be quick
        "AccountService.ActAs",
        "Passkeys.Ask",
        "Passkeys.AskAgain",
        "Passkeys.Offer",
        "Passkeys.Of", // questions; nothing is changed until they are answered
        "IdentityService.Of",
        "Passkeys.SignIn",
        "Passkeys.Confirm", // are the check
        "ViewAsService.Masked", // reads numbers
    ];

    private static readonly Type[] Services =
    [
        .. Product.GetTypes().Where(t => t.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(RecentCheck)))),
        typeof(AccountService),
        typeof(Passkeys),
        typeof(IdentityService),
        typeof(AccessTokens),
    ];

    private static IEnumerable<(Type Service, MethodInfo Act)> Acts =>
        from service in Services
        from act in service.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where act.ReturnType.IsAssignableTo(typeof(Task)) && act.GetParameters().All(p => p.ParameterType != typeof(PortalDb)) // those are part of another act
        select (service, act);

    [Theory, OnSqlite, Trait("Pace", "Slow")]
    public async Task Every_act_on_permissions_and_factors_is_refused_when_the_last_check_is_too_old(Database database)
    {
        await using var site = await Site.Start(database);
        var (manager, found) = (await site.Db.As(Cast.Malik), new List<string>());
        using var scope = site.Scope();
        var standing = await StandingOf(site, manager);
        scope.ServiceProvider.GetRequiredService<Visitor>().Take(SessionAuthentication.PrincipalOf(standing));
        site.Db.Clock.Advance(TooLong);
        var acts = Acts.ToList();
        Assert.True(acts.Count > 30);
        foreach (var (service, act) in acts.Where(a => !Harmless.Contains(NameOf(a))))
            if (
                await AnswerOf(() =>
                    (Task)
                        act.Invoke(
                            scope.ServiceProvider.GetService(service),
                            [.. act.GetParameters().Select(p => Some(p.ParameterType, standing))]
                        )!
                )
                is not "account.check_again"
                    and var answer
            )
                found.Add($"{service.Name}.{act.Name}: {answer}");
        Sources.None(found, "Acts that do not ask again first; demand RecentCheck, or list what is harmless:");
        Sources.None(Harmless.Except(acts.Select(NameOf)), "Listed as harmless and there no more:");
    }

    private static string NameOf((Type Service, MethodInfo Act) a) => $"{a.Service.Name}.{a.Act.Name}";

    private static async Task<Standing> StandingOf(Site site, TestScope scope) =>
        (await site.Get<Sessions>().Of(scope.Get<Visitor>().SessionId!.Value))!;

    private static async Task<string> AnswerOf(Func<Task> act)
    {
        try
        {
            await act();
            return "was done";
        }
        catch (Refusal refusal)
        {
            return refusal.Code;
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }

    // Something of a type, to call with; who asks again does so before looking at it.
    private static object? Some(Type type, Standing standing) =>
        type == typeof(Standing) ? standing
        : type == typeof(string) ? "A reason."
        : type == typeof(HttpContext) ? new DefaultHttpContext()
        : Nullable.GetUnderlyingType(type) is not null ? null
        : type.IsValueType ? Activator.CreateInstance(type)
        : type.IsGenericType && type.IsInterface
            ? Array.CreateInstance(type.GetGenericArguments()[0], type.GetGenericArguments()[0].IsValueType ? 1 : 0)
        : type.IsAssignableTo(typeof(Delegate)) ? null
        : RuntimeHelpers.GetUninitializedObject(type);

    /// <summary>Where grants, memberships and invitations are made, other than by services that ask again.</summary>
    private static readonly string[] Makers =
    [
        "Portal/Identity/InvitationService.cs", // makes what a service asked for, and the place that an invited person accepts
        "Portal/Commands/InviteCommand.cs", // the operator's
        "Portal/Commands/IatiCommands.cs", // the operator's, for one command
        "Portal/Access/AccessMatrix.cs", // imagines somebody of a role, and keeps nothing
    ];

    [Fact]
    public void Whoever_makes_or_takes_permissions_asks_again() =>
        Sources.None(
            Sources
                .Of(".cs") // a page has a service do it
                .Where(f =>
                    !f.Path.StartsWith("Portal/Data/", StringComparison.Ordinal)
                    && !f.Path.StartsWith("Portal.Domain/", StringComparison.Ordinal)
                    && !Makers.Contains(f.Path)
                )
                .Where(f =>
                    Regex.IsMatch(
                        Sources.Code(f.Text),
                        @"\b(Grants|Memberships|Invitations)\.(Add|Remove)|\bGrant\.To\(|\bMembership\.Of\("
                    ) && !f.Text.Contains("RecentCheck", StringComparison.Ordinal)
                )
                .Select(f => f.Path),
            "Files that change permissions and ask for no check:"
        );

    /// <summary>Exports of what everyone may read.</summary>
    private static readonly string[] Public = ["/programmes/iati/export", "/programmes/iati/organisation/export"];

    [Theory, OnSqlite, Trait("Pace", "Slow")]
    public async Task Every_export_asks_again_when_the_last_check_is_too_old(Database database)
    {
        await using var site = await Site.Start(database);
        var exports = site.Get<IEnumerable<EndpointDataSource>>()
            .SelectMany(s => s.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/'))
            .Where(p => p.Contains("export", StringComparison.OrdinalIgnoreCase))
            .Except(Public)
            .ToList();
        Assert.True(exports.Count >= 4, "The exports were not found.");
        var browsers = new List<Identity.Browser>();
        foreach (
            var player in new[]
            {
                Cast.Malik,
                Cast.All.First(p => p.Role == Role.AssistanceOfficer),
                Cast.All.First(p => p.Role == Role.Auditor),
                Cast.All.First(p => p.Role == Role.ExecutiveDirector),
                Cast.Ingrid,
            }
        )
        {
            await site.Change(player, p => site.Get<Passwords>().Set(p, Site.Password));
            browsers.Add(site.Browser());
            await browsers[^1].SignIn(player.Email, Site.Password);
        }
        var (before, after) = (await Answers(), new Dictionary<string, List<int>>());
        Sources.None(
            before.Where(a => !a.Value.Contains(200) && !a.Key.Contains('{')).Select(a => a.Key),
            "Exports that none of these people was given, so that nothing is proved; add who may:"
        );
        site.Db.Clock.Advance(TooLong);
        after = await Answers();
        // Of a record that does not exist nothing is given, but its export asks before it looks.
        Sources.None(
            after
                .Where(a => a.Value.Contains(200) || a.Value.Count(s => s == 302) < Math.Max(1, before[a.Key].Count(s => s == 200)))
                .Select(a => a.Key),
            "Exports that do not ask again:"
        );

        async Task<Dictionary<string, List<int>>> Answers()
        {
            var answers = new Dictionary<string, List<int>>();
            foreach (var path in exports)
            {
                answers[path] = [];
                foreach (var browser in browsers)
                {
                    var page = await browser.Get(
                        path.Replace("{id:guid}", Guid.NewGuid().ToString(), StringComparison.Ordinal) + "?format=csv"
                    );
                    answers[path]
                        .Add(
                            page.Status == 302 && !page.Location!.StartsWith("/account/confirm", StringComparison.Ordinal)
                                ? 403
                                : page.Status
                        );
                }
            }
            return answers;
        }
    }

    [Theory, OnSqlite, Trait("Pace", "Slow")]
    public async Task Every_page_of_a_factor_asks_again_when_the_last_check_is_too_old(Database database)
    {
        await using var site = await Site.Start(database);
        var browser = await site.SignedIn();
        var pages = Product
            .GetTypes()
            .SelectMany(t => t.GetCustomAttributes<RouteAttribute>(false))
            .Select(r => r.Template)
            .Where(t => t.StartsWith("/account/security/", StringComparison.Ordinal))
            .ToList();
        Assert.True(pages.Count >= 3);
        site.Db.Clock.Advance(TooLong);
        // The password page asks for it in its own form; that of a provider, where there is one, through IdentityService.
        foreach (var path in pages.Where(p => p != "/account/security/password" && !p.Contains('{')))
            Assert.Equal("/account/confirm?returnUrl=" + Uri.EscapeDataString(path), (await browser.Get(path)).Location);
        var wrong = await browser.Submit(
            "/account/security/password",
            "password",
            ("Password", "not the password"),
            ("NewPassword", "another river, another stone")
        );
        Assert.Equal(200, wrong.Status);
        foreach (var act in new[] { "renew", "off" })
            Assert.StartsWith("/account/confirm", (await browser.Submit("/account/security", "codes", ("Do", act))).Location);
    }
}
