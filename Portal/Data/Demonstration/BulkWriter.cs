using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.Data.Demonstration;

/// <summary>
/// Inserts entities by the hundred thousand, past the change tracker (<see cref="RowTable"/>). For demonstration data only: it writes no
/// reach, log or search words by itself.
/// </summary>
internal abstract class BulkWriter(PortalDb db)
{
    private readonly List<string> recreate = [];

    /// <summary>What the rows are of.</summary>
    protected Microsoft.EntityFrameworkCore.Metadata.IModel Model => db.Model;

    /// <summary>The writer of a database.</summary>
    public static BulkWriter For(PortalDb db) => db.Database.IsNpgsql() ? new PostgresBulkWriter(db) : new SqliteBulkWriter(db);

    /// <summary>Makes the connection quick and takes the indexes of some tables away; <see cref="Finish"/> makes them anew.</summary>
    public async Task Begin(IEnumerable<Type> types, CancellationToken ct)
    {
        await db.OneConnection(ct);
        await Prepare(ct);
        foreach (var (name, create) in await Indexes([.. types.Select(t => Of(t).Name)], ct))
        {
            recreate.Add(create);
            await Execute($"DROP INDEX \"{name}\"", ct);
        }
    }

    /// <summary>Makes the indexes again and has the database look at what it holds.</summary>
    public async Task Finish(CancellationToken ct)
    {
        foreach (var create in recreate)
            await Execute(create, ct);
        await Settle(ct);
        await db.Database.CloseConnectionAsync();
    }

    /// <summary>Inserts entities, all of one type.</summary>
    public abstract Task Insert<T>(IReadOnlyList<T> entities, CancellationToken ct)
        where T : class;

    /// <summary>Runs a batch of inserts as one transaction.</summary>
    public async Task Batch(Func<Task> inserts, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await inserts();
        await transaction.CommitAsync(ct);
    }

    protected DbConnection Connection => db.Database.GetDbConnection();
    protected abstract Task Prepare(CancellationToken ct);
    protected abstract Task Settle(CancellationToken ct);
    protected abstract Task<IReadOnlyList<(string Name, string Create)>> Indexes(IReadOnlyList<string> tables, CancellationToken ct);

    protected async Task Execute(string sql, CancellationToken ct)
    {
        await using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }

    protected async Task<IReadOnlyList<(string, string)>> Pairs(string sql, CancellationToken ct)
    {
        await using var command = Connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var pairs = new List<(string, string)>();
        while (await reader.ReadAsync(ct))
            pairs.Add((reader.GetString(0), reader.GetString(1)));
        return pairs;
    }

    protected RowTable Of(Type type) => RowTable.Of(db, type);
}

/// <summary>SQLite: one prepared statement a table, no waiting for the disk, full text built at the end.</summary>
internal sealed class SqliteBulkWriter(PortalDb db) : BulkWriter(db)
{
    private readonly SqliteRows rows = new(db);

    protected override async Task Prepare(CancellationToken ct)
    {
        await Execute(
            "PRAGMA synchronous=OFF; PRAGMA secure_delete=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-256000; PRAGMA wal_autocheckpoint=20000;",
            ct
        );
        foreach (var statement in FullText.DropSqlite)
            await Execute(statement, ct);
    }

    protected override async Task Settle(CancellationToken ct)
    {
        rows.Dispose();
        foreach (var statement in FullText.CreateSqlite)
            await Execute(statement, ct);
        await Execute("""INSERT INTO "SearchFts"("SearchFts") VALUES ('rebuild')""", ct);
        await Execute("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);", ct);
        await Execute(
            "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000; PRAGMA wal_autocheckpoint=1000;",
            ct
        );
    }

    protected override Task<IReadOnlyList<(string Name, string Create)>> Indexes(IReadOnlyList<string> tables, CancellationToken ct) =>
        Pairs(
            $"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({string.Join(", ", tables.Select(t => $"'{t}'"))})",
            ct
        );

    public override Task Insert<T>(IReadOnlyList<T> entities, CancellationToken ct)
    {
        rows.Insert(entities);
        return Task.CompletedTask;
    }
}

/// <summary>PostgreSQL: binary COPY.</summary>
internal sealed class PostgresBulkWriter(PortalDb db) : BulkWriter(db)
{
    // COPY does not go through row-level security: its owner steps over it meanwhile.
    protected override Task Prepare(CancellationToken ct) =>
        Execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB';" + ForEachWalled("NO FORCE ROW LEVEL SECURITY"), ct);

    protected override Task Settle(CancellationToken ct) =>
        Execute(ForEachWalled("FORCE ROW LEVEL SECURITY") + "RESET maintenance_work_mem; RESET synchronous_commit; ANALYZE;", ct);

    private string ForEachWalled(string change) =>
        string.Concat(SecondWall.Rules(Model).Select(r => $"ALTER TABLE \"{r.Table}\" {change};"));

    protected override Task<IReadOnlyList<(string Name, string Create)>> Indexes(IReadOnlyList<string> tables, CancellationToken ct) =>
        Pairs(
            $"""
            SELECT i.indexname, i.indexdef FROM pg_indexes i
            WHERE i.schemaname = current_schema() AND i.tablename IN ({string.Join(", ", tables.Select(t => $"'{t}'"))})
              AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)
            """,
            ct
        );

    public override async Task Insert<T>(IReadOnlyList<T> entities, CancellationToken ct)
    {
        var table = Of(typeof(T));
        // COPY wants the bare name of a type, without its length.
        var types = table.Columns.Select(c => c.Type.Split('(')[0]).ToArray();
        await using var copy = await ((NpgsqlConnection)Connection).BeginBinaryImportAsync(
            $"COPY \"{table.Name}\" ({table.ColumnList}) FROM STDIN (FORMAT BINARY)",
            ct
        );
        foreach (var entity in entities)
        {
            await copy.StartRowAsync(ct);
            for (var i = 0; i < types.Length; i++)
                if (table.Columns[i].Value(entity) is { } value)
                    await copy.WriteAsync(value, types[i], ct);
                else
                    await copy.WriteNullAsync(ct);
        }
        await copy.CompleteAsync(ct);
    }
}
