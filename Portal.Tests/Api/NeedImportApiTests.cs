using Microsoft.EntityFrameworkCore;
using Portal.Domain.Assistance;
using Portal.Tests.Imports;

namespace Portal.Tests.Api;

/// <summary>A table of needs, for programs: sent, checked, looked at, taken; by the State alone.</summary>
public sealed class NeedImportApiTests
{
    private const string Imports = "/api/v1/needs/imports";

    private static async Task<Answer> Rested(HttpClient client, string address)
    {
        // The portal's own worker is at it; each look waits for an answer.
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); ; )
            if (
                await client.Get(address).Is(200) is var answer
                && (
                    (string?)answer.Json["stage"] is not ("Receiving" or "Checking" or "Applying")
                    || watch.Elapsed > TimeSpan.FromMinutes(1)
                )
            )
                return answer;
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_table_is_sent_checked_and_taken_row_by_row(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var (otieno, rosa, andrei) = (await host.As(Cast.Otieno), await host.As(Cast.Rosa), await host.As(Cast.Andrei));
        var sent = await otieno
            .Upload(
                Imports,
                "needs.csv",
                TableFiles.Csv(TableFiles.Row(), TableFiles.Row("K-2", "Second"), TableFiles.Row("K-3", theme: "NOTHING"))
            )
            .Is(201);
        var address = sent.Headers.Location!.OriginalString;
        Assert.Equal($"{Imports}/{sent.Json["id"]}", address);
        var import = (await Rested(otieno, address)).Json;
        Assert.Equal(("Checked", 2, 1), ((string?)import["stage"], (int)import["new"]!, (int)import["refused"]!));
        var rows = (await otieno.Get(address + "/rows").Is(200)).Json["items"]!.AsArray();
        Assert.Equal(["K-1", "K-2", "K-3"], rows.Select(r => (string)r!["ownReference"]!));
        Assert.Contains(rows[2]!["problems"]!.AsArray(), p => (string?)p!["code"] == "field.unknown_code" && (bool)p!["refuses"]!);
        // The refused row to take home, with its reasons; of another State it is not there.
        Assert.Contains("K-3", (await otieno.Get(address + "/refused?format=csv").Is(200)).Body);
        Assert.Contains("NOTHING", (await otieno.Get($"/needs/import/{sent.Json["id"]}/export?format=csv").Is(200)).Body);
        Assert.Equal(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            (await otieno.Get(address + "/refused?format=xlsx").Is(200)).ContentHeaders.ContentType!.MediaType
        );
        await otieno.Get(address + "/refused").Is(400, "export.format");
        await rosa.Get(address + "/refused?format=csv").Is(404);
        await rosa.Get($"/needs/import/{sent.Json["id"]}/export?format=csv").Is(404);
        await otieno.Get($"/programmes/import/{sent.Json["id"]}/export?format=csv").Is(404);
        await otieno.Post(address + "/apply", new { rows = Array.Empty<int>() }).Is(409, "import.nothing_chosen");
        await otieno.Post(address + "/apply", new { rows = new[] { 1, 2, 99 } }).Is(200);
        Assert.Equal(
            ("Done", 1),
            ((string?)(await Rested(otieno, address)).Json["stage"], (int)(await otieno.Get(address)).Json["taken"]!)
        );
        await using var db = await host.Db.AsSystem();
        Assert.Equal(
            ("KEN", NeedStatus.Draft, "Second"),
            await db.Needs.Select(n => new ValueTuple<string, NeedStatus, string>(n.StateIso3, n.Status, n.Title)).SingleAsync()
        );

        // Of another State it is not there, and as a file of activities it is none; CTED files no need for a State.
        foreach (var client in new[] { rosa, andrei })
        foreach (var path in new[] { "", "/rows" })
            Assert.Equal(
                (await client.Get($"{Imports}/{Guid.Empty}{path}").Is(404)).Everything,
                (await client.Get(address + path)).Everything
            );
        await andrei.Upload(Imports, "needs.csv", TableFiles.Csv(TableFiles.Row())).Is(404);
        await (await host.As(Cast.Ingrid)).Get(address).Is(403);
        await otieno.Upload(Imports, "needs.xml", "<a/>"u8.ToArray()).Is(422, "import.format");
        var second = (
            await otieno
                .Upload(Imports, "needs.csv", "№;Naam;description;theme;modalities\n1;A title;Text;CFT;TRAINING\n"u8.ToArray())
                .Is(201)
        )
            .Headers
            .Location!
            .OriginalString;
        Assert.Equal(1, (int)(await Rested(otieno, second)).Json["refused"]!);
        await otieno
            .Post(
                second + "/columns",
                new
                {
                    fields = new[] { "OwnReference", "Title", "Description", "Theme", "Modalities" },
                    encoding = (string?)(await otieno.Get(second)).Json["encoding"],
                }
            )
            .Is(200);
        Assert.Equal(1, (int)(await Rested(otieno, second)).Json["new"]!);
        await otieno.Delete(second).Is(204);
        // What the text was read in is a guess, and told to be one.
        var guessed = (
            await otieno
                .Upload(
                    Imports,
                    "needs.csv",
                    System.Text.CodePagesEncodingProvider.Instance.GetEncoding("windows-1256")!.GetBytes("own_reference,title\n1,أمن\n")
                )
                .Is(201)
        )
            .Headers
            .Location!
            .OriginalString;
        Assert.True((bool)(await Rested(otieno, guessed)).Json["isEncodingGuessed"]!);
        Assert.Equal("Discarded", (string?)(await otieno.Get(second)).Json["stage"]);
    }
}
