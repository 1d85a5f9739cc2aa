using Microsoft.EntityFrameworkCore;
using Portal.Committee;
using Portal.Domain.Access;
using Portal.Domain.Committee;

namespace Portal.Tests.Committee;

/// <summary>Access managers give seats and move States; whoever sits or no longer sits sees by it at once.</summary>
public sealed class BodyServiceTests
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(Cast.Now);

    [Theory, OnSqlite, OnPostgres]
    public async Task A_seat_counts_from_its_first_moment_and_no_longer_once_it_is_ended(Database database)
    {
        await using var test = await TestDb.Open(database);
        var malik = (await test.As(Cast.Malik)).Get<BodyService>();
        var wei = await test.ActorsAs(Cast.Wei);
        async Task<bool> Sees() => (await wei.Current()).Claims.Any(c => c.Audience == Audience.Subcommittee("C"));
        Assert.False(await Sees());
        await malik.Sit(Cast.Delegation.Code, Body.SubcommitteeC, Today.AddDays(3), Today.AddDays(20), Today);
        Assert.False(await Sees());
        Assert.NotNull(await wei.NextChange());
        test.Clock.Advance(TimeSpan.FromDays(4));
        Assert.True(await Sees());
        malik = (await test.As(Cast.Malik)).Get<BodyService>();
        var seat = (await malik.Read()).Bodies.Single(b => b.Body == Body.SubcommitteeC).Seats.Single(s => s.Code == Cast.Delegation.Code);
        Assert.True(seat.IsHeld);
        await malik.EndTerm(seat.Code, seat.Seat, null);
        Assert.False(await Sees());
        await using var db = await test.AsSystem();
        Assert.Equal(
            ["body.seat_given", "body.term_set"],
            await db.AuditEntries.Where(a => a.Code.StartsWith("body.")).OrderBy(a => a.Id).Select(a => a.Code).ToListAsync()
        );
    }

    [Theory, OnSqlite]
    public async Task A_body_has_one_chair(Database database)
    {
        await using var test = await TestDb.Open(database);
        var malik = (await test.As(Cast.Malik)).Get<BodyService>();
        await malik.Preside(Cast.SecondDelegation.Code, Body.Committee);
        var committee = (await malik.Read()).Bodies[0];
        Assert.Equal(Cast.SecondDelegation.Code, Assert.Single(committee.Seats, s => s.Seat.Chairs).Code);
    }

    [Theory, OnSqlite]
    public async Task Who_chaired_and_left_the_Committee_meanwhile_does_not_come_back_as_a_second_chair(Database database)
    {
        await using var test = await TestDb.Open(database);
        var malik = (await test.As(Cast.Malik)).Get<BodyService>();
        async Task<SeatRow> Seat(Body body, string code) =>
            (await malik.Read()).Bodies.Single(b => b.Body == body).Seats.Single(s => s.Code == code);
        // The second delegation chairs Subcommittee B, loses its seat in the Committee, and another takes the chair.
        var seat = await Seat(Body.Committee, Cast.SecondDelegation.Code);
        await malik.EndTerm(seat.Code, seat.Seat, null);
        await malik.Preside("committee-e", Body.SubcommitteeB);
        var back = Today.AddDays(1);
        test.Clock.Advance(TimeSpan.FromDays(2));
        malik = (await test.As(Cast.Malik)).Get<BodyService>();
        await malik.Sit(Cast.SecondDelegation.Code, Body.Committee, back, null, back);
        Assert.Equal(
            "committee-e",
            Assert.Single((await malik.Read()).Bodies.Single(b => b.Body == Body.SubcommitteeB).Seats, s => s.Seat.Chairs).Code
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_State_is_moved_with_a_reason(Database database)
    {
        await using var test = await TestDb.Open(database);
        var malik = (await test.As(Cast.Malik)).Get<BodyService>();
        Assert.Equal("Reason", (await Assert.ThrowsAsync<Refusal>(() => malik.Move("KEN", Body.SubcommitteeA, " "))).Field);
        await malik.Move("KEN", Body.SubcommitteeA, "Asked for by the chairs.");
        Assert.Equal("body.there_already", (await Assert.ThrowsAsync<Refusal>(() => malik.Move("KEN", Body.SubcommitteeA, "Again."))).Code);
        Assert.Contains("KEN", (await malik.Read()).Bodies.Single(b => b.Body == Body.SubcommitteeA).States);
        await using var db = await test.AsSystem();
        var moved = await db.AuditEntries.SingleAsync(a => a.Code == "body.state_moved");
        Assert.Equal(("SubcommitteeB", "SubcommitteeA", "state:KEN"), (moved.From, moved.To, moved.Subject));
    }

    [Theory, OnSqlite]
    public async Task The_bodies_are_read_by_CTED_and_the_delegations_and_by_nobody_else(Database database)
    {
        await using var test = await TestDb.Open(database);
        foreach (var player in Cast.All)
        {
            var service = (await test.As(player)).Get<BodyService>();
            if (player.Role.Kind() is OrganisationKind.Cted or OrganisationKind.Committee)
                Assert.Equal(player.Role == Role.AccessManager, (await service.Read()).MayKeep);
            else
                await Assert.ThrowsAsync<NotFound>(() => service.Read());
            if (player.Role != Role.AccessManager)
                Assert.Equal(
                    "body.not_yours_to_keep",
                    (await Assert.ThrowsAsync<Refusal>(() => service.Preside(Cast.Delegation.Code, Body.Committee))).Code
                );
        }
    }
}
