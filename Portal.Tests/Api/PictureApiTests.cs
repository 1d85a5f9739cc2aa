using Portal.Domain.Assistance;

namespace Portal.Tests.Api;

/// <summary>The picture of assistance and of a State, for programs: what the pages tell the same reader.</summary>
public sealed class PictureApiTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Each_reader_is_told_of_the_records_that_they_see(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        await host.Db.Save(
            need,
            Cast.NeedAt(NeedStatus.Draft),
            Cast.Programme()
                .SharedAs(new ProgrammeSharing(ProgrammeParts.Summary, ProgrammeParts.None, ProgrammeParts.None, ProgrammeParts.None))
        );
        var (amina, rosa, kenji) = (await host.As(Cast.Amina), await host.As(Cast.Rosa), await host.As(Cast.Kenji));
        var picture = (await amina.Get("/api/v1/assistance?by=Theme&currency=USD").Is(200)).Json;
        Assert.Equal(
            ("Theme", 1, 250_000m),
            ((string?)picture["by"], (int)picture["total"]!["needs"]!, (decimal)picture["total"]!["cost"]!)
        );
        Assert.Equal(0, (int)(await rosa.Get("/api/v1/assistance").Is(200)).Json["total"]!["needs"]!);
        var state = (await amina.Get("/api/v1/states/KEN/picture").Is(200)).Json;
        Assert.Equal(
            (3, 1, "Northern Development Agency"),
            ((int)state["records"]!, (int)state["allProgrammes"]!, (string?)state["programmes"]![0]!["provider"])
        );
        Assert.Null(state["programmes"]![0]!["budget"]); // the State was given the summary
        // Where nothing is seen, it is as if there were nothing, whichever State it is.
        var (seen, none) = (await kenji.Get("/api/v1/states/KEN/picture").Is(200), await kenji.Get("/api/v1/states/PER/picture").Is(200));
        Assert.Equal(none.Body.Replace("PER", "KEN", StringComparison.Ordinal), seen.Body);
        await amina.Get("/api/v1/states/XXX/picture").Is(404);
        foreach (
            var wrong in new[]
            {
                "/api/v1/assistance?by=Nothing",
                "/api/v1/assistance?currency=XXX",
                "/api/v1/assistance?year=12",
                "/api/v1/states/KEN/picture?theme=NOTHING",
            }
        )
            await amina.Get(wrong).Is(400, "request.parameters");
        await (await host.As(Cast.Malik)).Get("/api/v1/assistance").Is(403);
        await (await host.As(Cast.Malik)).Get("/api/v1/states/KEN/picture").Is(403);
        Assert.Equal(0, (int)(await amina.Get("/api/v1/assistance/published").Is(200)).Json["total"]!);
    }
}
