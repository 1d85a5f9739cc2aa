using System.Globalization;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Identity;
using Portal.Mail;

namespace Portal.Commands;

/// <summary>Tells an operator what is set up and what is not.</summary>
public static class ConfigCommand
{
    /// <summary><c>config check</c>.</summary>
    public static readonly Command Check = new(
        "config check",
        "[--records N|all]",
        "Checks the configuration and the database and says what was found, line by line: ok, look (works, but read it) or wrong.\n"
            + "Compares who sees each record, as stored, with what the rules say: of each kind the newest 10,000 records unless --records says otherwise.\n"
            + "Changes nothing. Exits with 1 where something is wrong.",
        Run
    );

    private static async Task Run(CommandContext context)
    {
        var records = context.Arguments.Option("records") switch
        {
            null => 10_000,
            "all" => int.MaxValue,
            var text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                ? n
                : throw new NotUnderstood("--records takes a whole number or all."),
        };
        context.Arguments.Done();
        var findings = new Findings(context);
        Settings(context, findings);
        await Identity(context, findings);
        await Mail(context, findings);
        await using var db = await context.Service<PortalStore>().OpenAsSystem("config check");
        await Database(context, db, findings, records);
        if (findings.Wrong > 0)
            throw new CommandFailed($"wrong: {findings.Wrong}.");
    }

    private sealed class Findings(CommandContext context)
    {
        public int Wrong { get; private set; }

        public void Ok(string what) => context.Say("ok     " + what);

        public void Look(string what) => context.Say("look   " + what);

        public void Bad(string what)
        {
            Wrong++;
            context.Say("wrong  " + what);
        }

        public void Unless(bool good, string ok, string bad)
        {
            if (good)
                Ok(ok);
            else
                Bad(bad);
        }
    }

    private static void Settings(CommandContext context, Findings found)
    {
        var (settings, development) = (context.App.Configuration, context.App.Environment.IsDevelopment());
        found.Ok($"Environment: {context.App.Environment.EnvironmentName}.");

        if (Environment.Version < PortalVersion.Runtime)
            found.Look(
                $"Runtime: .NET {Environment.Version} is older than {PortalVersion.Runtime}, which this portal was built for; what was mended since then is missing. Install the newest ASP.NET Core {PortalVersion.Runtime.Major} runtime."
            );
        else
            found.Ok($"Runtime: .NET {Environment.Version}.");

        var address = settings["Portal:BaseUrl"];
        var isAddress = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";
        if (string.IsNullOrEmpty(address) && development)
            found.Look("Portal:BaseUrl is not set; links in mails need it. Outside Development it is required.");
        else
            found.Unless(
                isAddress && (development || uri!.Scheme == "https"),
                $"Portal:BaseUrl: {address}",
                string.IsNullOrEmpty(address)
                    ? "Portal:BaseUrl is not set; it is required outside Development."
                    : $"Portal:BaseUrl is \"{address}\"; outside Development it must begin with https://."
            );

        if (settings.GetValue("Portal:DemoData", false))
            found.Unless(
                development,
                "Portal:DemoData is on: an empty database is filled with demonstration data.",
                "Portal:DemoData is on; it is for Development only."
            );

        var certificate = settings["DataProtection:CertificatePath"];
        if (!string.IsNullOrEmpty(certificate))
            found.Unless(
                File.Exists(certificate),
                "DataProtection:CertificatePath: the file is there.",
                "DataProtection:CertificatePath names a file that is not there; sign-ins cannot be read."
            );
        else
            found.Look(
                "DataProtection:CertificatePath is not set: the keys of sign-ins lie in the database unencrypted, and in its backups."
            );

        var pdf = context.Service<Exports.PdfMaker>();
        var browser = settings["Pdf:Browser"];
        if (pdf.Browser is { } program)
            found.Ok($"PDF files are made with {program}.");
        else if (browser is not (null or "" or "none"))
            found.Bad($"Pdf:Browser names {browser}, which is not there.");
        else
            found.Look(
                browser is null
                    ? "No browser was found that makes PDF files: PDF is not offered, and people print with their own. Install chromium, or set Pdf:Browser."
                    : "Pdf:Browser is off: PDF is not offered, and people print with their own browser."
            );

        if (settings.GetValue("SignIn:RequireSecondFactor", true))
            found.Ok("SignIn:RequireSecondFactor is on.");
        else
            found.Look("SignIn:RequireSecondFactor is off.");
    }

    private static async Task Mail(CommandContext context, Findings found)
    {
        var settings = context.Service<MailSettings>();
        if (settings.Host is null)
        {
            found.Look("Mail:Host is not set: mails wait in the outbox, which administrators see at /admin/outbox.");
            return;
        }
        found.Unless(
            MimeKit.MailboxAddress.TryParse(settings.From, out _),
            $"Mail:From: {settings.From}",
            settings.From.Length == 0
                ? "Mail:From is not set; mails need a sender."
                : $"Mail:From is \"{settings.From}\", which is no address."
        );
        await using var server = new MailServer(settings);
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await server.Open(patience.Token);
            found.Ok($"Mail:Host: {settings.Host}:{settings.Port} answers{(settings.User is null ? "" : " and knows Mail:User")}.");
        }
        catch (Exception e)
        {
            found.Look($"Mail:Host: {settings.Host}:{settings.Port} cannot be used now: {e.GetBaseException().Message}");
        }
    }

    private static async Task Identity(CommandContext context, Findings found)
    {
        var providers = context.Service<IdentityProviders>();
        foreach (var (name, fault) in providers.Faults)
            found.Bad($"Oidc:{name} is left out: {fault}.");
        foreach (var provider in providers.All)
        {
            var key = "Oidc:" + provider.Name;
            try
            {
                var said = await context
                    .Service<IOptionsMonitor<OpenIdConnectOptions>>()
                    .Get(provider.Scheme)
                    .ConfigurationManager!.GetConfigurationAsync(CancellationToken.None);
                found.Unless(
                    said.Issuer.TrimEnd('/') == provider.Authority.TrimEnd('/'),
                    $"{key}: {provider.Label} answers; register {context.Service<PortalAddress>().Full(provider.CallbackPath)} with it.",
                    $"{key}: {provider.Authority} calls itself {said.Issuer}; Authority must be its issuer."
                );
            }
            catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
            {
                found.Look($"{key}: {provider.Authority} does not answer now: {e.GetBaseException().Message}");
            }
            if (provider.ClientSecret is null)
                found.Look($"{key}:ClientSecret is not set: the provider must know the portal as a public client.");
            if (provider.TrustedDomains.Count > 0)
                found.Look(
                    $"{key}:TrustedDomains: verified addresses of {string.Join(", ", provider.TrustedDomains)} open the accounts that have them. It must give no address of theirs to anybody else."
                );
        }
    }

    private static async Task Database(CommandContext context, PortalDb db, Findings found, int records)
    {
        if (!await db.Database.CanConnectAsync())
        {
            found.Bad("The database cannot be reached or does not exist yet. Check ConnectionStrings:Portal, then run: migrate");
            return;
        }
        found.Ok($"Database: {(db.Database.IsNpgsql() ? "PostgreSQL" : "SQLite")}, reached.");
        if (Upgrade.OtherEdition(await db.Database.GetAppliedMigrationsAsync(), [.. db.Database.GetMigrations()]) is { } other)
        {
            found.Bad(other);
            return;
        }
        var pending = (await db.Database.GetPendingMigrationsAsync()).ToList();
        if (pending.Count > 0)
        {
            found.Bad($"Migrations pending: {string.Join(", ", pending)}. Make a backup, then run: migrate");
            return;
        }
        found.Ok("No migration is pending.");
        await Clock(context, db, found);
        await Wall(db, found);
        var triggers = await db.MissingTriggers();
        found.Unless(
            triggers.Count == 0,
            "Triggers: those that guard the audit log and the version of access are there.",
            $"Triggers: missing or switched off: {string.Join(", ", triggers)}. Somebody with all rights over the database took them away. Keep it as it is, run audit verify with your last anchor, and see docs/security.md."
        );
        if (await DemonstrationData.IsMarked(db))
            found.Unless(
                context.App.Environment.IsDevelopment(),
                "The database holds demonstration data.",
                "The database holds demonstration data, whose passwords are published; it may be opened in Development only."
            );
        foreach (var kind in Kinds.All)
            await ReachOf(db, kind, records, found);
    }

    private static async Task Clock(CommandContext context, PortalDb db, Findings found)
    {
        var here = context.Service<TimeProvider>().GetUtcNow();
        if (!db.Database.IsNpgsql())
        {
            found.Ok($"Clock: {here:yyyy-MM-dd HH:mm:ss} UTC.");
            return;
        }
        var there = (await db.Database.SqlQuery<DateTime>($"SELECT clock_timestamp() AS \"Value\"").ToListAsync())[0];
        found.Unless(
            Math.Abs((here.UtcDateTime - there).TotalSeconds) < 5,
            "Clock: agrees with that of the database.",
            $"The clock is {here.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC here and {there:yyyy-MM-dd HH:mm:ss} UTC in the database; deadlines need them to agree."
        );
    }

    private static async Task Wall(PortalDb db, Findings found)
    {
        if (!db.Database.IsNpgsql())
            return;
        var wall = await SecondWall.Look(db);
        found.Unless(
            wall.Gaps.Count == 0,
            "Second wall: stands around every protected table.",
            $"Second wall: missing around {string.Join(", ", wall.Gaps)}. Run: migrate"
        );
        if (wall.User == SecondWall.Role && !wall.Bypasses)
            found.Ok($"Second wall: the portal works as {wall.User}, whom it binds.");
        else if (wall.Bypasses)
            found.Bad(
                $"Second wall: the portal works as {wall.User}, whom row-level security does not bind. As a superuser: CREATE ROLE {SecondWall.Role}; GRANT {SecondWall.Role} TO the portal's user. Then run: migrate"
            );
        else
            found.Look(
                $"Second wall: it binds {wall.User}, who could take it down. As a superuser: CREATE ROLE {SecondWall.Role}; GRANT {SecondWall.Role} TO {wall.User}. Then run: migrate"
            );
    }

    private static async Task ReachOf(PortalDb db, Kind kind, int most, Findings found)
    {
        const int page = 1000;
        var (seen, wrong) = (0, new List<string>());
        while (seen < most)
        {
            var records = await db.Ruled(kind)
                .AsNoTracking()
                .OrderByDescending(r => EF.Property<Guid>(r, nameof(IProtected.Id)))
                .Skip(seen)
                .Take(Math.Min(page, most - seen))
                .ToListAsync();
            var ids = records.Select(r => r.Id).ToList();
            var stored = (await db.Reach.AsNoTracking().Where(r => ids.Contains(r.RecordId)).ToListAsync()).ToLookup(r => r.RecordId, Line);
            wrong.AddRange(records.Where(r => !stored[r.Id].ToHashSet().SetEquals(Reach.Of(r).Select(Line))).Select(r => r.Reference));
            seen += records.Count;
            if (records.Count < page)
                break;
        }
        found.Unless(
            wrong.Count == 0,
            $"Who sees what, {kind}: stored as the rules say for {seen} records.",
            $"Who sees what, {kind}: stored otherwise than the rules say for {wrong.Count} of {seen} records, such as {string.Join(", ", wrong.Take(5))}."
        );
    }

    private static (string, string, long, int) Line(Reach r) => (r.Audience, r.State, r.Sort, r.View);
}
