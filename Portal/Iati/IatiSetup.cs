using Portal.Imports;

namespace Portal.Iati;

/// <summary>The room of publication: programmes in and out as IATI files.</summary>
public static class IatiSetup
{
    /// <summary>Adds import and export.</summary>
    public static WebApplicationBuilder AddIati(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IatiImport>();
        builder.Services.AddSingleton<IFileImport>(services => services.GetRequiredService<IatiImport>());
        builder.Services.AddScoped<IatiExport>();
        return builder;
    }
}
