namespace Portal.Data;

/// <summary>
/// A number that moves with every change of a grant, a membership or an organisation, kept by the database itself: whoever changes one, by
/// whatever way, moves it in the same transaction. What was worked out from them may be kept while it stands still.
/// </summary>
internal static class AccessVersion
{
    /// <summary>Its name among the running numbers.</summary>
    public const string Name = "access-version";

    private const string Move =
        $"""INSERT INTO "Counters" ("Name", "Value") VALUES ('{Name}', 1) ON CONFLICT ("Name") DO UPDATE SET "Value" = "Counters"."Value" + 1""";

    // When notices were last seen and a grant last used gives and takes nothing.
    private static readonly (string Table, string Columns)[] Watched =
    [
        (
            "Grants",
            """ OF "Principal", "Role", "OrganisationId", "PersonId", "Section", "Level", "Deny", "States", "Region", "OwnOnly", "From", "Until", "ApprovedAt", "RevokedAt" """
        ),
        ("Organisations", ""),
        ("Memberships", """ OF "PersonId", "OrganisationId", "Role", "AssignedStates", "From", "Until" """),
    ];

    /// <summary>Tables whose changes move it.</summary>
    public static IEnumerable<string> Tables => Watched.Select(w => w.Table);

    /// <summary>Names of the triggers on SQLite.</summary>
    public static IEnumerable<string> SqliteTriggers =>
        from table in Tables
        from change in new[] { "INSERT", "UPDATE", "DELETE" }
        select table + change + "MovesAccess";

    /// <summary>SQLite: a trigger for each table and kind of change.</summary>
    public static IEnumerable<string> CreateSqlite =>
        from w in Watched
        from change in new[] { "INSERT", "UPDATE" + w.Columns, "DELETE" }
        select $"""CREATE TRIGGER IF NOT EXISTS "{w.Table}{change[..6]}MovesAccess" AFTER {change} ON "{w.Table}" BEGIN {Move}; END""";

    /// <summary>PostgreSQL: one function, a trigger for each table.</summary>
    public static IEnumerable<string> CreatePostgres =>
        Watched
            .Select(w =>
                $"""CREATE OR REPLACE TRIGGER "MovesAccess" AFTER INSERT OR UPDATE{w.Columns} OR DELETE ON "{w.Table}" FOR EACH STATEMENT EXECUTE FUNCTION portal_access_moved()"""
            )
            .Prepend(
                $"CREATE OR REPLACE FUNCTION portal_access_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {Move}; RETURN NULL; END $$"
            );
}
