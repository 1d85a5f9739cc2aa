using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Matches;
using Portal.Data;
using Portal.Data.Demonstration;

namespace Portal.Commands;

/// <summary>Demonstration data, in Development only.</summary>
public static class DemoCommands
{
    /// <summary><c>demo accounts</c>.</summary>
    public static readonly Command Accounts = new(
        "demo accounts",
        "",
        "Lists the demonstration accounts as CSV: email,password,person,organisation,kind,role,state. One line for each place a person holds.",
        List
    );

    /// <summary><c>demo reset</c>.</summary>
    public static readonly Command Reset = new(
        "demo reset",
        "[--needs N] [--offers N] [--cycles N] [--seed N]",
        "Empties the database and fills it with demonstration data. The same seed gives the same data.\nRefused outside Development and where the database holds anything else.",
        Refill
    );

    private static async Task List(CommandContext context)
    {
        context.Arguments.Done();
        await using var db = await OpenForDemonstration(context);
        if (!await Exists(db) || !await DemonstrationData.IsMarked(db))
            throw new CommandFailed("this database holds no demonstration data. Run: demo reset");
        // A name that starts like a formula is written as text.
        await using var csv = new CsvWriter(
            context.Out,
            new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape, NewLine = "\n" },
            leaveOpen: true
        );
        await csv.WriteRecordsAsync(
            (await DemonstrationData.Accounts(db)).Select(a => new
            {
                email = a.Email,
                password = DemonstrationCast.Password,
                person = a.Person,
                organisation = a.Organisation,
                kind = a.Kind,
                role = a.Role,
                state = a.State,
            })
        );
    }

    private static async Task Refill(CommandContext context)
    {
        var size = new DemonstrationSize(
            context.Arguments.Number("seed", 0, int.MaxValue) ?? DemonstrationSize.DefaultSeed,
            context.Arguments.Number("needs", 1, 10_000_000),
            context.Arguments.Number("offers", 1, 1_000_000),
            context.Arguments.Number("cycles", 1, 20)
        );
        context.Arguments.Done();
        await using var db = await OpenForDemonstration(context);
        if (await Exists(db) && !await DemonstrationData.IsEmpty(db) && !await DemonstrationData.IsMarked(db))
            throw new CommandFailed("this database holds data that is not for demonstration; nothing was changed.");
        context.Say(await context.Service<DemonstrationData>().Reset(db, size, context.Say));
        // A million needs take minutes to match: here, so that the portal does not start with that work before it.
        await context.Service<Matcher>().MakeAll();
    }

    private static async Task<bool> Exists(PortalDb db) =>
        await db.Database.CanConnectAsync() && (await db.Database.GetAppliedMigrationsAsync()).Any();

    private static async Task<PortalDb> OpenForDemonstration(CommandContext context)
    {
        if (!context.App.Environment.IsDevelopment())
            throw new CommandFailed(
                "demonstration data is for Development only. Set ASPNETCORE_ENVIRONMENT=Development for a database that is meant for it."
            );
        return await context.Service<PortalStore>().OpenAsOwner("demonstration data");
    }
}
