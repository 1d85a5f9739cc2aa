using System.Text;
using Portal.Domain.Assistance;
using Portal.Exports;

namespace Portal.Tests.Api;

/// <summary>
/// Days by which needs are answered as calendar files: by the same rules as the needs, and well-formed whatever a title says.
/// </summary>
public sealed class CalendarTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_calendar_holds_the_days_of_what_the_reader_may_see(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var shared = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        await host.Db.Save(shared);
        var draft = await host.Need(NeedStatus.Draft);
        var ingrid = await host.As(Cast.Ingrid);
        var one = await ingrid.Get($"/api/v1/needs/{shared.Reference}/calendar").Is(200);
        Assert.Equal("text/calendar", one.ContentHeaders.ContentType?.MediaType);
        Assert.Equal("attachment", one.ContentHeaders.ContentDisposition?.DispositionType);
        Assert.Contains($"DTSTART;VALUE=DATE:{Cast.ReplyBy:yyyyMMdd}\r\nDTEND;VALUE=DATE:{Cast.ReplyBy.AddDays(1):yyyyMMdd}\r\n", one.Body);
        Assert.Contains($"URL:{ApiHost.Base}/needs/{shared.Reference}", one.Body);
        Assert.Contains(shared.Reference, (await ingrid.Get("/api/v1/needs/calendar").Is(200)).Body);
        var kenji = await host.As(Cast.Kenji);
        Assert.DoesNotContain("NEED-", (await kenji.Get("/api/v1/needs/calendar").Is(200)).Body);
        Assert.Equal(
            (await kenji.Get("/api/v1/needs/NEED-2027-9999/calendar").Is(404)).Everything,
            (await kenji.Get($"/api/v1/needs/{shared.Reference}/calendar").Is(404)).Everything
        );
        await (await host.As(Cast.Amina)).Get($"/api/v1/needs/{draft.Reference}/calendar").Is(404);
        await (await host.As(null)).Get("/api/v1/needs/calendar").Is(401);
    }

    [Fact]
    public void Lines_are_folded_between_characters_and_no_title_begins_one_of_its_own()
    {
        var title =
            string.Concat(Enumerable.Repeat("مكافحة الإرهاب 反恐 😀, ; \\ ", 20)) + "\r\nEND:VCALENDAR\nATTACH:https://evil.example";
        var file = Encoding.UTF8.GetString(
            CalendarFile.Of(
                [new(Guid.NewGuid(), new DateOnly(2027, 6, 1), title, title, "https://portal.example.org/needs/NEED-2027-0001")],
                Cast.Now
            )
        );
        var lines = file.Split("\r\n");
        Assert.All(lines, l => Assert.InRange(Encoding.UTF8.GetByteCount(l), 0, 75));
        Assert.DoesNotContain('\n', string.Concat(lines));
        Assert.Single(lines, l => l == "END:VCALENDAR");
        Assert.DoesNotContain(lines, l => l.StartsWith("ATTACH", StringComparison.Ordinal));
        var unfolded = file.Replace("\r\n ", "");
        Assert.Contains(
            "SUMMARY:"
                + title.Replace("\\", "\\\\").Replace(",", "\\,").Replace(";", "\\;").Replace("\r\n", "\\n").Replace("\n", "\\n")
                + "\r\n",
            unfolded
        );
    }
}
