using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Data;

/// <summary>Registers the database: SQLite unless configuration says PostgreSQL.</summary>
public static class DataSetup
{
    /// <summary>Adds the database, its store and the wire.</summary>
    public static WebApplicationBuilder AddData(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var connection = ConnectionOf(builder.Configuration, builder.Environment);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Wire>();
        services.AddScoped<PageMark>();
        services.AddScoped<OnScreen>();
        services.AddSingleton<PortalStore>();
        services.AddSingleton<Demonstration.DemonstrationData>();
        switch (builder.Configuration["Database:Provider"] ?? "Sqlite")
        {
            case "Sqlite":
                EnsureFolder(connection);
                services.AddPooledDbContextFactory<SqlitePortalDb>(o =>
                    Common(o)
                        .UseSqlite(
                            connection,
                            // A list is one parameter: spelled out, the statement would differ with its length and be written anew each
                            // time.
                            s => s.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter)
                        )
                        .AddInterceptors(new SqliteSettings())
                );
                services.AddSingleton<IDbContextFactory<PortalDb>, Derived<SqlitePortalDb>>();
                break;
            case "Postgres":
                services.AddPooledDbContextFactory<PostgresPortalDb>(o =>
                    Common(o).UseNpgsql(connection).AddInterceptors(new SecondWallSettings())
                );
                services.AddSingleton<IDbContextFactory<PortalDb>, Derived<PostgresPortalDb>>();
                services.AddHostedService(sp => new WireListener(sp.GetRequiredService<Wire>(), connection));
                break;
            case var other:
                throw new InvalidOperationException($"Database:Provider is '{other}'; it must be Sqlite or Postgres.");
        }
        // Identity's own stores ask for a context per scope; it has no actor and sees no protected record.
        services.AddScoped(sp => sp.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContext());
        return builder;
    }

    /// <summary>Where the database is.</summary>
    internal static string ConnectionOf(IConfiguration configuration, IHostEnvironment environment) =>
        configuration.GetConnectionString("Portal") is { Length: > 0 } set ? set
        : (configuration["Database:Provider"] ?? "Sqlite") == "Sqlite"
            ? "Data Source=" + Path.Combine(environment.ContentRootPath, "App_Data", "portal.db")
        : "";

    private static DbContextOptionsBuilder Common(DbContextOptionsBuilder options) =>
        options.ConfigureWarnings(w =>
            w.Ignore(
                // A need may be shown without its organisation; the filters decide, and that is the intent.
                CoreEventId.PossibleIncorrectRequiredNavigationWithQueryFilterInteractionWarning,
                // Counting ends at a limit, and what is counted is in no order: to sort it first would cost what the limit saves.
                CoreEventId.RowLimitingOperationWithoutOrderByWarning
            )
        );

    private static void EnsureFolder(string connection)
    {
        var file = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(connection).DataSource;
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !file.StartsWith(':'))
            System.IO.Directory.CreateDirectory(folder);
    }

    // Contexts are used again: making one costs more than most questions it is asked. Each begins for nobody, whoever had it before.
    private sealed class Derived<T>(IDbContextFactory<T> pool) : IDbContextFactory<PortalDb>
        where T : PortalDb
    {
        public PortalDb CreateDbContext()
        {
            var db = pool.CreateDbContext();
            db.BeginForNobody();
            return db;
        }
    }
}
