using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Committee;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Identity;
using Portal.Shell;

namespace Portal.Committee;

/// <summary>A delegation's seat in a body.</summary>
/// <param name="Code">Code of the delegation.</param>
/// <param name="Name">Its name.</param>
/// <param name="Seat">The seat.</param>
/// <param name="IsHeld">Whether its term runs.</param>
public sealed record SeatRow(string Code, LocalName Name, Seat Seat, bool IsHeld);

/// <summary>A body, who sits in it and which States it considers.</summary>
/// <param name="Body">The body.</param>
/// <param name="Seats">Seats that are held or come, by delegation.</param>
/// <param name="States">ISO 3166-1 alpha-3 of the States it considers, by name; of the Committee none.</param>
public sealed record BodyView(Body Body, IReadOnlyList<SeatRow> Seats, IReadOnlyList<string> States);

/// <summary>The Committee and its subcommittees.</summary>
/// <param name="Bodies">The bodies.</param>
/// <param name="Delegations">The delegations, to give a seat to; for whoever keeps the bodies.</param>
/// <param name="MayKeep">Whether the reader may give seats and move States.</param>
public sealed record BodiesView(IReadOnlyList<BodyView> Bodies, IReadOnlyList<(string Code, LocalName Name)> Delegations, bool MayKeep);

/// <summary>
/// Who sits in the Committee and its three subcommittees, for which term, who chairs, and which subcommittee considers which State. Access
/// managers keep it, since whoever sits in a body sees what is put before it.
/// </summary>
public sealed class BodyService(ActorSource actors, RecentCheck check, TimeProvider clock)
{
    private const string Turn = "bodies";

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>The bodies as they stand.</summary>
    /// <exception cref="NotFound">The reader is of neither CTED nor the Committee.</exception>
    public async Task<BodiesView> Read(CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        if (!Bodies.CanSee(db.Actor))
            throw new NotFound();
        var (now, mayKeep) = (Now, Bodies.CanKeep(db.Actor));
        var organisations = await db
            .Organisations.AsNoTracking()
            .Where(o => o.Kind == OrganisationKind.Committee || o.Kind == OrganisationKind.MemberState)
            .ToListAsync(ct);
        var delegations = organisations
            .Where(o => o.Kind == OrganisationKind.Committee)
            .OrderBy(o => o.Name[Culture.Current], StringComparer.CurrentCulture)
            .ToList();
        var states = organisations
            .Where(o => o.ConsideredBy is not null)
            .OrderBy(o => o.Name[Culture.Current], StringComparer.CurrentCulture)
            .ToLookup(o => o.ConsideredBy!.Value, o => o.StateIso3!);
        return new BodiesView(
            [
                .. Enum.GetValues<Body>()
                    .Select(body => new BodyView(
                        body,
                        [
                            .. from o in delegations
                            from s in o.Seats
                            where s.Body == body && !(s.Until <= now)
                            orderby o.Name[Culture.Current], s.From
                            select new SeatRow(o.Code, o.Name, s, s.InForce(now)),
                        ],
                        [.. states[body]]
                    )),
            ],
            mayKeep ? [.. delegations.Select(o => (o.Code, o.Name))] : [],
            mayKeep
        );
    }

    /// <summary>Gives a delegation a seat.</summary>
    /// <param name="code">The delegation.</param>
    /// <param name="body">In which body.</param>
    /// <param name="from">First day.</param>
    /// <param name="until">Last day, which counts whole; null is without end.</param>
    /// <param name="today">The day it is where this is entered.</param>
    public Task Sit(string code, Body body, DateOnly from, DateOnly? until, DateOnly today) =>
        Keep(
            code,
            (o, actor, now) =>
            {
                var term = (From: Days.Start(from, today, now), Until: until is { } last ? Days.End(last) : (DateTime?)null);
                o.Sit(actor, body, term.From, term.Until, now);
                return new Act("body.seat_given", 0, To: $"{body} {from:O}–{until:O}", Subject: o.Code);
            }
        );

    /// <summary>Sets the last day of a term.</summary>
    /// <param name="code">The delegation.</param>
    /// <param name="seat">The seat as it was shown.</param>
    /// <param name="last">The last day, which counts whole; null ends it now.</param>
    public Task EndTerm(string code, Seat seat, DateOnly? last) =>
        Keep(
            code,
            (o, actor, now) =>
            {
                var until = last is { } day ? Days.End(day) : now;
                o.EndTerm(actor, seat, until, now);
                return new Act("body.term_set", 0, $"{seat.Body} {Last(seat.Until)}", $"{seat.Body} {Last(until)}", Subject: o.Code);
            }
        );

    /// <summary>Has a delegation chair a body in which it sits; whoever chaired it before no longer does.</summary>
    public Task Preside(string code, Body body) =>
        Keep(
            code,
            (o, actor, now) =>
            {
                o.Preside(actor, body, true, now);
                return new Act("body.chair_set", 0, To: body.ToString(), Subject: o.Code);
            },
            (others, actor, now) =>
            {
                foreach (var other in others.Where(o => o.Seats.Any(s => s.Chairs && s.Body == body)))
                    other.Preside(actor, body, false, now);
            }
        );

    /// <summary>Has another subcommittee consider a State. What is before a body already stays there.</summary>
    public Task Move(string iso3, Body to, string? why) =>
        Keep(
            iso3.ToLowerInvariant(),
            (o, actor, _) =>
            {
                var (from, reason) = (o.ConsideredBy, Text.Required(why, Grant.LongestReason, "Reason"));
                o.MoveTo(actor, to);
                return new Act("body.state_moved", 0, from?.ToString(), to.ToString(), reason, Subject: Audience.State(o.StateIso3!).Key);
            }
        );

    private static string Last(DateTime? until) => until is { } u ? Days.Last(u).ToString("O") : "";

    private async Task Keep(
        string code,
        Func<Organisation, Actor, DateTime, Act> act,
        Action<IEnumerable<Organisation>, Actor, DateTime>? others = null
    )
    {
        await check.Demand();
        await using var db = await actors.Open();
        Refusal.Unless(Bodies.CanKeep(db.Actor), "body.not_yours_to_keep");
        await db.OneAtATime(
            Turn,
            async () =>
            {
                var now = Now;
                var organisation = await db.Organisations.Where(o => o.Code == code).OneOrNotFound();
                if (others is not null)
                    others(
                        await db.Organisations.Where(o => o.Kind == OrganisationKind.Committee && o.Code != code).ToListAsync(),
                        db.Actor,
                        now
                    );
                db.Audit(act(organisation, db.Actor, now), Section.Access);
                await db.SaveOrRefuse();
            }
        );
    }
}

/// <summary>The services of the Committee's rooms.</summary>
public static class CommitteeSetup
{
    /// <summary>Adds them.</summary>
    public static WebApplicationBuilder AddCommittee(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<BodyService>();
        builder.Services.AddSingleton<HeadquartersTime>();
        return builder;
    }
}
