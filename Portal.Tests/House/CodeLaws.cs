using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Identity;

namespace Portal.Tests.House;

/// <summary>Laws of the house that a reviewer would otherwise have to remember.</summary>
public sealed partial class CodeLaws
{
    private static readonly Assembly Product = typeof(PortalDb).Assembly;
    private static readonly Assembly Kernel = typeof(Need).Assembly;

    [Fact]
    public void No_line_of_code_is_wider_than_140_characters_but_for_the_sake_of_a_text_in_it() =>
        Sources.None(
            from file in Sources.Of(".cs", ".razor", ".css")
            let inText = new TextLines()
            from line in file.Text.Split('\n').Index()
            let isText = inText.Holds(line.Item)
            where
                line.Item.Length > 140
                && !(file.Path.EndsWith(".cs", StringComparison.Ordinal) && (isText || LongText().IsMatch(line.Item)))
            select $"{file.Path}:{line.Index + 1}: {line.Item.Length}",
            "Lines wider than 140:"
        );

    [GeneratedRegex("\"[^\"]{60,}|\"\"\"|\\$\"[^\\n]{60,}")]
    private static partial Regex LongText();

    // Whether a line is inside a text of several lines.
    private sealed class TextLines
    {
        private bool isOpen;

        public bool Holds(string line)
        {
            var was = isOpen;
            if (line.Split("\"\"\"").Length % 2 == 0)
                isOpen = !isOpen;
            return was || isOpen;
        }
    }

    [Fact]
    public void The_domain_stands_on_nothing_but_the_runtime()
    {
        var project = XDocument.Load(Path.Combine(Sources.Root, "Portal.Domain/Portal.Domain.csproj"));
        Assert.DoesNotContain(
            project.Descendants(),
            e => e.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference" or "Reference"
        );
        Sources.None(
            Kernel.GetReferencedAssemblies().Select(a => a.Name!).Where(n => !n.StartsWith("System.", StringComparison.Ordinal)),
            "The domain refers to"
        );
    }

    [Fact]
    public void Every_page_says_who_may_open_it() =>
        Sources.None(
            Product
                .GetTypes()
                .Where(t => t.GetCustomAttributes<RouteAttribute>(false).Any())
                .Where(t =>
                    t.GetCustomAttributes(true)
                        .Count(a =>
                            a
                                is SectionAttribute
                                    or StaffAttribute
                                    or PeopleAttribute
                                    or SignedInAttribute
                                    or WithSessionAttribute
                                    or AllowAnonymousAttribute
                        ) != 1
                )
                .Select(t => t.FullName!),
            "Pages without exactly one of [Section], [Staff], [People], [SignedIn], [WithSession] and [AllowAnonymous]:"
        );

    /// <summary>
    /// What the framework itself serves: scripts and fonts, a missing file, and the line of a circuit, whose pages have their own gates.
    /// </summary>
    private static readonly string[] Framework = ["_blazor", "_framework/", "{**path:file}"];

    [Theory, OnSqlite]
    public async Task Every_address_says_who_may_call_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(b =>
            b.UseEnvironment("Development")
                .UseSetting("Portal:DemoData", "false")
                .UseSetting("ConnectionStrings:Portal", test.ConnectionString)
        );
        var endpoints = factory.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().ToList();
        Assert.Contains(endpoints, e => e.RoutePattern.RawText?.TrimStart('/').StartsWith("files/", StringComparison.Ordinal) == true);
        Sources.None(
            endpoints
                .Where(e =>
                    e.Metadata.GetMetadata<IAuthorizeData>() is null
                    && e.Metadata.GetMetadata<IAllowAnonymous>() is null
                    && e.Metadata.GetMetadata<AuthorizationPolicy>() is null
                )
                .Where(e => !e.Metadata.Any(m => m.GetType().Name == "StaticAssetDescriptor"))
                .Select(e => e.RoutePattern.RawText?.TrimStart('/') ?? "")
                .Where(p => !Framework.Any(f => p.StartsWith(f, StringComparison.OrdinalIgnoreCase))),
            "Addresses without authorization and without AllowAnonymous:"
        );
    }

    /// <summary>Tables without a rule in <see cref="Protection"/>, each with its reason.</summary>
    private static readonly Dictionary<string, string> Unprotected = new()
    {
        ["Organisation"] = "public: that a body exists, its names and its website",
        ["ExchangeRate"] = "public: published rates",
        ["Holiday"] = "public: official holidays",
        ["AssistanceSettings"] = "public: no record of any State",
        ["Reach"] = "only the data room reads it, by the names of whoever asks; walled by itself",
        ["SearchEntry"] = "only full-text search reads it, beside the reach",
        ["MatchTask"] = "identifiers, for the matcher",
        ["Reminder"] = "identifiers and days, for the duties",
        ["Counter"] = "running numbers",
        ["AuditHead"] = "a number and a hash",
        ["DataProtectionKey"] = "keys, which the framework reads",
        ["Attempt"] = "counts of the sign-in",
        ["OutboxMail"] = "only the sender of mail reads it",
        ["PortalUser"] = "accounts: who sees people asks memberships",
        ["Session"] = "only the Identity room reads it",
        ["AccessToken"] = "only the Identity room reads it, by owner",
        ["Viewing"] = "read with the session it is in",
        ["Invitation"] = "the Identity room's; those who manage people list those that wait",
        ["RecoveryCode"] = "only the Identity room reads it",
        ["PasswordReset"] = "only the Identity room reads it",
        ["IdentityBinding"] = "only the Identity room reads it",
        ["IdentityUserClaim`1"] = "the framework's",
        ["IdentityUserLogin`1"] = "the framework's",
        ["IdentityUserToken`1"] = "the framework's",
        ["IdentityUserPasskey`1"] = "the framework's",
        ["IdentityPasskeyData"] = "the framework's",
    };

    [Fact]
    public async Task Every_table_has_a_rule_or_a_reason_to_need_none()
    {
        await using var test = TestDb.Unconnected(Database.Sqlite);
        await using var db = await test.AsSystem();
        var bare = db
            .Model.GetEntityTypes()
            .Where(e => e.GetDeclaredQueryFilters().All(f => f.Key != PortalDb.Visibility))
            .Select(e => e.ClrType.Name);
        Assert.Equal(Unprotected.Keys.Order(StringComparer.Ordinal), bare.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(
            db.Model.GetEntityTypes(),
            e => e.ClrType.IsAssignableTo(typeof(IProtected)) && Unprotected.ContainsKey(e.ClrType.Name)
        );
        var rules = Protection.Of(db.Model).Select(r => r.Table).ToList();
        Assert.Equal(rules.Count, rules.Distinct().Count());
    }

    [Fact]
    public void Every_protected_record_is_in_the_model_and_has_a_kind() =>
        Assert.Equal(Kinds.All.Count, Kernel.GetTypes().Count(t => t.IsClass && t.IsAssignableTo(typeof(IProtected))));

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task The_migrations_are_those_of_the_model(Database database)
    {
        await using var test = TestDb.Unconnected(database);
        await using var db = await test.AsSystem();
        Assert.False(db.Database.HasPendingModelChanges());
        // Until there is a first release: one, made by eng/migration.sh, with nothing in it that is made by hand and would be lost when it
        // is made anew.
        var migration = Assert.Single(db.Database.GetMigrations());
        Assert.DoesNotContain(
            ".Sql(",
            File.ReadAllText(Path.Combine(Sources.Root, "Portal", "Data", "Migrations", database.ToString(), migration + ".cs")),
            StringComparison.Ordinal
        );
    }

    /// <summary>Who opens the database past its filters. Add a file only with its reason, and say it in the review.</summary>
    private static readonly string[] AsSystem =
    [
        "Portal/Access/GrantService.cs", // counts for the preview, and who is left to manage
        "Portal/Access/ExplainService.cs", // explains a record without showing it
        "Portal/Access/GrantUse.cs", // when a grant was last used is no act
        "Portal/Access/KnownActors.cs", // who asks has to be known before anything is filtered for them
        "Portal/Access/Viewings.cs", // ends previews, also of sessions that are over
        "Portal/Assistance/Programmes/DuplicateService.cs", // whether CTED is told of duplicate assistance, which may see both
        "Portal/Access/PeopleRules.cs", // counts who is left to manage people, grants and all
        "Portal/Access/VacancyService.cs", // counts what waits for a role that nobody holds; numbers leave it, and nothing else
        "Portal/Access/AccessKeeper.cs", // what the clock does is nobody's act
        "Portal/Access/ReviewCourse.cs", // counts what lapses, and finds whom to tell, for reviewers who may not see them
        "Portal/Lists/RecordDuties.cs", // what the portal does by itself as days pass
        "Portal/Assistance/Matches/Matcher.cs", // makes everybody's matches, each of what its reader was given
        "Portal/Assistance/Pictures/PublishedPicture.cs", // adds up what points at no State; numbers leave it, and nothing else
        "Portal/Collaboration/ActivityService.cs", // counts who sees a record, for those who see it whole
        "Portal/Data/CountedActs.cs", // notes what was refused, and reads nothing
        "Portal/Collaboration/NoticeChoiceService.cs", // who ends mails by a link need not sign in
        "Portal/Collaboration/NoticeMailer.cs", // finds who is to be told; tells each as what they are
        "Portal/Collaboration/ViewWatcher.cs", // finds which views are watched; looks at each as its owner
        "Portal/Commands/AuditCommands.cs", // commands are the operator's
        "Portal/Commands/BackupCommands.cs",
        "Portal/Commands/ConfigCommand.cs",
        "Portal/Commands/IatiCommands.cs",
        "Portal/Commands/InviteCommand.cs",
        "Portal/Commands/MatchCommands.cs",
        "Portal/Data/DataStart.cs",
        "Portal/Data/PortalStore.cs", // where it is defined
        "Portal/Imports/ImportBook.cs", // a job is worked on by whichever node finds it; what it writes is written as who started it
        "Portal/Imports/ImportRunner.cs",
        "Portal/Imports/ImportWorker.cs",
        "Portal/Identity/AccessTokens.cs", // before a token is read there is nobody to ask for; one's own, whatever is acted under
        "Portal/Identity/AccountService.cs", // one's own account, whatever membership is acted under
        "Portal/Identity/Attempts.cs",
        "Portal/Identity/InvitationService.cs",
        "Portal/Identity/IdentityService.cs",
        "Portal/Identity/Passkeys.cs",
        "Portal/Identity/PortalKeys.cs",
        "Portal/Assessments/CirculationRounds.cs", // what silence decides, and what days and terms change, is nobody's act
        "Portal/Identity/ResetService.cs",
        "Portal/Identity/Sessions.cs",
        "Portal/Identity/SignInService.cs", // before sign-in there is nobody to ask for
        "Portal/Mail/MailComposer.cs", // finds whom a mail is for, and whether its link still counts
        "Portal/Mail/MailSender.cs", // claims and closes mails, whoever wrote them
        "Portal/Mail/MailSetup.cs", // says whether mail flows, and whose it is to nobody
        "Portal/Public/Health.cs", // asks whether the database answers, and reads nothing
    ];

    [Fact]
    public void Only_these_files_open_the_database_as_the_system() => Only(@"\bOpenAsSystem\(", AsSystem);

    [Fact]
    public void Services_do_their_rounds_in_one_way() =>
        // A loop of its own has an idea of its own what to do when a round fails. The two that are left beat while something else is done.
        Only(@"\bnew PeriodicTimer\(", ["Portal/Data/Rounds.cs", "Portal/Imports/ImportWorker.cs", "Portal/Imports/ImportDetail.razor"]);

    [Fact]
    public void Only_what_nobody_did_is_told_by_anything_but_an_act() =>
        // Days that come near, and help found to be given twice at the end of an import. Whom an act tells stands where its rule stands.
        Only(
            @"\b(Notify|Notice\.To)\(",
            [
                "Portal/Assessments/AssessmentReminders.cs", // that days come near for a State
                "Portal/Assessments/CirculationRounds.cs", // that a circulation closes soon
                "Portal/Assistance/AssistanceDuties.cs",
                "Portal/Assistance/Programmes/DuplicateService.cs",
                "Portal/Data/PortalDb.cs",
            ]
        );

    [Fact]
    public void Only_these_files_open_the_database_as_the_owner_of_its_tables() =>
        Only(
            @"\bOpenAsOwner\(",
            [
                "Portal/Commands/DemoCommands.cs",
                "Portal/Commands/MigrateCommand.cs",
                "Portal/Data/DataStart.cs",
                "Portal/Data/PortalStore.cs",
            ]
        );

    [Theory]
    [InlineData(Database.Postgres)]
    public async Task Every_entity_with_a_visibility_rule_stands_behind_the_second_wall(Database database)
    {
        await using var test = TestDb.Unconnected(database);
        await using var db = await test.AsSystem();
        var filtered = db
            .Model.GetEntityTypes()
            .Where(e => e.GetDeclaredQueryFilters().Any(f => f.Key == PortalDb.Visibility))
            .Select(e => e.GetTableName()!)
            .ToList();
        // Reach and words have no filter: only this room reads them.
        Assert.Equal(filtered.Append("Reach").Append("SearchEntries").Order(), SecondWall.Rules(db.Model).Select(r => r.Table).Order());
    }

    /// <summary>Who steps past a filter or the change tracker, and with it past reach, log and act.</summary>
    private static readonly string[] PastTheFilters =
    [
        "Portal/Access/GrantUse.cs", // no record, and no act
        "Portal/Collaboration/DraftService.cs", // a draft is written over only as it was last seen, which one statement asks and does; nobody sees its acts
        "Portal/Data/Demonstration/DemonstrationData.cs",
        "Portal/Data/MatchBook.cs", // takes matches away with the parts that they were made of
        "Portal/Data/ReachList.cs", // has decided by reach already
        "Portal/Imports/ImportBook.cs", // pieces of a file and what was found in it: no record, and no act
        "Portal/Imports/ImportWorker.cs", // how long a job is held: no record, and no act
        "Portal/Imports/ImportService.cs",
        "Portal/Identity/AccessTokens.cs", // when one was last used is no act
        "Portal/Identity/Attempts.cs",
        "Portal/Identity/Factors.cs",
        "Portal/Identity/Sessions.cs",
        "Portal/Mail/MailSender.cs", // claims, in one statement
    ];

    [Fact]
    public void Only_these_files_step_past_filters_or_the_change_tracker() =>
        Only(@"\b(IgnoreQueryFilters|ExecuteUpdate|ExecuteDelete)(Async)?\b", PastTheFilters);

    /// <summary>
    /// Who has a preview's context answer for what whoever looks may not read; what they let out is numbers, identifiers and parts.
    /// </summary>
    private static readonly string[] PastTheMask =
    [
        "Portal/Access/ViewAsService.cs", // the parts of a masked record, and how many of its files, proposals and acts
        "Portal/Data/PortalDb.cs", // where it is defined
        "Portal/Data/PortalStore.cs", // a number
        "Portal/Data/ReachList.cs", // identifiers, parts, a number
    ];

    [Fact]
    public void Only_these_files_look_past_the_mask_of_a_preview() => Only(@"\bCounting\(\)", PastTheMask);

    /// <summary>Where statements are written by hand.</summary>
    private static readonly string[] Sql =
    [
        "Portal/Commands/ConfigCommand.cs",
        "Portal/Data/AuditLog.cs",
        "Portal/Data/Backups/DatabaseCopy.cs",
        "Portal/Data/Backups/SqliteCopy.cs",
        "Portal/Data/Demonstration/BulkWriter.cs",
        "Portal/Data/Demonstration/DemonstrationBulk.cs",
        "Portal/Data/FullText.cs",
        "Portal/Data/MatchBook.cs",
        "Portal/Data/PortalStore.cs",
        "Portal/Data/Providers.cs",
        "Portal/Data/Rows.cs",
        "Portal/Data/SecondWall.cs",
        "Portal/Data/Upgrade.cs",
        "Portal/Data/Wire.cs",
        "Portal/Data/Demonstration/DemonstrationData.cs",
        "Portal/Identity/Attempts.cs",
    ];

    [Fact]
    public void Only_these_files_write_SQL() => Only(@"\b(FromSql|SqlQuery|ExecuteSql)(Raw|Interpolated)?(Async)?\b|CommandText", Sql);

    [Fact]
    public void Contexts_are_made_by_the_store_and_by_what_hosts_them() =>
        Only(@"\bIDbContextFactory<|\bCreateDbContext(Async)?\(", ["Portal/Data/DataSetup.cs", "Portal/Data/PortalStore.cs"]);

    private static void Only(string pattern, string[] allowed)
    {
        var found = Sources.Of(".cs", ".razor").Where(f => Regex.IsMatch(Sources.Code(f.Text), pattern)).Select(f => f.Path).ToList();
        Sources.None(found.Except(allowed), $"Not allowed to use {pattern}:");
        Sources.None(allowed.Except(found), $"Listed for {pattern} and no longer using it:");
    }

    [Fact]
    public void The_time_is_asked_of_the_clock() =>
        Sources.None(
            Sources.Of(".cs", ".razor").Where(f => WallClock().IsMatch(Sources.Code(f.Text))).Select(f => f.Path),
            "Files that read the wall clock; take a TimeProvider:"
        );

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.(Now|UtcNow|Today)\b|\bStopwatch\.StartNew\b.*\bUtc")]
    private static partial Regex WallClock();

    [Fact]
    public void Nothing_static_changes() =>
        Sources.None(
            from type in Product.GetTypes().Concat(Kernel.GetTypes())
            where !type.Name.Contains('<') && type.Namespace?.StartsWith("Portal", StringComparison.Ordinal) == true
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where !field.IsLiteral && (!field.IsInitOnly || IsMutable(field.FieldType))
            select $"{type.FullName}.{field.Name}",
            "Static fields that can change:"
        );

    private static bool IsMutable(Type type) =>
        type.IsGenericType
        && type.Namespace is "System.Collections.Generic" or "System.Collections.Concurrent"
        && type.IsClass
        && type.IsAssignableTo(typeof(IEnumerable))
        && !type.Name.Contains("Comparer")
        && !type.GetCustomAttributes<CompilerGeneratedAttribute>().Any();

    [Fact]
    public void Nothing_waits_by_blocking() =>
        Sources.None(
            Sources
                .Of(".cs", ".razor")
                .Where(f => f.Path != "Portal/Identity/PortalKeys.cs" && Blocking().IsMatch(Sources.Code(f.Text)))
                .Select(f => f.Path),
            "Files that block on a task (the framework asks for keys synchronously, which is the one exception):"
        );

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)|Thread\.Sleep|async void")]
    private static partial Regex Blocking();
}
