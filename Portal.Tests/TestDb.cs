using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Portal.Access;
using Portal.Api;
using Portal.Assistance;
using Portal.Calendar;
using Portal.Collaboration;
using Portal.Committee;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Exports;
using Portal.Home;
using Portal.Iati;
using Portal.Identity;
using Portal.Imports;
using Portal.Mail;
using Portal.Public;
using Portal.Shell;
using Xunit.Sdk;

namespace Portal.Tests;

/// <summary>The databases the portal runs on.</summary>
public enum Database
{
    Sqlite,
    Postgres,
}

/// <summary>Runs a theory on SQLite. With <see cref="OnPostgresAttribute"/> beside it, the theory runs on both.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnSqliteAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        [
            [Database.Sqlite],
        ];
}

/// <summary>Runs a theory on PostgreSQL, where there is one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnPostgresAttribute : DataAttribute
{
    public OnPostgresAttribute()
    {
        if (TestDb.PostgresServer is null)
            Skip = $"{TestDb.PostgresVariable} names no PostgreSQL server to make throw-away databases on; eng/test.sh starts one.";
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        [
            [Database.Postgres],
        ];
}

/// <summary>
/// A database of its own for one test, made by the real migrations and put together by <see cref="DataSetup"/>, with the cast's accounts,
/// organisations and memberships in it, and a clock that stands at <see cref="Cast.Now"/>. A template is migrated once and copied.
/// <code>
/// [Theory, OnSqlite, OnPostgres]
/// public async Task A_title(Database database)
/// {
///     await using var db = await TestDb.Open(database);
/// </code>
/// </summary>
public sealed class TestDb : IAsyncDisposable
{
    internal const string PostgresVariable = "PORTAL_TEST_POSTGRES";
    internal static readonly string? PostgresServer = Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } s ? s : null;

    private readonly ServiceProvider services;
    private readonly System.Collections.Concurrent.ConcurrentBag<AsyncServiceScope> scopes = [];

    private TestDb(Database database, string connection)
    {
        (Database, ConnectionString) = (database, connection);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration["Database:Provider"] = database.ToString();
        builder.Configuration["ConnectionStrings:Portal"] = connection;
        builder.Configuration["Portal:BaseUrl"] = "https://portal.example.org";
        // Put together as in Program; the frame draws pages, which need their own host.
        builder
            .AddData()
            .AddIdentity()
            .AddAccess()
            .AddCalendar()
            .AddCollaboration()
            .AddAssistance()
            .AddImports()
            .AddIati()
            .AddCommittee()
            .AddRecordRooms()
            .AddMail()
            .AddHome()
            .AddPublic()
            .AddApi()
            .AddExports();
        builder.Services.AddLogging();
        // The frame says the words of invitations.
        builder.Services.AddWords();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        services = builder.Services.BuildServiceProvider();
    }

    /// <summary>Opens a fresh copy of the template.</summary>
    public static async Task<TestDb> Open(Database database) => new(database, await Template.Of(database).Copy());

    /// <summary>Put together, and never connected: for questions about the model.</summary>
    internal static TestDb Unconnected(Database database) =>
        new(
            database,
            database switch
            {
                Database.Sqlite => "Data Source=:memory:",
                Database.Postgres => "Host=localhost",
            }
        )
        {
            isGuest = true,
        };

    public Database Database { get; }
    public string ConnectionString { get; }
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(Cast.Now));
    public DateTime Now => Clock.GetUtcNow().UtcDateTime;
    public PortalStore Store => services.GetRequiredService<PortalStore>();
    public Wire Wire => services.GetRequiredService<Wire>();
    public IDbContextFactory<PortalDb> Factory => services.GetRequiredService<IDbContextFactory<PortalDb>>();

    /// <summary>Another process on the same database: its own wire and contexts.</summary>
    public TestDb AnotherNode() => new(Database, ConnectionString) { isGuest = true };

    private bool isGuest;

    public Task<PortalDb> For(Actor actor) => Store.OpenFor(actor);

    public Task<PortalDb> AsSystem() => Store.OpenAsSystem("test");

    /// <summary>For work on the tables themselves, as somebody at the database's own prompt would do it who owns it.</summary>
    public Task<PortalDb> AsOwner() => Store.OpenAsOwner("test");

    /// <summary>
    /// Signs someone in, by a session as the sign-in page makes it, and opens a scope of services as a circuit of theirs has it:
    /// <c>(await test.As(Cast.Amina)).Get&lt;NeedService&gt;()</c>. Null is an anonymous visitor. Scopes end with the database.
    /// </summary>
    public async Task<TestScope> As(Player? player)
    {
        var scope = services.CreateAsyncScope();
        scopes.Add(scope);
        var visitor = scope.ServiceProvider.GetRequiredService<Visitor>();
        if (player is not null)
        {
            var session = new Session
            {
                KeyHash = Guid.NewGuid().ToString("N"),
                PersonId = player.Id,
                MembershipId = player.Membership.Id,
                CreatedAt = Now,
                CheckedAt = Now,
                // Tests move the clock by months; only those about sessions care how long one lasts.
                LastSeenAt = Now.AddYears(10),
                EndsAt = Now.AddYears(10),
                ExpiresAt = Now.AddYears(10),
            };
            await using var db = await AsSystem();
            db.Sessions.Add(session);
            await db.SaveChangesAsync();
            visitor.Take(
                new ClaimsPrincipal(
                    new ClaimsIdentity([new System.Security.Claims.Claim(Visitor.SessionClaim, session.Id.ToString())], "test")
                )
            );
        }
        return new TestScope(scope.ServiceProvider);
    }

    /// <summary>Signs someone in and gives the source of actors that pages and services ask.</summary>
    public async Task<ActorSource> ActorsAs(Player? player) => (await As(player)).Get<ActorSource>();

    /// <summary>Saves new records, done by someone of the cast or by the portal itself.</summary>
    public async Task Save(params IEnumerable<object> records)
    {
        await using var db = await AsSystem();
        db.AttachCast();
        db.AddRange(records);
        // How they came to be so is no part of the test: nobody is told of it.
        foreach (var record in records.OfType<IProtected>())
            _ = record.Acts.TakeTold();
        await db.SaveChangesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var scope in scopes)
            await scope.DisposeAsync();
        await services.DisposeAsync();
        if (!isGuest)
            await Template.Of(Database).Drop(ConnectionString);
    }

    /// <summary>A migrated database that others are copied from.</summary>
    private abstract class Template
    {
        private static readonly SqliteTemplate Sqlite = new();
        private static readonly PostgresTemplate Postgres = new();
        private readonly Lazy<Task<string>> made;

        protected Template() => made = new(Make);

        public static Template Of(Database database) =>
            database switch
            {
                Database.Sqlite => Sqlite,
                Database.Postgres => Postgres,
            };

        public async Task<string> Copy() => await Copy(await made.Value);

        public abstract Task Drop(string connection);
        protected abstract Task<string> Make();
        protected abstract Task<string> Copy(string template);

        protected static async Task Fill(Database database, string connection)
        {
            await using var template = new TestDb(database, connection) { isGuest = true };
            await using var db = await template.AsOwner();
            await db.Database.MigrateAsync();
            await Upgrade.Complete(db);
            db.AddRange(Cast.ReferenceList.Union(Cast.Organisations));
            db.AddRange(
                Cast.All.Select(p => new PortalUser
                {
                    Id = p.Id,
                    Name = p.Name,
                    UserName = p.Email,
                    NormalizedUserName = p.Email.ToUpperInvariant(),
                    Email = p.Email,
                    NormalizedEmail = p.Email.ToUpperInvariant(),
                    EmailConfirmed = true,
                    SecurityStamp = p.Id.ToString("N"),
                    ConcurrencyStamp = p.Id.ToString("N"),
                })
            );
            db.AddRange(Cast.All.Select(p => p.Membership));
            await db.SaveChangesAsync();
        }
    }

    private sealed class SqliteTemplate : Template
    {
        private readonly string folder = System.IO.Directory.CreateTempSubdirectory("portal-tests-").FullName;

        public SqliteTemplate() => AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.Directory.Delete(folder, recursive: true);

        protected override async Task<string> Make()
        {
            var file = Path.Combine(folder, "template.db");
            await Fill(Database.Sqlite, Connection(file));
            await using var connection = new SqliteConnection(Connection(file));
            await connection.OpenAsync();
            await using var checkpoint = connection.CreateCommand();
            checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await checkpoint.ExecuteNonQueryAsync();
            SqliteConnection.ClearPool(connection);
            return file;
        }

        protected override Task<string> Copy(string template)
        {
            var file = Path.Combine(folder, Guid.NewGuid().ToString("N") + ".db");
            File.Copy(template, file);
            return Task.FromResult(Connection(file));
        }

        public override Task Drop(string connection)
        {
            using (var pooled = new SqliteConnection(connection))
                SqliteConnection.ClearPool(pooled);
            var file = new SqliteConnectionStringBuilder(connection).DataSource;
            foreach (var ending in new[] { "", "-wal", "-shm" })
                File.Delete(file + ending);
            return Task.CompletedTask;
        }

        private static string Connection(string file) => new SqliteConnectionStringBuilder { DataSource = file }.ToString();
    }

    /// <summary>
    /// Databases are costly to make there: one that a test is through with gets its first rows back and is used again, unless the test
    /// changed more of it than rows.
    /// </summary>
    private sealed class PostgresTemplate : Template
    {
        private const string Remember = """
            CREATE SCHEMA first_rows;
            CREATE TABLE first_rows.is_altered (by text);
            CREATE TABLE first_rows.work (step serial, sql text);
            DO $$ DECLARE t text; columns text; has boolean; BEGIN
                FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                    INSERT INTO first_rows.work (sql) VALUES (format('DELETE FROM public.%I', t));
                    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', t) INTO has;
                    CONTINUE WHEN NOT has;
                    EXECUTE format('CREATE TABLE first_rows.%I AS TABLE public.%I', t, t);
                    SELECT string_agg(quote_ident(column_name), ', ') INTO columns FROM information_schema.columns
                        WHERE table_schema = 'public' AND table_name = t AND is_generated = 'NEVER';
                    INSERT INTO first_rows.work (sql) VALUES (format(
                        'INSERT INTO public.%I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM first_rows.%I', t, columns, columns, t));
                END LOOP;
                INSERT INTO first_rows.work (sql)
                    SELECT format('SELECT setval(%L, 1, false)', c.oid::regclass)
                    FROM pg_class c WHERE c.relkind = 'S' AND c.relnamespace = 'public'::regnamespace;
            END $$;
            CREATE FUNCTION first_rows.bring_back() RETURNS boolean LANGUAGE plpgsql AS $$
            DECLARE work text;
            BEGIN
                IF EXISTS (SELECT FROM first_rows.is_altered) THEN RETURN false; END IF;
                SET LOCAL lock_timeout = '5s';
                SET LOCAL session_replication_role = replica;
                FOR work IN SELECT sql FROM first_rows.work ORDER BY step LOOP
                    EXECUTE work;
                END LOOP;
                RETURN true;
            END $$;
            CREATE FUNCTION first_rows.note() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN INSERT INTO first_rows.is_altered VALUES (tg_tag); END $$;
            CREATE EVENT TRIGGER altered ON ddl_command_end EXECUTE FUNCTION first_rows.note();
            """;

        private readonly string name = "portal_tests_" + Guid.NewGuid().ToString("N");
        private readonly SemaphoreSlim oneAtATime = new(1);
        private readonly System.Collections.Concurrent.ConcurrentBag<string> free = [];
        private int copies;

        public PostgresTemplate() =>
            AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            {
                while (free.TryTake(out var left))
                    Remove(left).GetAwaiter().GetResult();
                if (copies > 0)
                    Run($"DROP DATABASE IF EXISTS {name} WITH (FORCE)").GetAwaiter().GetResult();
            };

        protected override async Task<string> Make()
        {
            await Run($"CREATE DATABASE {name}");
            await Fill(Database.Postgres, Connection(name));
            await using (var pooled = new NpgsqlConnection(Connection(name)))
            {
                await pooled.OpenAsync();
                await using (var remember = new NpgsqlCommand(Remember, pooled))
                    await remember.ExecuteNonQueryAsync();
                NpgsqlConnection.ClearPool(pooled);
            }
            // What the making of it has open would keep it from being copied.
            await Run($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
            return name;
        }

        protected override async Task<string> Copy(string template)
        {
            if (free.TryTake(out var again))
                return again;
            await oneAtATime.WaitAsync();
            try
            {
                var copy = $"{name}_{++copies}";
                await Run($"CREATE DATABASE {copy} TEMPLATE {template}");
                return Connection(copy);
            }
            finally
            {
                oneAtATime.Release();
            }
        }

        public override async Task Drop(string connection)
        {
            if (await IsAsNew(connection))
                free.Add(connection);
            else
                await Remove(connection);
        }

        private static async Task<bool> IsAsNew(string connection)
        {
            try
            {
                await using var pooled = new NpgsqlConnection(connection);
                await pooled.OpenAsync();
                await using var bring = new NpgsqlCommand("SELECT first_rows.bring_back()", pooled);
                return await bring.ExecuteScalarAsync() is true;
            }
            catch (NpgsqlException)
            {
                return false; // gone, or held by something that the test left behind
            }
        }

        private static async Task Remove(string connection)
        {
            await using (var pooled = new NpgsqlConnection(connection))
                NpgsqlConnection.ClearPool(pooled);
            await Run($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connection).Database} WITH (FORCE)");
        }

        private static string Connection(string database) =>
            new NpgsqlConnectionStringBuilder(PostgresServer)
            {
                Database = database,
                MaxPoolSize = 10,
                IncludeErrorDetail = true,
            }.ToString();

        private static async Task Run(string sql)
        {
            await using var connection = new NpgsqlConnection(
                PostgresServer ?? throw new InvalidOperationException($"{PostgresVariable} is not set")
            );
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}

/// <summary>Services as one visitor has them.</summary>
public sealed record TestScope(IServiceProvider Services)
{
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();
}

/// <summary>Words for the hosts that tests start.</summary>
internal static class TestHosts
{
    /// <summary>
    /// Without the collection of all memory that follows a start: a test that moves the clock would set it off over everything that runs
    /// beside it.
    /// </summary>
    public static IServiceCollection Untidied(this IServiceCollection services)
    {
        services.Remove(services.Single(s => s.ImplementationType == typeof(TidyAfterStart)));
        return services;
    }
}

/// <summary>Words for tests on a context.</summary>
public static class TestDbWords
{
    /// <summary>
    /// Has a context know the cast's organisations, which are in every test database, so that a record that refers to one does not add it
    /// again.
    /// </summary>
    public static void AttachCast(this PortalDb db) => db.AttachRange(Cast.Organisations);
}
