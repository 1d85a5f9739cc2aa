using Microsoft.EntityFrameworkCore;
using Portal.Data.Demonstration;

namespace Portal.Data;

/// <summary>What has to stand before the first request.</summary>
public static class DataStart
{
    /// <summary>
    /// In Development the database is migrated and, where <c>Portal:DemoData</c> says so and it is empty, filled with demonstration data.
    /// Elsewhere nothing is changed by starting: an operator migrates.
    /// </summary>
    /// <returns>False, having said why on standard error, where the portal must not start.</returns>
    public static async Task<bool> PrepareDatabase(this WebApplication app)
    {
        var store = app.Services.GetRequiredService<PortalStore>();
        var demonstration = app.Configuration.GetValue("Portal:DemoData", false);
        Console.WriteLine("Looking at the database…");
        if (!app.Environment.IsDevelopment())
        {
            await using var asIs = await store.OpenAsSystem("look at the database");
            return await MayStart(asIs, demonstration);
        }
        await using var db = await store.OpenAsOwner("prepare the database");
        try
        {
            await Upgrade.BringUp(db, Console.WriteLine);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync(
                $"The database cannot be brought up to this version. {e.Message}\nIf it holds demonstration data only: dotnet run --project Portal -- demo reset"
            );
            return false;
        }
        catch (UpgradeBusy busy)
        {
            await Console.Error.WriteLineAsync(busy.Message);
            return false;
        }
        if (!demonstration)
            return true;
        var data = app.Services.GetRequiredService<DemonstrationData>();
        if (await DemonstrationData.IsUnfinished(db))
        {
            Console.WriteLine("Demonstration data was broken off while it was written; writing it anew…");
            await data.Reset(db, new DemonstrationSize(), Console.WriteLine);
        }
        else if (await DemonstrationData.IsEmpty(db))
        {
            Console.WriteLine("Writing demonstration data…");
            await data.Seed(new DemonstrationSize());
        }
        if (await DemonstrationData.IsMarked(db))
            // Nobody waits for the list.
            app.Lifetime.ApplicationStarted.Register(() => _ = Introduce(app));
        return true;
    }

    private static async Task<bool> MayStart(PortalDb db, bool demonstration)
    {
        var problem =
            demonstration ? "Portal:DemoData is for Development only; set it to false or leave it out."
            : !await db.Database.CanConnectAsync()
                ? "The database cannot be reached or does not exist yet. Check ConnectionStrings:Portal, then run: Portal migrate"
            : Upgrade.OtherEdition(await db.Database.GetAppliedMigrationsAsync(), [.. db.Database.GetMigrations()]) is { } other ? other
            : (await db.Database.GetPendingMigrationsAsync()).Any()
                ? "The database is older than this version of the portal. Make a backup, then run: Portal migrate"
            : await DemonstrationData.IsMarked(db)
                ? "This database holds demonstration data, whose passwords are published; it may be opened in Development only."
            : null;
        if (problem is not null)
            await Console.Error.WriteLineAsync(problem);
        return problem is null;
    }

    private static async Task Introduce(WebApplication app)
    {
        await Task.Yield();
        await using var db = await app.Services.GetRequiredService<PortalStore>().OpenAsSystem("name the demonstration accounts");
        var accounts = await DemonstrationData.Accounts(db);
        Console.WriteLine("Demonstration data. Accounts, all with the password " + DemonstrationCast.Password);
        foreach (var account in accounts)
            Console.WriteLine($"  {account.Role, -20} {account.Email, -32} {account.Organisation}");
    }
}
