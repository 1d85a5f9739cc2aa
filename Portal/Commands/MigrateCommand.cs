using Portal.Data;

namespace Portal.Commands;

/// <summary>Brings the database up to this version.</summary>
public static class MigrateCommand
{
    /// <summary><c>migrate</c>.</summary>
    public static readonly Command Migrate = new(
        "migrate",
        "",
        "Creates the database or brings it up to this version, and registers the organisations every portal starts with: all of it or nothing. Safe to repeat, and after whatever broke it off.\n"
            + "Waits two minutes at most for another process that is at it.",
        Run
    );

    private static async Task Run(CommandContext context)
    {
        context.Arguments.Done();
        context.Say("Looking at the database…");
        await using var db = await context.Service<PortalStore>().OpenAsOwner("migrate");
        try
        {
            var done = await Upgrade.BringUp(db, context.Say);
            context.Say(
                done.Applied.Count == 0 ? "The database was up to date." : "Migrations applied: " + string.Join(", ", done.Applied) + "."
            );
            context.Say($"Organisations registered: {done.Organisations}.");
        }
        catch (Exception e) when (e is UpgradeBusy or InvalidOperationException)
        {
            throw new CommandFailed(e.Message);
        }
    }
}
