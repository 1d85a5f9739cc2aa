using System.Reflection;

namespace Portal;

/// <summary>Which portal this is, and the runtime it was built for.</summary>
internal static class PortalVersion
{
    /// <summary>The version as it was built.</summary>
    public static string Text =>
        typeof(PortalVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>
    /// The runtime that is at least to be there: the packages of the framework that this was built with are published with a runtime of the
    /// same number, and mend the
    /// same weaknesses.
    /// </summary>
    public static Version Runtime { get; } =
        Version.Parse(
            typeof(Microsoft.AspNetCore.Identity.EntityFrameworkCore.IdentityUserContext<>)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion.Split('+', '-')[0]
        );
}
