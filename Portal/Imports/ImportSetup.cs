namespace Portal.Imports;

/// <summary>The room of what comes in by files: received, checked, chosen from and taken, whatever file it is.</summary>
public static class ImportSetup
{
    /// <summary>Adds imports.</summary>
    public static WebApplicationBuilder AddImports(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ImportTurns>();
        builder.Services.AddSingleton<ImportBook>();
        builder.Services.AddSingleton<ImportRunner>();
        builder.Services.AddSingleton<ImportBell>();
        builder.Services.AddSingleton<TableFields>();
        builder.Services.AddSingleton<NeedRows>();
        builder.Services.AddSingleton<ProgrammeRows>();
        builder.Services.AddSingleton<TableImport>();
        builder.Services.AddSingleton<IFileImport>(services => services.GetRequiredService<TableImport>());
        builder.Services.AddHostedService<ImportWorker>();
        builder.Services.AddScoped<ImportService>();
        builder.Services.AddScoped<TableTemplate>();
        builder.Services.AddScoped<ProblemWords>();
        builder.Services.AddScoped<RefusedRows>();
        return builder;
    }
}
