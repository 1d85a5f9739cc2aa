using Portal.Domain.Access;

namespace Portal.Commands;

/// <summary>A command failed for a reason that whoever typed it can mend.</summary>
/// <param name="reason">One plain sentence.</param>
public sealed class CommandFailed(string reason) : Exception(reason);

/// <summary>A command of the portal's executable.</summary>
/// <param name="Name">Its words: <c>demo reset</c>.</param>
/// <param name="Usage">What follows them.</param>
/// <param name="Help">What it does, in a few lines.</param>
/// <param name="Run">Does it and says what was done. Failures are <see cref="CommandFailed"/>.</param>
public sealed record Command(string Name, string Usage, string Help, Func<CommandContext, Task> Run);

/// <summary>What a command works with.</summary>
/// <param name="App">The portal, built and not started.</param>
/// <param name="Arguments">What was typed after its words.</param>
/// <param name="Out">Where it says what it did.</param>
public sealed record CommandContext(WebApplication App, Arguments Arguments, TextWriter Out)
{
    /// <summary>A service of the portal.</summary>
    public T Service<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>Says a line.</summary>
    public void Say(string line) => Out.WriteLine(line);
}

/// <summary>
/// Finds the command that was typed and runs it: exit code 0 when it did its work, 1 when it failed, 2 when it was not understood.
/// </summary>
public static class CommandLine
{
    /// <summary>Every command.</summary>
    public static readonly IReadOnlyList<Command> All =
    [
        MigrateCommand.Migrate,
        BackupCommands.Backup,
        BackupCommands.Restore,
        DemoCommands.Accounts,
        DemoCommands.Reset,
        ConfigCommand.Check,
        InviteCommand.Invite,
        MatchCommands.Rebuild,
        AuditCommands.Anchor,
        AuditCommands.Verify,
        IatiCommands.Import,
        TableCommands.Needs,
        TableCommands.Programmes,
        IatiCommands.Export,
    ];

    /// <summary>
    /// Keeps the log off standard output, which a command's answer has for itself, and off the log what a command says in a sentence: an
    /// empty database, a record that somebody else wrote first.
    /// </summary>
    public static void Prepare(WebApplicationBuilder builder) =>
        builder
            .Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None)
            .AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.None)
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o =>
                o.LogToStandardErrorThreshold = LogLevel.Trace
            );

    /// <summary>Runs what was typed, on the console.</summary>
    public static Task<int> Run(WebApplication app, string[] args) => Run(app, args, Console.Out, Console.Error);

    /// <summary>Runs what was typed.</summary>
    public static async Task<int> Run(WebApplication app, string[] args, TextWriter @out, TextWriter error)
    {
        var command = All.FirstOrDefault(c => args.Take(c.Name.Split(' ').Length).SequenceEqual(c.Name.Split(' ')));
        if (command is null)
        {
            var asked = args is ["help", ..] || Arguments.AskForHelp(args);
            var known = All.Where(c => args.Length > 0 && c.Name.Split(' ')[0] == args[0]).DefaultIfEmpty().All(c => c is null)
                ? All
                : [.. All.Where(c => c.Name.Split(' ')[0] == args[0])];
            await (asked ? @out : error).WriteLineAsync(
                (asked ? "" : $"There is no command \"{string.Join(' ', args)}\".\n")
                    + "Commands:\n"
                    + string.Join('\n', known.Select(Line))
            );
            return asked ? 0 : 2;
        }
        if (Arguments.AskForHelp(args))
        {
            await @out.WriteLineAsync($"{command.Name} {command.Usage}".TrimEnd() + "\n\n" + command.Help);
            return 0;
        }
        try
        {
            await command.Run(new CommandContext(app, new Arguments(args[command.Name.Split(' ').Length..]), @out));
            return 0;
        }
        catch (NotUnderstood e)
        {
            await error.WriteLineAsync($"{command.Name}: {e.Message} Try: {command.Name} --help");
            return 2;
        }
        catch (CommandFailed e)
        {
            await error.WriteLineAsync($"{command.Name}: {e.Message}");
            return 1;
        }
        catch (Refusal e)
        {
            await error.WriteLineAsync($"{command.Name}: refused ({e.Code}).");
            return 1;
        }
        catch (Exception e)
        {
            app.Logger.LogDebug(e, "{Command} failed", command.Name);
            await error.WriteLineAsync($"{command.Name}: {e.GetBaseException().Message}");
            return 1;
        }
    }

    private static string Line(Command command) => $"  {command.Name} {command.Usage}".TrimEnd();
}

/// <summary>What was typed is not what the command takes.</summary>
public sealed class NotUnderstood(string reason) : Exception(reason);

/// <summary>What was typed after a command's words: values and <c>--options</c>, each option with its value.</summary>
public sealed class Arguments
{
    private readonly List<string> values = [];
    private readonly Dictionary<string, string> options = [];

    /// <summary>Reads <c>--name value</c> and <c>--name=value</c>; all else is a value.</summary>
    /// <exception cref="NotUnderstood">An option has no value or comes twice.</exception>
    public Arguments(IReadOnlyList<string> typed)
    {
        for (var i = 0; i < typed.Count; i++)
        {
            if (!typed[i].StartsWith("--", StringComparison.Ordinal))
            {
                values.Add(typed[i]);
                continue;
            }
            var (name, value) =
                typed[i][2..].Split('=', 2) is [var before, var after] ? (before, after)
                : i + 1 < typed.Count && !typed[i + 1].StartsWith("--", StringComparison.Ordinal) ? (typed[i][2..], typed[++i])
                : throw new NotUnderstood($"{typed[i]} needs a value.");
            if (!options.TryAdd(name, value))
                throw new NotUnderstood($"--{name} is given twice.");
        }
    }

    /// <summary>Whether help is asked for.</summary>
    public static bool AskForHelp(IEnumerable<string> args) => args.Any(a => a is "--help" or "-h" or "-?");

    /// <summary>Takes an option that may be left out.</summary>
    public string? Option(string name) => options.Remove(name, out var value) ? value : null;

    /// <summary>Takes an option that is needed.</summary>
    public string Needed(string name) => Option(name) ?? throw new NotUnderstood($"--{name} is missing.");

    /// <summary>Takes a whole number that may be left out.</summary>
    public int? Number(string name, int least, int most) =>
        Option(name) is not { } text ? null
        : int.TryParse(text, out var number) && number >= least && number <= most ? number
        : throw new NotUnderstood($"--{name} takes a whole number from {least} to {most}.");

    /// <summary>Takes the next value, if there is one.</summary>
    public string? OptionalValue() => values.Count > 0 ? Value("") : null;

    /// <summary>Takes the next value.</summary>
    public string Value(string what)
    {
        if (values.Count == 0)
            throw new NotUnderstood($"{what} is missing.");
        var value = values[0];
        values.RemoveAt(0);
        return value;
    }

    /// <summary>Refuses what was typed and not taken: a mistyped option must not be passed over.</summary>
    public void Done()
    {
        if (values.Count > 0)
            throw new NotUnderstood($"\"{values[0]}\" is not expected.");
        if (options.Count > 0)
            throw new NotUnderstood($"--{options.Keys.First()} is not known.");
    }
}
