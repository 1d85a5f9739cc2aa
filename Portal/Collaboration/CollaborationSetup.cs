namespace Portal.Collaboration;

/// <summary>The collaboration room's services.</summary>
public static class CollaborationSetup
{
    /// <summary>Adds drafts, activity and notices.</summary>
    public static WebApplicationBuilder AddCollaboration(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<DraftService>();
        builder.Services.AddScoped<ActivityService>();
        builder.Services.AddScoped<NoticeService>();
        return builder;
    }
}
