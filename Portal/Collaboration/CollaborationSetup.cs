using Portal.Data;

namespace Portal.Collaboration;

/// <summary>The collaboration room's services.</summary>
public static class CollaborationSetup
{
    /// <summary>Adds drafts, activity, notices and the log.</summary>
    public static WebApplicationBuilder AddCollaboration(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped(typeof(Records<>));
        builder.Services.AddScoped<DraftService>();
        builder.Services.AddScoped<FieldWords>();
        builder.Services.AddScoped<ActivityService>();
        builder.Services.AddScoped<ThreadService>();
        builder.Services.AddScoped<NoticeService>();
        builder.Services.AddScoped<NoticeChoiceService>();
        builder.Services.AddScoped<ViewService>();
        builder.Services.AddSingleton<ViewWatcher>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ViewWatcher>());
        builder.Services.AddScoped<NoticeMails>();
        builder.Services.AddSingleton<NoticeMailer>();
        builder.Services.AddHostedService(services => services.GetRequiredService<NoticeMailer>());
        builder.Services.AddSingleton<ReadingLog>();
        builder.Services.AddSingleton<CountedActs>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CountedActs>());
        builder.Services.AddSingleton<AuditCheck>();
        builder.Services.AddScoped<AuditService>();
        return builder;
    }

    /// <summary>
    /// Where mail programs end mails by one click (RFC 8058): they bring no cookie and no token of a form, and the link alone says whose
    /// mails. It can do
    /// nothing but end them.
    /// </summary>
    public static void MapCollaboration(this WebApplication app) =>
        app.MapPost(
                "/account/unsubscribe/one-click",
                async (string? link, NoticeChoiceService choices) => await choices.Unsubscribe(link) ? Results.Ok() : Results.NotFound()
            )
            .AllowAnonymous()
            .DisableAntiforgery()
            .ExcludeFromDescription();
}
