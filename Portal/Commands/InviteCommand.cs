using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Identity;

namespace Portal.Commands;

/// <summary>Invites someone without mail: how the first administrator gets in.</summary>
public static class InviteCommand
{
    /// <summary><c>invite</c>.</summary>
    public static readonly Command Invite = new(
        "invite",
        "EMAIL --organisation CODE --role ROLE [--states KEN,PER]",
        "Invites someone to act for an organisation and prints the link, which holds for seven days and counts once.\n"
            + "Roles: "
            + string.Join(", ", Enum.GetNames<Role>())
            + ".\n--states: the States assigned to a legal officer.",
        Run
    );

    private static async Task Run(CommandContext context)
    {
        var email = context.Arguments.Value("EMAIL");
        var code = context.Arguments.Needed("organisation").ToLowerInvariant();
        var role =
            Enum.TryParse<Role>(context.Arguments.Needed("role"), ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)
                ? parsed
                : throw new NotUnderstood("--role is none of " + string.Join(", ", Enum.GetNames<Role>()) + ".");
        var states =
            context
                .Arguments.Option("states")
                ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(s => s.ToUpperInvariant())
                .ToList()
            ?? [];
        context.Arguments.Done();
        if (states.Find(s => MemberStates.Find(s) is null) is { } unknown)
            throw new NotUnderstood($"--states: {unknown} is no Member State.");
        if (states.Count > 0 && role != Role.LegalOfficer)
            throw new NotUnderstood("--states is for a LegalOfficer.");
        await using var db = await context.Service<PortalStore>().OpenAsSystem("invite by command");
        if (!await db.Database.CanConnectAsync() || (await db.Database.GetPendingMigrationsAsync()).Any())
            throw new CommandFailed("the database is not ready. Run: migrate");
        var organisation =
            await db.Organisations.FirstOrDefaultAsync(o => o.Code == code)
            ?? throw new CommandFailed(
                $"there is no organisation \"{code}\". Those that run the portal are \"{ReferenceOrganisations.Operations}\", a Member State goes by its ISO code."
            );
        if (role.Kind() != organisation.Kind)
            throw new CommandFailed(
                $"{role} is no role in {organisation.Name.En}: it belongs to an organisation of the kind {role.Kind()}."
            );
        using var scope = context.App.Services.CreateScope();
        var link = await scope.ServiceProvider.GetRequiredService<InvitationService>().Invite(null, email, organisation.Id, role, states);
        context.Say($"Invited {email} as {role} of {organisation.Name.En}. The link is shown this once:");
        context.Say(link);
    }
}
