using Microsoft.Extensions.Configuration.Json;

namespace Portal;

/// <summary>
/// The settings for development lie beside the solution and are copied beside the program; <c>dotnet run</c> looks in the project's folder
/// only.
/// </summary>
internal static class DevelopmentSettings
{
    /// <summary>Reads them, before what the environment and the command line say.</summary>
    public static WebApplicationBuilder AddDevelopmentSettings(this WebApplicationBuilder builder)
    {
        if (
            !builder.Environment.IsDevelopment()
            || Path.GetFullPath(builder.Environment.ContentRootPath + "/") == Path.GetFullPath(AppContext.BaseDirectory + "/")
        )
            return builder;
        var sources = builder.Configuration.Sources;
        var source = new JsonConfigurationSource
        {
            Path = "appsettings.Development.json",
            Optional = true,
            FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(AppContext.BaseDirectory),
        };
        var last = sources.Select((s, i) => (s, i)).LastOrDefault(x => x.s is JsonConfigurationSource, (null!, -1)).i;
        sources.Insert(last + 1, source);
        return builder;
    }
}
