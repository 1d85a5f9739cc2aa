using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Data;

/// <summary>A column, and how what an entity says becomes what the database holds.</summary>
internal sealed record RowColumn(string Name, string Type, Func<object, object?> Value);

/// <summary>
/// A table as an insert names it: columns, names and conversions are those of the model, so that a row is what saving the entity would have
/// written. Columns that the
/// database fills are left out.
/// </summary>
internal sealed record RowTable(string Name, RowColumn[] Columns)
{
    private const string Kept = "Portal:RowTable";

    /// <summary>Its columns as a list.</summary>
    public string ColumnList { get; } = string.Join(", ", Columns.Select(c => $"\"{c.Name}\""));

    /// <summary>The table of a type.</summary>
    public static RowTable Of(PortalDb db, Type type)
    {
        var entity = db.Model.FindEntityType(type)!;
        return entity.GetOrAddRuntimeAnnotationValue(
            Kept,
            static e => new RowTable(
                e!.GetTableName()!,
                [
                    .. e!
                        .GetFlattenedProperties()
                        .Where(p => !(p.ValueGenerated == ValueGenerated.OnAdd && p.ClrType == typeof(long)))
                        .Select(p => ColumnOf(p, StoreObjectIdentifier.Table(e!.GetTableName()!))),
                ]
            ),
            entity
        );
    }

    private static RowColumn ColumnOf(IProperty property, StoreObjectIdentifier table)
    {
        var convert = property.GetTypeMapping().Converter?.ConvertToProvider;
        // What the saving of a record would set.
        if (property.IsConcurrencyToken && property.ClrType == typeof(Guid))
            return new(
                property.GetColumnName(table)!,
                property.GetColumnType(),
                _ => convert is null ? Guid.CreateVersion7() : convert(Guid.CreateVersion7())
            );
        var getter = property.GetGetter();
        return new(
            property.GetColumnName(table)!,
            property.GetColumnType(),
            entity =>
                getter.GetClrValueUsingContainingEntity(entity) is not { } value ? null
                : convert is null ? value
                : convert(value)
        );
    }
}

/// <summary>
/// Puts rows into SQLite with one prepared statement a table, past the change tracker, which takes three times as long for rows that
/// nothing will ask of again.
/// Within the context's transaction, on its connection.
/// </summary>
internal sealed class SqliteRows(PortalDb db) : IDisposable
{
    private readonly Dictionary<Type, (DbCommand Command, RowTable Table)> commands = [];

    /// <summary>Inserts entities, all of one type.</summary>
    /// <exception cref="DbUpdateException">The database does not take one of them.</exception>
    public void Insert<T>(IReadOnlyList<T> entities)
        where T : class
    {
        if (entities.Count == 0)
            return;
        if (!commands.TryGetValue(typeof(T), out var prepared))
            commands[typeof(T)] = prepared = Prepare(RowTable.Of(db, typeof(T)));
        var (command, (_, columns)) = prepared;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        // SQLite's driver works on the calling thread anyway.
        foreach (var entity in entities)
        {
            for (var i = 0; i < columns.Length; i++)
                command.Parameters[i].Value = columns[i].Value(entity) ?? DBNull.Value;
            try
            {
                command.ExecuteNonQuery();
            }
            catch (SqliteException e)
            {
                throw new DbUpdateException(e.Message, e);
            }
        }
    }

    private (DbCommand, RowTable) Prepare(RowTable table)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText =
            $"INSERT INTO \"{table.Name}\" ({table.ColumnList}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => "$" + i))})";
        foreach (var i in Enumerable.Range(0, table.Columns.Length))
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "$" + i;
            command.Parameters.Add(parameter);
        }
        return (command, table);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (command, _) in commands.Values)
            command.Dispose();
    }
}
