using Microsoft.EntityFrameworkCore;
using Portal.Domain;

namespace Portal.Data;

/// <summary>
/// Full-text search over <see cref="SearchEntry.Words"/>. The words are folded by the portal, so each database only has to index plain
/// words,
/// and both find the same: FTS5 on SQLite, a generated tsvector with the dictionary-free configuration on PostgreSQL.
/// </summary>
internal static class FullText
{
    /// <summary>SQLite: an index over the entries' own text, kept by triggers.</summary>
    public static readonly string[] CreateSqlite =
    [
        """CREATE VIRTUAL TABLE IF NOT EXISTS "SearchFts" USING fts5("Words", content='SearchEntries', content_rowid='Id', tokenize='unicode61 remove_diacritics 0', detail=none, prefix='2 3')""",
        """CREATE TRIGGER IF NOT EXISTS "SearchFtsInsert" AFTER INSERT ON "SearchEntries" BEGIN INSERT INTO "SearchFts"(rowid, "Words") VALUES (new."Id", new."Words"); END""",
        """CREATE TRIGGER IF NOT EXISTS "SearchFtsDelete" AFTER DELETE ON "SearchEntries" BEGIN INSERT INTO "SearchFts"("SearchFts", rowid, "Words") VALUES ('delete', old."Id", old."Words"); END""",
    ];

    /// <summary>SQLite: takes the index away; <see cref="CreateSqlite"/> makes it anew, empty.</summary>
    public static readonly string[] DropSqlite =
    [
        "DROP TRIGGER IF EXISTS \"SearchFtsInsert\"",
        "DROP TRIGGER IF EXISTS \"SearchFtsDelete\"",
        "DROP TABLE IF EXISTS \"SearchFts\"",
    ];

    /// <summary>PostgreSQL: a generated column and its index.</summary>
    public static readonly string[] CreatePostgres =
    [
        """ALTER TABLE "SearchEntries" ADD COLUMN IF NOT EXISTS "Vector" tsvector GENERATED ALWAYS AS (to_tsvector('simple', "Words")) STORED""",
        """CREATE INDEX IF NOT EXISTS "IX_SearchEntries_Vector" ON "SearchEntries" USING gin ("Vector")""",
    ];

    /// <summary>The entries that have every word of a query, each by its beginning; null when the query has no word.</summary>
    public static IQueryable<SearchEntry>? Search(this PortalDb db, string? query)
    {
        var words = Text.SearchWords(query).Distinct().Take(12).ToList();
        if (words.Count == 0)
            return null;
        if (db.Database.IsNpgsql())
        {
            // Folded words hold letters and digits only; the quotes keep each one a single lexeme.
            var tsquery = string.Join(" & ", words.Select(w => $"'{w}':*"));
            return db.SearchEntries.FromSql(
                $"""SELECT "Id", "RecordId", "Part", "Words", "OwnerId" FROM "SearchEntries" WHERE "Vector" @@ to_tsquery('simple', {tsquery})"""
            );
        }
        var match = string.Join(" ", words.Select(w => $"\"{w}\"*"));
        // The plus keeps SQLite from trying every entry found for every record it looks at: among a million needs a page took ten seconds
        // so, and takes a fifth of one like this.
        return db.SearchEntries.FromSql(
            $"""SELECT "Id", "RecordId", "Part", "Words", "OwnerId" FROM "SearchEntries" WHERE +"Id" IN (SELECT rowid FROM "SearchFts" WHERE "SearchFts" MATCH {match})"""
        );
    }
}
