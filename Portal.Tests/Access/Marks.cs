using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Tests.Access;

/// <summary>A word that stands in one text of one record and nowhere else, so that an answer that holds it tells that text.</summary>
/// <param name="Word">The word.</param>
/// <param name="Record">The record.</param>
/// <param name="Column">The column the text is kept in.</param>
/// <param name="Part">The part it is shown with.</param>
internal sealed record Mark(string Word, IProtected Record, string Column, int Part)
{
    /// <summary>Whether somebody may read the text.</summary>
    public bool IsFor(Actor actor) => (Decision.On(Record, actor).View & Part) == Part;
}

/// <summary>Marks every text of saved records of any kind, as their specimens name them.</summary>
internal static partial class Marks
{
    public static async Task<IReadOnlyList<Mark>> Put(TestDb test, IEnumerable<IProtected> records)
    {
        await using var db = await test.AsSystem();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var marks = new List<Mark>();
        foreach (var record in records)
        {
            var (table, columns) = (db.Model.FindEntityType(record.GetType())!.GetTableName(), Columns(db, record.Kind));
            // As it is kept: not every database has identifiers.
            DbParameter Id() =>
                db
                    .Model.FindEntityType(record.GetType())!
                    .FindProperty(nameof(IProtected.Id))!
                    .GetRelationalTypeMapping()
                    .CreateParameter(db.Database.GetDbConnection().CreateCommand(), "@id", record.Id);
            foreach (var (column, part) in Specimens.Of(record).Texts)
            {
                var mark = new Mark($"zqx{marks.Count:00000}", record, column, part);
                // What nobody typed stays empty.
                var sql = $$"""
                    UPDATE "{{table}}" SET "{{columns[column]}}" = {1} || "{{columns[column]}}"
                    WHERE "Id" = {0} AND "{{columns[column]}}" IS NOT NULL
                    """;
                if (await db.Database.ExecuteSqlRawAsync(sql, Id(), mark.Word + " ") == 1)
                    marks.Add(mark);
            }
        }
        await transaction.CommitAsync();
        return marks;
    }

    /// <summary>The marks in a text.</summary>
    public static IReadOnlySet<string> In(string text) => Word().Matches(text).Select(m => m.Value).ToHashSet();

    /// <summary>The columns of a kind that hold text, by the property that is kept there.</summary>
    public static IReadOnlyDictionary<string, string> Columns(PortalDb db, Kind kind)
    {
        var entity = db.Model.FindEntityType(kind.GetType().GenericTypeArguments[0])!;
        return entity
            .GetFlattenedProperties()
            .Where(p => p.ClrType == typeof(string))
            .ToDictionary(
                p => p.DeclaringType is IComplexType within ? $"{within.ComplexProperty.Name}.{p.Name}" : p.Name,
                p => p.GetColumnName()
            );
    }

    [GeneratedRegex(@"zqx\d{5}")]
    private static partial Regex Word();
}
