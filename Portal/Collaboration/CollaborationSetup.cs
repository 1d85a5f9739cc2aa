namespace Portal.Collaboration;

/// <summary>The collaboration room's services.</summary>
public static class CollaborationSetup
{
    /// <summary>Adds drafts, activity, notices and the log.</summary>
    public static WebApplicationBuilder AddCollaboration(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<DraftService>();
        builder.Services.AddScoped<ActivityService>();
        builder.Services.AddScoped<NoticeService>();
        builder.Services.AddSingleton<ReadingLog>();
        builder.Services.AddSingleton<AuditCheck>();
        builder.Services.AddScoped<AuditService>();
        return builder;
    }
}
