using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Imports;
using Portal.Identity;
using Portal.Imports;

namespace Portal.Access;

/// <summary>What a line of a file of people comes to.</summary>
public enum ImportOutcome
{
    /// <summary>Somebody without an account is invited.</summary>
    Invite,

    /// <summary>Somebody with an account gets a place.</summary>
    Add,

    /// <summary>The place, or the invitation to it, is there already.</summary>
    There,

    /// <summary>A rule says no.</summary>
    Refused,
}

/// <summary>A line of a file of people as it was read.</summary>
/// <param name="Number">Its line in the file.</param>
/// <param name="Email">Address.</param>
/// <param name="Name">Name, or empty.</param>
/// <param name="Organisation">Code of the organisation.</param>
/// <param name="Role">Role.</param>
/// <param name="From">First day, or empty.</param>
/// <param name="Until">Last day, or empty.</param>
/// <param name="Fault">Why it cannot be read, or null.</param>
public sealed record ImportLine(
    int Number,
    string Email,
    string Name,
    string Organisation,
    string Role,
    string From,
    string Until,
    string? Fault = null
);

/// <summary>A line and what it comes to.</summary>
/// <param name="Line">The line.</param>
/// <param name="Outcome">What it comes to.</param>
/// <param name="Why">Why it is refused.</param>
public sealed record ImportStep(ImportLine Line, ImportOutcome Outcome, Refusal? Why);

/// <summary>Places for many people from a file: first what each line would come to, then all of it in one transaction or nothing.</summary>
public sealed class PeopleImport(
    ActorSource actors,
    RecentCheck check,
    InvitationService invitations,
    ILookupNormalizer normalizer,
    TimeProvider clock
)
{
    /// <summary>Largest file, in bytes.</summary>
    public const int LargestFile = 1024 * 1024;

    /// <summary>Most lines.</summary>
    public const int MostLines = 1000;

    /// <summary>An empty file to fill in: its headings and nothing else.</summary>
    public static byte[] Template => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("email,name,organisation,role,from,until\r\n")];

    /// <summary>Reads a file: UTF-8 or UTF-16, with commas, semicolons or tabs.</summary>
    /// <exception cref="Refusal">It is empty, too large, in another encoding, without the columns, or too long.</exception>
    public static IReadOnlyList<ImportLine> Read(byte[] file)
    {
        Refusal.If(file.Length > LargestFile, "import.too_large");
        var rows = Table(file);
        Refusal.If(rows.Count == 0, "import.empty");
        var headings = rows[0].Cells.Select(c => Heading(c.Text)).ToList();
        var organisation = headings.Find(Organisation.Contains);
        Refusal.Unless(headings.Contains("email") && headings.Contains("role") && organisation is not null, "import.columns");
        var lines = new List<ImportLine>();
        foreach (var row in rows.Skip(1))
        {
            string Cell(string name) => headings.IndexOf(name) is >= 0 and var at && at < row.Cells.Count ? row.Cells[at].Text.Trim() : "";
            var line = new ImportLine(
                row.Number,
                Cell("email"),
                Cell("name"),
                Cell(organisation!),
                Cell("role"),
                Cell("from"),
                Cell("until"),
                row.Cells.Any(c => c.Refuses) ? "import.marks" : null
            );
            if (line.Fault is not null || (line.Email + line.Name + line.Organisation + line.Role).Length > 0)
                lines.Add(line);
            Refusal.If(lines.Count > MostLines, "import.too_many");
        }
        Refusal.If(lines.Count == 0, "import.empty");
        return lines;
    }

    private static readonly string[] Organisation = ["organisation", "organisationcode", "organization", "organizationcode"];

    private static string Heading(string said) => said.Trim().ToLowerInvariant().Replace(" ", "").Replace("_", "");

    // Read as tables of needs are: one line whose marks are not in order takes none of those below with it.
    private static IReadOnlyList<TableRow> Table(byte[] file)
    {
        try
        {
            var (rows, _, isGuess) = TextFile.Read(
                new MemoryStream(file),
                h => Heading(h) is "email" or "name" or "role" or "from" or "until" || Organisation.Contains(Heading(h)),
                "utf-8",
                null
            );
            Refusal.If(isGuess, "import.encoding");
            return rows;
        }
        catch (ImportUnreadable e)
        {
            var isTooLong = e.Code is "table.too_many_rows" or "table.too_large";
            throw new Refusal(isTooLong ? "import.too_many" : "import.encoding");
        }
    }

    /// <summary>What each line would come to; nothing is changed.</summary>
    public async Task<IReadOnlyList<ImportStep>> Plan(IReadOnlyList<ImportLine> lines)
    {
        await using var db = await Open();
        return [.. (await Planned(db, lines)).Select(p => p.Step)];
    }

    /// <summary>Carries out what was planned, all of it or nothing. Refused lines, and those there already, are left out.</summary>
    /// <exception cref="Refusal">
    /// A line would by now come to something else, nothing is left to do, or the last check of who sits here is too old.
    /// </exception>
    public async Task<int> CarryOut(IReadOnlyList<ImportStep> planned)
    {
        await check.Demand();
        await using var db = await Open();
        var done = 0;
        invitations.Prepare();
        await db.OneAtATime(
            PeopleRules.Turn,
            async () =>
            {
                var steps = await Planned(db, [.. planned.Select(p => p.Line)]);
                Refusal.Unless(
                    steps.Select(s => (s.Step.Outcome, s.Step.Why?.Code)).SequenceEqual(planned.Select(p => (p.Outcome, p.Why?.Code))),
                    "import.changed_meanwhile"
                );
                var todo = steps.Where(s => s.Step.Outcome is ImportOutcome.Invite or ImportOutcome.Add).ToList();
                Refusal.If(todo.Count == 0, "import.nothing");
                foreach (var (step, place) in todo)
                    CarryOut(db, step, place!);
                db.Audit(
                    new Act(
                        "people.imported",
                        0,
                        null,
                        $"Invite:{todo.Count(t => t.Step.Outcome == ImportOutcome.Invite)} Add:{todo.Count(t => t.Step.Outcome == ImportOutcome.Add)}"
                    ),
                    Section.Access
                );
                await db.SaveOrRefuse();
                done = todo.Count;
            }
        );
        return done;
    }

    private void CarryOut(PortalDb db, ImportStep step, Place place)
    {
        if (step.Outcome == ImportOutcome.Invite)
        {
            var (invitation, _) = invitations.Add(
                db,
                place.Organisation,
                new Invited(
                    place.Email,
                    place.Role,
                    null,
                    place.From > clock.GetUtcNow().UtcDateTime ? place.From : null,
                    place.Until,
                    step.Line.Name
                )
            );
            db.Audit(
                new Act(
                    "invitation.sent",
                    0,
                    null,
                    PeopleRules.Said(place.Role, place.Organisation, invitation.From, place.Until),
                    Subject: invitation.Id.ToString()
                ),
                Section.Access
            );
            return;
        }
        var membership = Membership.Of(place.PersonId!.Value, place.Organisation, place.Role, place.From, place.Until);
        db.Memberships.Add(membership);
        db.Audit(new Act("membership.added", 0, null, PeopleRules.Said(membership), Subject: membership.Id.ToString()), Section.Access);
        db.AccessChanged(membership.PersonId);
    }

    private sealed record Place(string Email, Guid? PersonId, Organisation Organisation, Role Role, DateTime From, DateTime? Until);

    // Everything the lines speak of is read at once; a thousand lines are a few questions.
    private async Task<List<(ImportStep Step, Place? Place)>> Planned(PortalDb db, IReadOnlyList<ImportLine> lines)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var organisations = await db.Organisations.ToDictionaryAsync(o => o.Code);
        var emails = lines.Select(l => normalizer.NormalizeEmail(l.Email)).Distinct().ToList();
        var people = await db
            .Users.Where(u => emails.Contains(u.NormalizedEmail!))
            .Select(u => new { u.Id, u.NormalizedEmail })
            .ToDictionaryAsync(u => u.NormalizedEmail!, u => u.Id);
        var ids = people.Values.ToList();
        var memberships = (await db.Memberships.Where(m => ids.Contains(m.PersonId)).AsNoTracking().ToListAsync()).ToLookup(m =>
            m.PersonId
        );
        var waiting = (
            await db
                .Invitations.Where(i => i.UsedAt == null && i.ExpiresAt > now)
                .Select(i => new
                {
                    i.Email,
                    i.OrganisationId,
                    i.Role,
                })
                .ToListAsync()
        ).Select(i => (normalizer.NormalizeEmail(i.Email), i.OrganisationId, i.Role)).ToHashSet();
        var asked = new HashSet<(string, Guid, Role)>();
        var room = new Dictionary<Guid, int>();
        var steps = new List<(ImportStep, Place?)>();
        foreach (var line in lines)
        {
            try
            {
                var place = Read(line, organisations, people, now, db.Actor);
                var key = (normalizer.NormalizeEmail(place.Email), place.Organisation.Id, place.Role);
                var isThere =
                    waiting.Contains(key)
                    || (
                        place.PersonId is { } id
                        && memberships[id]
                            .Any(m =>
                                m.OrganisationId == place.Organisation.Id && m.Role == place.Role && m.Overlaps(place.From, place.Until)
                            )
                    );
                Refusal.Unless(asked.Add(key), "import.repeated");
                if (!isThere && Delegation.IsLimited(place.Role))
                {
                    if (!room.TryGetValue(place.Organisation.Id, out var left))
                        left = place.Organisation.ContributorLimit - await PeopleRules.Contributors(db, place.Organisation.Id, now);
                    room[place.Organisation.Id] = left - 1;
                    Refusal.If(left <= 0, "membership.limit_reached");
                }
                steps.Add(
                    (
                        new ImportStep(
                            line,
                            isThere ? ImportOutcome.There
                                : place.PersonId is null ? ImportOutcome.Invite
                                : ImportOutcome.Add,
                            null
                        ),
                        place
                    )
                );
            }
            catch (Refusal refusal)
            {
                steps.Add((new ImportStep(line, ImportOutcome.Refused, refusal), null));
            }
        }
        return steps;
    }

    private Place Read(
        ImportLine line,
        Dictionary<string, Organisation> organisations,
        Dictionary<string, Guid> people,
        DateTime now,
        Actor actor
    )
    {
        if (line.Fault is { } fault)
            throw new Refusal(fault);
        var email = InvitationService.AddressOf(line.Email);
        Text.OptionalLine(line.Name, 200, "Name");
        Refusal.Unless(
            organisations.TryGetValue(line.Organisation.ToLowerInvariant(), out var organisation),
            "import.organisation_unknown"
        );
        Refusal.Unless(
            Enum.TryParse<Role>(line.Role.Replace(" ", ""), true, out var role) && Enum.IsDefined(role) && !char.IsDigit(line.Role[0]),
            "import.role_unknown"
        );
        // The States of a legal officer are assigned one by one.
        Refusal.If(role == Role.LegalOfficer, "import.legal_officer");
        var terms = new PlaceTerms(
            organisation!.Id,
            role,
            PlaceForm.FirstMoment(Day(line.From), DateOnly.FromDateTime(now), now),
            PlaceForm.EndOfDay(Day(line.Until)),
            []
        );
        Refusal.IfAny(terms.Problems(organisation.Kind, now));
        var person = people.TryGetValue(normalizer.NormalizeEmail(email), out var id) ? id : (Guid?)null;
        Refusal.If(person == actor.PersonId, "people.own");
        return new Place(email, person, organisation, role, terms.From > now ? terms.From.Value : now, terms.Until);
    }

    // As people write days; one whose day and month may be taken for each other is none.
    private static string? Day(string written) => WrittenDay.Read(written, "Until")?.ToString("O", CultureInfo.InvariantCulture);

    private async Task<PortalDb> Open()
    {
        var db = await actors.Open();
        if (Delegation.May(db.Actor, PeopleAct.ManageAll))
            return db;
        await db.DisposeAsync();
        throw new Refusal("people.not_yours");
    }
}
