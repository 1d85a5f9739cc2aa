namespace Portal.Iati;

/// <summary>The room of publication: programmes in and out as IATI files.</summary>
public static class IatiSetup
{
    /// <summary>Adds import and export.</summary>
    public static WebApplicationBuilder AddIati(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IatiImport>();
        builder.Services.AddSingleton<ImportBell>();
        builder.Services.AddHostedService<ImportWorker>();
        builder.Services.AddScoped<ImportService>();
        builder.Services.AddScoped<IatiExport>();
        return builder;
    }
}
