using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;

namespace Portal.Data;

/// <summary>
/// Matches beside the records that they are made of. What changes a record notes it in the same transaction and takes away at once what was
/// made of
/// more than is still shared; the rest is made anew by the matcher (docs/decisions/0018).
/// </summary>
internal static class MatchBook
{
    /// <summary>Name of the counter that moves when offers, weights or track records do.</summary>
    public const string Version = "matching-version";

    /// <summary>Notes that matches have to follow a record.</summary>
    public static void Note(PortalDb db, IProtected record)
    {
        if (
            record
            is not (
                StandingOffer
                or Proposal { Outcome: not null }
                or Need { Status: not (NeedStatus.Draft or NeedStatus.Submitted or NeedStatus.Returned) }
            )
        )
            return;
        db.MatchTasks.Add(new MatchTask { RecordId = record.Id, Kind = record.Kind });
    }

    /// <summary>
    /// Takes away the matches that were made for somebody of parts that they are no longer given, in the transaction that takes the parts.
    /// After the record's own
    /// row is written: whoever matches it meanwhile either is done, and what they wrote is found here, or waits for that row.
    /// </summary>
    public static async Task Narrow(PortalDb db, IEnumerable<IProtected> records, CancellationToken ct)
    {
        foreach (var record in records)
        {
            if (record is StandingOffer or Proposal { Outcome: not null })
                await db.MoveOn(Version, ct);
            if (record is not Need { Status: not (NeedStatus.Draft or NeedStatus.Submitted or NeedStatus.Returned) } need)
                continue;
            var cted = Audience.Cted.For(Need.Card);
            var lines = db.Matches.IgnoreQueryFilters([PortalDb.Visibility]).Where(m => m.NeedId == need.Id);
            if (!need.Status.IsMatched())
            {
                await lines.ExecuteDeleteAsync(ct);
                continue;
            }
            var made = await lines
                .Where(m => m.Audience != cted)
                .Select(m => new
                {
                    m.Audience,
                    m.OrganisationNumber,
                    m.Parts,
                })
                .Distinct()
                .ToListAsync(ct);
            if (made.Count == 0)
                continue;
            var numbers = made.ConvertAll(m => m.OrganisationNumber);
            var kinds = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Kind, ct);
            var standing = need.Status.IsShared() ? need.Consents.Where(c => c.Stands).Select(c => (c.AudienceKey, c.Parts)).ToList() : [];
            var narrowed = made.Where(m => !NeedRules.GivenTo(standing, kinds[m.OrganisationNumber], m.OrganisationNumber).Has(m.Parts))
                .Select(m => m.Audience)
                .Distinct()
                .ToList();
            if (narrowed.Count > 0)
                await lines.Where(m => narrowed.Contains(m.Audience)).ExecuteDeleteAsync(ct);
        }
    }

    /// <summary>
    /// Holds the rows of needs until the transaction ends, so that none of them changes while it is matched. On SQLite a transaction that
    /// writes is alone anyway.
    /// </summary>
    public static async Task Hold(PortalDb db, IReadOnlyList<Guid> needs, CancellationToken ct)
    {
        if (db.Database.IsNpgsql())
        {
            var ids = needs.ToArray();
            await db.Database.ExecuteSqlAsync($"""SELECT 1 FROM "Needs" WHERE "Id" = ANY({ids}) ORDER BY "Id" FOR SHARE""", ct);
        }
    }

    /// <summary>
    /// Replaces all matches of some needs, writing no more than what differs: most of a million lines stay as they are when something small
    /// changes, and writing
    /// them is nearly all that matching costs.
    /// </summary>
    public static async Task Replace(PortalDb db, IReadOnlyList<Guid> needs, IReadOnlyList<Match> matches, CancellationToken ct)
    {
        var lines = db.Matches.IgnoreQueryFilters([PortalDb.Visibility]).AsNoTracking();
        var before = await lines.Where(m => needs.Contains(m.NeedId)).ToDictionaryAsync(m => (m.NeedId, m.Audience, m.OfferId), ct);
        var written = matches.Where(m => !(before.Remove((m.NeedId, m.Audience, m.OfferId), out var same) && m.Says(same))).ToList();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        if (command is NpgsqlCommand postgres)
        {
            if (before.Count > 0)
                await Each(
                    postgres,
                    """DELETE FROM "Matches" m USING unnest($1, $2, $3) AS gone(need, audience, offer) WHERE m."NeedId" = need AND m."Audience" = audience AND m."OfferId" = offer""",
                    before.Values,
                    Keys,
                    ct
                );
            if (written.Count > 0)
                await Each(
                    postgres,
                    $"INSERT INTO {Columns} SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) {Anew}",
                    written,
                    Whole,
                    ct
                );
            return;
        }
        Each(command, """DELETE FROM "Matches" WHERE "NeedId" = $0 AND "Audience" = $1 AND "OfferId" = $2""", before.Values, 3);
        Each(command, $"INSERT INTO {Columns} VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8) {Anew}", written, 9);
    }

    private const string Columns =
        """ "Matches" ("NeedId", "Audience", "OfferId", "State", "OrganisationNumber", "Parts", "Rank", "Score", "Fits") """;
    private const string Anew = """
        ON CONFLICT ("NeedId", "Audience", "OfferId") DO UPDATE SET "State" = excluded."State", "OrganisationNumber" = excluded."OrganisationNumber", "Parts" = excluded."Parts",
        "Rank" = excluded."Rank", "Score" = excluded."Score", "Fits" = excluded."Fits"
        """;

    private static Task Each(
        NpgsqlCommand command,
        string text,
        IReadOnlyCollection<Match> matches,
        Action<NpgsqlCommand, IReadOnlyCollection<Match>> columns,
        CancellationToken ct
    )
    {
        command.CommandText = text;
        command.Parameters.Clear();
        columns(command, matches);
        return command.ExecuteNonQueryAsync(ct);
    }

    private static void Keys(NpgsqlCommand command, IReadOnlyCollection<Match> matches)
    {
        Add(command, matches.Select(m => m.NeedId));
        Add(command, matches.Select(m => m.Audience));
        Add(command, matches.Select(m => m.OfferId));
    }

    private static void Whole(NpgsqlCommand command, IReadOnlyCollection<Match> matches)
    {
        Keys(command, matches);
        Add(command, matches.Select(m => m.State));
        Add(command, matches.Select(m => m.OrganisationNumber));
        Add(command, matches.Select(m => (int)m.Parts));
        Add(command, matches.Select(m => m.Rank));
        Add(command, matches.Select(m => m.Score));
        Add(command, matches.Select(m => m.Fits));
    }

    // SQLite's driver works on the calling thread anyway.
    private static void Each(DbCommand command, string text, IEnumerable<Match> matches, int places)
    {
        command.CommandText = text;
        command.Parameters.Clear();
        var parameters = Enumerable.Range(0, places).Select(i => Place(command, i)).ToArray();
        foreach (var m in matches)
        {
            object[] values =
            [
                m.NeedId.ToByteArray(true),
                m.Audience,
                m.OfferId.ToByteArray(true),
                m.State,
                m.OrganisationNumber,
                (int)m.Parts,
                m.Rank,
                m.Score,
                m.Fits,
            ];
            for (var i = 0; i < parameters.Length; i++)
                parameters[i].Value = values[i];
            command.ExecuteNonQuery();
        }
    }

    private static void Add<T>(NpgsqlCommand command, IEnumerable<T> column) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. column] });

    private static DbParameter Place(DbCommand command, int number)
    {
        var place = command.CreateParameter();
        place.ParameterName = "$" + number;
        command.Parameters.Add(place);
        return place;
    }
}
