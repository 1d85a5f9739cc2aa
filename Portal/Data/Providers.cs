using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Domain;
using Portal.Domain.Access;

namespace Portal.Data;

/// <summary>The database on SQLite: the default, for one process.</summary>
public sealed class SqlitePortalDb(DbContextOptions<SqlitePortalDb> options, TimeProvider clock, Wire wire) : PortalDb(options, clock, wire)
{
    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        Conventions.Apply(conventions);
        // Sixteen bytes instead of thirty-six characters, in every table and index; big-endian keeps version 7 identifiers in order.
        conventions.Properties<Guid>().HaveConversion<GuidBytes>();
        // SQLite has no decimals: money is whole units, kept as an integer so that it sorts and sums.
        conventions.Properties<decimal>().HaveConversion<long>();
    }

    private sealed class GuidBytes() : ValueConverter<Guid, byte[]>(g => g.ToByteArray(true), b => new Guid(b, true));
}

/// <summary>The database on PostgreSQL: for several nodes.</summary>
public sealed class PostgresPortalDb(DbContextOptions<PostgresPortalDb> options, TimeProvider clock, Wire wire)
    : PortalDb(options, clock, wire)
{
    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        Conventions.Apply(conventions);
        conventions.Properties<decimal>().HavePrecision(18, 2);
    }
}

/// <summary>Conventions of both databases.</summary>
internal static class Conventions
{
    public static void Apply(ModelConfigurationBuilder conventions)
    {
        // Moments are UTC and stay UTC: SQLite forgets the kind, PostgreSQL insists on it.
        conventions.Properties<DateTime>().HaveConversion<Utc>();
        conventions.Properties<Kind>().HaveConversion<KindName>();
    }

    private sealed class KindName() : ValueConverter<Kind, string>(k => k.Name, n => Kinds.Named(n));

    private sealed class Utc()
        : ValueConverter<DateTime, DateTime>(
            d => d.Kind == DateTimeKind.Utc ? d : DateTime.SpecifyKind(d, DateTimeKind.Utc),
            d => DateTime.SpecifyKind(d, DateTimeKind.Utc)
        );
}

/// <summary>
/// Sets what SQLite keeps per connection: deleted content is overwritten, waiting writers wait. Once for each, since they are pooled;
/// whether it only
/// reads is said each time that it changes.
/// </summary>
internal sealed class SqliteSettings : DbConnectionInterceptor
{
    private const string Pragmas =
        "PRAGMA secure_delete=ON; PRAGMA busy_timeout=10000; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        Set((SqliteConnection)connection, eventData.Context);

    public override Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Set((SqliteConnection)connection, eventData.Context);
        return Task.CompletedTask;
    }

    private sealed class State
    {
        public bool OnlyReads { get; set; }
    }

    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<SQLitePCL.sqlite3, State> known = [];

    private void Set(SqliteConnection connection, DbContext? context)
    {
        if (connection.Handle is not { } handle)
            return;
        if (!known.TryGetValue(handle, out var state))
        {
            Run(connection, Pragmas);
            known.AddOrUpdate(handle, state = new State());
        }
        var onlyReads = context is PortalDb { IsPreview: true };
        if (state.OnlyReads == onlyReads)
            return;
        Run(connection, onlyReads ? "PRAGMA query_only=ON" : "PRAGMA query_only=OFF");
        state.OnlyReads = onlyReads;
    }

    private static void Run(SqliteConnection connection, string pragmas)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }
}
