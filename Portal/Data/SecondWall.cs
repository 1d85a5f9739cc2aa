using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using Portal.Domain.Access;

namespace Portal.Data;

/// <summary>
/// The second wall, on PostgreSQL: row-level security with the rules of the query filters, in the database itself. A query that forgot its
/// filter brings no foreign row; a connection that nobody said anything on brings what is public. The filters come first and the portal
/// does not lean on
/// the wall. Filters and rules are made of the same words (<see cref="Protection"/>), and a test compares what they bring row by row
/// (docs/decisions/0009, 0039).
/// </summary>
internal static class SecondWall
{
    /// <summary>The role the portal works as: it owns no table and row-level security binds it.</summary>
    public const string Role = "portal_app";

    /// <summary>The policy of every walled table.</summary>
    public const string Policy = "portal_wall";

    /// <summary>Whether the connection is the system's.</summary>
    public const string System = "(SELECT portal_system())";
    private const string Saving = "(SELECT portal_saving())::uuid[]";

    /// <summary>What was said on the connection of the actor, by the name that the filters read it under.</summary>
    public static string? Said(string property) =>
        property switch
        {
            nameof(PortalDb.ActingMembershipId) => "(SELECT portal_id('membership'))",
            nameof(PortalDb.ActingPersonId) => "(SELECT portal_id('person'))",
            nameof(PortalDb.ActingOrganisationId) => "(SELECT portal_id('organisation'))",
            nameof(PortalDb.SeesAccess) => "(SELECT portal_flag('access'))",
            nameof(PortalDb.SeesAudit) => "(SELECT portal_flag('audit'))",
            nameof(PortalDb.SeesPeople) => "(SELECT portal_flag('people'))",
            nameof(PortalDb.IsDelegate) => "(SELECT portal_flag('delegate'))",
            nameof(PortalDb.OpensFiles) => "(SELECT portal_flag('files'))",
            _ => null,
        };

    /// <summary>Who sees a row, and which rows may be put in.</summary>
    /// <param name="Table">The table.</param>
    /// <param name="Sees">Condition of reading, changing and taking away.</param>
    /// <param name="Adds">Condition of what is put in: a record is there before its reach is, so it does not ask for it.</param>
    /// <param name="WrittenWith">
    /// Column of the record that it is written with, and never by itself; null where it has a will of its own.
    /// </param>
    public sealed record Rule(string Table, string Sees, string Adds = "true", string? WrittenWith = null);

    /// <summary>
    /// The rules, table by table: those of <see cref="Protection"/>, and of the reach and the words, which only this room reads.
    /// </summary>
    public static IReadOnlyList<Rule> Rules(IModel model) =>
        [
            new("Reach", Mine("\"Reach\".\"Audience\"", "\"Reach\".\"State\""), WrittenWith: nameof(Data.Reach.RecordId)),
            // A policy would keep the index of words from being used (docs/decisions/0009): words are walled against change only.
            new("SearchEntries", "true", WrittenWith: nameof(SearchEntry.RecordId)),
            .. Protection.Of(model).Select(r => r.Policy(model)),
        ];

    /// <summary>
    /// Whether an audience of a State is one of the actor's. IN and not ANY: the names are hashed once a statement and not gone through for
    /// each line.
    /// </summary>
    public static string Mine(string audience, string state) =>
        $"({audience} IN (SELECT unnest(portal_keys('whole'))) OR {audience} || '@' || {state} IN (SELECT unnest(portal_keys('scoped'))))";

    /// <summary>Whether a line of the reach of a record is there, with this condition.</summary>
    public static string Reached(string record, string? and = null) =>
        $"""(SELECT true FROM "Reach" r WHERE r."RecordId" = {record}{(and is null ? "" : " AND " + and)} LIMIT 1)""";

    // What was said on the connection. Nothing said is nobody: an empty list, no identifier.
    private static readonly string[] Functions =
    [
        "CREATE OR REPLACE FUNCTION portal_flag(name text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT coalesce(current_setting('portal.' || name, true) = 'on', false) $$",
        "CREATE OR REPLACE FUNCTION portal_id(name text) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT nullif(current_setting('portal.' || name, true), '')::uuid $$",
        "CREATE OR REPLACE FUNCTION portal_keys(name text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT string_to_array(current_setting('portal.' || name, true), ',') $$",
        "CREATE OR REPLACE FUNCTION portal_saving() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT string_to_array(current_setting('portal.saving', true), ',')::uuid[] $$",
        "CREATE OR REPLACE FUNCTION portal_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT coalesce(current_setting('portal.system', true) = 'on', false) $$",
    ];

    // Roles belong to the whole server: another database may be making this one now, and not every user may. `config check` says what came
    // of it.
    private const string CreateRole = $"""
        DO $wall$ BEGIN
            IF to_regrole('{Role}') IS NULL THEN
                CREATE ROLE {Role} NOLOGIN;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
        END $wall$
        """;

    private const string GrantRole = $"""
        DO $wall$ BEGIN
            IF to_regrole('{Role}') IS NOT NULL AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN
                EXECUTE format('GRANT {Role} TO %I', session_user);
            END IF;
        EXCEPTION WHEN unique_violation OR internal_error OR insufficient_privilege OR invalid_grant_operation THEN NULL;
        END $wall$
        """;

    // Rows, and nothing of the tables themselves. Tables of later versions, made by the same user, come with it; the log is only added to.
    private const string GrantTables = $"""
        DO $wall$ BEGIN
            IF to_regrole('{Role}') IS NULL THEN
                RETURN;
            END IF;
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO {Role}', current_schema());
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO {Role}', current_schema());
            EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO {Role}', current_schema());
            EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {Role}', current_schema());
            EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE, SELECT ON SEQUENCES TO {Role}', current_schema());
            IF to_regclass('"AuditEntries"') IS NOT NULL THEN
                REVOKE UPDATE, DELETE ON "AuditEntries" FROM {Role};
            END IF;
            IF to_regclass('"AuditHeads"') IS NOT NULL THEN
                REVOKE INSERT, DELETE ON "AuditHeads" FROM {Role};
            END IF;
            IF to_regclass('"__EFMigrationsHistory"') IS NOT NULL THEN
                REVOKE INSERT, UPDATE, DELETE ON "__EFMigrationsHistory" FROM {Role};
            END IF;
        END $wall$
        """;

    /// <summary>
    /// Raises the wall, as the owner of the tables. May be repeated; a table that is not there, in a database of an older version, is
    /// passed over.
    /// </summary>
    public static IEnumerable<string> Create(IModel model) =>
        [.. Functions, .. Rules(model).Select(Wall), CreateRole, GrantRole, GrantTables];

    private static string Wall(Rule rule) =>
        $"""
        DO $wall$ BEGIN
            IF to_regclass('"{rule.Table}"') IS NOT NULL THEN
                ALTER TABLE "{rule.Table}" ENABLE ROW LEVEL SECURITY;
                ALTER TABLE "{rule.Table}" FORCE ROW LEVEL SECURITY;
                DROP POLICY IF EXISTS {Policy} ON "{rule.Table}";
                DROP POLICY IF EXISTS portal_books ON "{rule.Table}";
                {(rule.WrittenWith is { } record
                    ? $"""
                        CREATE POLICY {Policy} ON "{rule.Table}" FOR SELECT USING ({rule.Sees});
                        CREATE POLICY portal_books ON "{rule.Table}" USING ({System} OR "{record}" = ANY({Saving}));
                        """
                    : $"""CREATE POLICY {Policy} ON "{rule.Table}" USING ({System} OR {rule.Sees}) WITH CHECK ({rule.Adds});""")}
            END IF;
        END $wall$
        """;

    /// <summary>
    /// Until the end of the transaction, opens the books (reach, words) of the records being saved: the new ones, and of the others those
    /// that
    /// the actor sees now. One that was attached without having been seen stays behind the wall, and saving it fails.
    /// </summary>
    public static async Task Open(PortalDb db, IEnumerable<Guid> added, IEnumerable<Guid> changed, CancellationToken ct)
    {
        if (!db.Database.IsNpgsql() || db.IsSystem)
            return;
        var (news, olds) = (string.Join(',', added), changed.ToArray());
        if (news.Length > 0 || olds.Length > 0)
            await db.Database.ExecuteSqlAsync(
                $"""
                SELECT set_config('portal.saving', concat_ws(',', nullif({news}, ''),
                    (SELECT string_agg(DISTINCT r."RecordId"::text, ',') FROM "Reach" r WHERE r."RecordId" = ANY({olds}))), true)
                """,
                ct
            );
    }

    /// <summary>Closes the books where the transaction, being the caller's, goes on.</summary>
    public static async Task Close(PortalDb db, CancellationToken ct)
    {
        if (db.Database.IsNpgsql() && !db.IsSystem)
            await db.Database.ExecuteSqlAsync($"SELECT set_config('portal.saving', '', true)", ct);
    }

    /// <summary>How the wall stands, as the connection meets it.</summary>
    /// <param name="User">Whom the portal works as.</param>
    /// <param name="Bypasses">Whether row-level security does not bind that user.</param>
    /// <param name="Gaps">Tables without a forced policy.</param>
    public sealed record State(string User, bool Bypasses, IReadOnlyList<string> Gaps);

    /// <summary>Looks at the wall.</summary>
    public static async Task<State> Look(PortalDb db, CancellationToken ct = default)
    {
        var user = (await db.Database.SqlQuery<string>($"SELECT current_user::text AS \"Value\"").ToListAsync(ct))[0];
        var bypasses = (
            await db
                .Database.SqlQuery<bool>($"SELECT rolsuper OR rolbypassrls AS \"Value\" FROM pg_roles WHERE rolname = current_user")
                .ToListAsync(ct)
        )[0];
        var walled = await db
            .Database.SqlQuery<string>(
                $"""
                SELECT c.relname::text AS "Value" FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = {Policy}
                WHERE c.relrowsecurity AND c.relforcerowsecurity AND c.relnamespace = current_schema()::regnamespace
                """
            )
            .ToListAsync(ct);
        return new State(user, bypasses, [.. Rules(db.Model).Select(r => r.Table).Except(walled)]);
    }
}

/// <summary>
/// Says on each connection that opens for whom it is, and takes the role that the wall binds: one statement, everything anew, since
/// connections
/// are pooled. Where it cannot, the connection is closed.
/// </summary>
internal sealed class SecondWallSettings : DbConnectionInterceptor
{
    // Before the wall stands in this database, and for work on the tables themselves, as whoever connects.
    private const string Say = $"""
        SELECT set_config('role', CASE WHEN NOT $1 AND to_regproc('portal_keys') IS NOT NULL AND pg_has_role(session_user, to_regrole('{SecondWall.Role}'), $2)
                THEN '{SecondWall.Role}' ELSE 'none' END, false),
            set_config('portal.system', $3, false), set_config('portal.whole', $4, false), set_config('portal.scoped', $5, false),
            set_config('portal.membership', $6, false), set_config('portal.person', $7, false), set_config('portal.organisation', $8, false),
            set_config('portal.access', $9, false), set_config('portal.audit', $10, false), set_config('portal.people', $11, false), set_config('portal.delegate', $12, false), set_config('portal.files', $14, false),
            set_config('portal.saving', '', false),
            set_config('default_transaction_read_only', $13, false)
        """;

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        try
        {
            using var command = Command((NpgsqlConnection)connection, eventData.Context as PortalDb);
            command.ExecuteNonQuery();
        }
        catch
        {
            connection.Close();
            throw;
        }
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await using var command = Command((NpgsqlConnection)connection, eventData.Context as PortalDb);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch
        {
            await connection.CloseAsync();
            throw;
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, PortalDb? db)
    {
        var keys = db?.Keys ?? Actor.Anonymous.Keys;
        // From version 16 on, belonging to a role and being able to take it are two things.
        var belonging = connection.PostgreSqlVersion.Major >= 16 ? "SET" : "MEMBER";
        var command = new NpgsqlCommand(Say, connection);
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = db?.IsOwner == true });
        foreach (
            var value in new[]
            {
                belonging,
                Flag(db?.IsSystem),
                string.Join(',', keys.Whole),
                string.Join(',', keys.Scoped),
                Id(db?.ActingMembershipId),
                Id(db?.ActingPersonId),
                Id(db?.ActingOrganisationId),
                Flag(db?.SeesAccess),
                Flag(db?.SeesAudit),
                Flag(db?.SeesPeople),
                Flag(db?.IsDelegate),
                Flag(db?.IsPreview),
                Flag(db?.OpensFiles),
            }
        )
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        return command;
    }

    private static string Flag(bool? on) => on == true ? "on" : "off";

    // Nobody has no identifier, and so has nothing that bears an empty one.
    private static string Id(Guid? id) => id is { } known && known != Guid.Empty ? known.ToString() : "";
}
