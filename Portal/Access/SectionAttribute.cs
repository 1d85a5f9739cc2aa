using Microsoft.AspNetCore.Authorization;
using Portal.Domain.Access;

namespace Portal.Access;

/// <summary>
/// A page's or endpoint's gate: a section and the least level in it. It opens the room; what is shown in it is decided record by record.
/// A law fails a page or endpoint that has neither this, <see cref="SignedInAttribute"/> nor [AllowAnonymous].
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SectionAttribute(Section section, Level level = Level.View) : AuthorizeAttribute(PolicyName(section, level))
{
    /// <summary>Section entered.</summary>
    public Section Section { get; } = section;

    /// <summary>Least level.</summary>
    public Level Level { get; } = level;

    /// <summary>Name of the policy; AuthorizeRouteView and endpoints both read policies, and only those.</summary>
    public static string PolicyName(Section section, Level level) => $"section:{section}:{level}";
}

/// <summary>
/// A page's gate: CTED staff with a level in a section; others who enter the section do so for their own State or organisation and have
/// nothing to set in it.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class StaffAttribute(Section section, Level level = Level.View) : AuthorizeAttribute(PolicyName(section, level))
{
    /// <summary>Section entered.</summary>
    public Section Section { get; } = section;

    /// <summary>Least level.</summary>
    public Level Level { get; } = level;

    /// <summary>Name of the policy.</summary>
    public static string PolicyName(Section section, Level level) => $"staff:{section}:{level}";
}

/// <summary>A page's gate: anyone acting under a membership.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SignedInAttribute() : AuthorizeAttribute(Name)
{
    /// <summary>Name of the policy.</summary>
    public const string Name = "signed-in";
}

/// <summary>A page's gate: those who may do something with people's places, by their own section or by delegation.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class PeopleAttribute(PeopleAct act) : AuthorizeAttribute(PolicyName(act))
{
    /// <summary>What they may do.</summary>
    public PeopleAct Act { get; } = act;

    /// <summary>Name of the policy.</summary>
    public static string PolicyName(PeopleAct act) => "people:" + act;
}

/// <inheritdoc cref="PeopleAttribute"/>
internal sealed class PeopleRequirement(PeopleAct act) : IAuthorizationRequirement
{
    public PeopleAct Act { get; } = act;
}

/// <inheritdoc cref="PeopleAttribute"/>
internal sealed class PeopleHandler(ActorSource actors) : AuthorizationHandler<PeopleRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PeopleRequirement requirement)
    {
        if (Delegation.May(await actors.Current(), requirement.Act))
            context.Succeed(requirement);
    }
}

/// <summary>Asks the actor, fresh, whether a gate opens.</summary>
internal sealed class SectionRequirement(Section? section, Level level, bool staff = false) : IAuthorizationRequirement
{
    public bool Staff { get; } = staff;
    public Section? Section { get; } = section;
    public Level Level { get; } = level;
}

/// <inheritdoc cref="SectionRequirement"/>
internal sealed class SectionHandler(ActorSource actors, GrantUse use) : AuthorizationHandler<SectionRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, SectionRequirement requirement)
    {
        var actor = await actors.Current();
        if (!actor.IsSignedIn || (requirement.Section is { } closed && actor.LevelIn(closed) < requirement.Level))
            return;
        if (requirement is { Staff: true, Section: { } office } && actor.LevelAs(Audience.Cted, office, null) < requirement.Level)
            return;
        use.Acted(actor);
        if (requirement.Section is { } section)
            use.Entered(actor, section);
        context.Succeed(requirement);
    }
}

/// <summary>The access room's services.</summary>
public static class AccessSetup
{
    /// <summary>Adds gates and the source of actors.</summary>
    public static WebApplicationBuilder AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<KnownActors>();
        builder.Services.AddSingleton<GrantUse>();
        builder.Services.AddHostedService(services => services.GetRequiredService<GrantUse>());
        builder.Services.AddScoped<ActorSource>();
        builder.Services.AddScoped<RefusalLog>();
        builder.Services.AddScoped<GrantService>();
        builder.Services.AddScoped<AccessMatrix>();
        builder.Services.AddScoped<RequestService>();
        builder.Services.AddScoped<RequestCourse>();
        builder.Services.AddScoped<ReviewCourse>();
        builder.Services.AddScoped<ReviewService>();
        builder.Services.AddSingleton<AccessKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AccessKeeper>());
        builder.Services.AddScoped<ExplainService>();
        builder.Services.AddSingleton<Viewings>();
        builder.Services.AddHostedService<ViewingKeeper>();
        builder.Services.AddScoped<ViewAsService>();
        builder.Services.AddScoped<PeopleService>();
        builder.Services.AddScoped<VacancyService>();
        builder.Services.AddScoped<PeopleInvitations>();
        builder.Services.AddScoped<PeopleImport>();
        builder.Services.AddScoped<OrganisationService>();
        builder.Services.AddScoped<IAuthorizationHandler, SectionHandler>();
        builder.Services.AddScoped<IAuthorizationHandler, PeopleHandler>();
        var policies = builder
            .Services.AddAuthorizationBuilder()
            .AddPolicy(SignedInAttribute.Name, p => p.AddRequirements(new SectionRequirement(null, Level.View)));
        foreach (var section in Enum.GetValues<Section>())
        foreach (var level in Enum.GetValues<Level>())
        {
            policies.AddPolicy(SectionAttribute.PolicyName(section, level), p => p.AddRequirements(new SectionRequirement(section, level)));
            policies.AddPolicy(
                StaffAttribute.PolicyName(section, level),
                p => p.AddRequirements(new SectionRequirement(section, level, staff: true))
            );
        }
        foreach (var act in Enum.GetValues<PeopleAct>())
            policies.AddPolicy(PeopleAttribute.PolicyName(act), p => p.AddRequirements(new PeopleRequirement(act)));
        return builder;
    }
}
