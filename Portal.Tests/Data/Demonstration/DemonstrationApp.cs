using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Portal.Access;
using Portal.Api;
using Portal.Assistance;
using Portal.Calendar;
using Portal.Collaboration;
using Portal.Commands;
using Portal.Committee;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Exports;
using Portal.Home;
using Portal.Iati;
using Portal.Identity;
using Portal.Imports;
using Portal.Mail;
using Portal.Public;
using Portal.Shell;

namespace Portal.Tests.Data.Demonstration;

/// <summary>The portal put together and not started, on an empty database of its own, with what a command says kept.</summary>
public sealed class DemonstrationApp : IAsyncDisposable
{
    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("portal-demonstration-").FullName;
    private readonly bool isOwner;

    private DemonstrationApp(
        Database database,
        string environment,
        string connection,
        bool isOwner,
        (string Key, string Value)[] settings,
        DateTime? now = null
    )
    {
        Clock = new(new DateTimeOffset(now ?? Cast.Now));
        (Database, ConnectionString, this.isOwner) = (
            database,
            connection.Length > 0 ? connection : "Data Source=" + Path.Combine(folder, "portal.db"),
            isOwner
        );
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = folder });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Database:Provider"] = database.ToString(),
                ["ConnectionStrings:Portal"] = ConnectionString,
                ["Portal:BaseUrl"] = "https://portal.example",
            }
        );
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        // Put together as in Program.
        builder
            .AddData()
            .AddIdentity()
            .AddAccess()
            .AddShell()
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
        builder.Services.AddSingleton<TimeProvider>(Clock);
        App = builder.Build();
    }

    public static async Task<DemonstrationApp> Open(
        Database database = Database.Sqlite,
        string environment = "Development",
        params (string, string)[] settings
    )
    {
        if (database == Database.Sqlite)
            return new(database, environment, "", true, settings);
        var name = "portal_demonstration_" + Guid.NewGuid().ToString("N");
        await OnServer($"CREATE DATABASE {name}");
        return new(
            database,
            environment,
            new NpgsqlConnectionStringBuilder(TestDb.PostgresServer) { Database = name }.ToString(),
            true,
            settings
        );
    }

    /// <summary>With the story as it is seeded unless asked otherwise, on SQLite; a copy of its own.</summary>
    public static async Task<DemonstrationApp> Told()
    {
        var app = await Open();
        await Story.OfTheCastsDay(new SqliteConnectionStringBuilder(app.ConnectionString).DataSource);
        return app;
    }

    /// <summary>Another set-up on a database that is there.</summary>
    public static DemonstrationApp On(
        Database database,
        string connection,
        string environment = "Development",
        params (string, string)[] settings
    ) => new(database, environment, connection, false, settings);

    public Database Database { get; }
    public string ConnectionString { get; }
    public WebApplication App { get; }
    public FakeTimeProvider Clock { get; }
    public DemonstrationData Data => App.Services.GetRequiredService<DemonstrationData>();

    public Task<PortalDb> AsSystem() => App.Services.GetRequiredService<PortalStore>().OpenAsSystem("test");

    public Task<PortalDb> AsOwner() => App.Services.GetRequiredService<PortalStore>().OpenAsOwner("test");

    public Task<PortalDb> For(Domain.Access.Actor actor) => App.Services.GetRequiredService<PortalStore>().OpenFor(actor);

    /// <summary>Fills the database.</summary>
    public async Task<string> Reset(DemonstrationSize size)
    {
        await using var db = await AsOwner();
        return await Data.Reset(db, size);
    }

    /// <summary>Runs a command line as it is typed.</summary>
    public async Task<(int Code, string Out, string Error)> Type(string line)
    {
        var (@out, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.Run(App, line.Split(' ', StringSplitOptions.RemoveEmptyEntries), @out, error);
        return (code, @out.ToString(), error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        if (isOwner && Database == Database.Postgres)
        {
            await using (var pooled = new NpgsqlConnection(ConnectionString))
                NpgsqlConnection.ClearPool(pooled);
            await OnServer($"DROP DATABASE {new NpgsqlConnectionStringBuilder(ConnectionString).Database} WITH (FORCE)");
        }
        else if (Database == Database.Sqlite)
        {
            using var pooled = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(pooled);
        }
        System.IO.Directory.Delete(folder, recursive: true);
    }

    private static async Task OnServer(string sql)
    {
        await using var connection = new NpgsqlConnection(TestDb.PostgresServer);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The story is told once for each day that tests ask for, and copied: telling it takes seconds, a copy none.</summary>
    internal static class Story
    {
        private static readonly string Folder = System.IO.Directory.CreateTempSubdirectory("portal-story-").FullName;
        private static readonly Lazy<Task<string>> Casts = new(() => Tell("cast", Cast.Now, app => app.Reset(new DemonstrationSize())));
        private static readonly Lazy<Task<string>> Todays = new(() => Tell("today", DateTime.UtcNow, app => app.App.PrepareDatabase()));

        static Story() => AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.Directory.Delete(Folder, recursive: true);

        /// <summary>Copies the one that is told on the day on which the clocks of the tests start.</summary>
        public static async Task OfTheCastsDay(string file) => File.Copy(await Casts.Value, file);

        /// <summary>Copies the one that a portal writes which is started today.</summary>
        public static async Task OfToday(string file) => File.Copy(await Todays.Value, file);

        private static async Task<string> Tell(string name, DateTime now, Func<DemonstrationApp, Task> tell)
        {
            await using var app = new DemonstrationApp(Database.Sqlite, "Development", "", true, [("Portal:DemoData", "true")], now);
            await tell(app);
            await using var connection = new SqliteConnection(app.ConnectionString);
            await connection.OpenAsync();
            await using var checkpoint = connection.CreateCommand();
            checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await checkpoint.ExecuteNonQueryAsync();
            var file = Path.Combine(Folder, name + ".db");
            File.Copy(connection.DataSource, file);
            return file;
        }
    }
}

/// <summary>The story as it is seeded unless asked otherwise; no test changes it.</summary>
public sealed class SeededStory : IAsyncLifetime
{
    public DemonstrationApp Portal { get; private set; } = null!;

    public async Task InitializeAsync() => Portal = await DemonstrationApp.Told();

    public async Task DisposeAsync() => await Portal.DisposeAsync();
}
