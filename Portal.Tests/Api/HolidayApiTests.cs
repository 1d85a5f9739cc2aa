using Portal.Domain.Calendar;

namespace Portal.Tests.Api;

/// <summary>What programs count working days by.</summary>
public sealed class HolidayApiTests
{
    [Fact]
    public async Task Programs_of_everybody_signed_in_read_a_year_of_it()
    {
        await using var host = await ApiHost.Start();
        await using (var db = await host.Db.AsSystem())
        {
            db.Holidays.Add(Holiday.Registered(new DateOnly(2027, 1, 1), HolidayName.NewYear));
            await db.SaveChangesAsync();
        }
        var amina = await host.As(Cast.Amina);
        var read = (await amina.Get("/api/v1/holidays?year=2027").Is(200)).Json.AsArray();
        Assert.Equal("2027-01-01", (string?)read[0]!["day"]);
        Assert.Equal(("NewYear", "New Year’s Day"), ((string?)read[0]!["code"], (string?)read[0]!["name"]));
        // The present one where none is named.
        Assert.Single((await amina.Get("/api/v1/holidays").Is(200)).Json.AsArray());
        await amina.Get("/api/v1/holidays?year=1999").Is(404);
        await amina.Get("/api/v1/holidays?year=soon").Is(400);
        await (await host.As(null)).Get("/api/v1/holidays").Is(401);
    }
}
