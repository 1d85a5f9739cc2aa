using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Commands;

/// <summary>Brings the database up to this version.</summary>
public static class MigrateCommand
{
    /// <summary><c>migrate</c>.</summary>
    public static readonly Command Migrate = new("migrate", "", "Creates the database or brings it up to this version, and registers the organisations every portal starts with. Safe to repeat.", Run);

    private static async Task Run(CommandContext context)
    {
        context.Arguments.Done();
        await using var db = await context.Service<PortalStore>().OpenAsOwner("migrate");
        // Asked of a database that does not exist yet, the provider would report an error.
        var pending = await db.Database.CanConnectAsync() ? (await db.Database.GetPendingMigrationsAsync()).ToList() : [.. db.Database.GetMigrations()];
        await db.Database.MigrateAsync();
        await SecondWall.Raise(db);
        var added = await ReferenceOrganisations.Register(db);
        context.Say(pending.Count == 0 ? "The database was up to date." : "Migrations applied: " + string.Join(", ", pending) + ".");
        context.Say($"Organisations registered: {added}.");
    }
}
