using Portal.Data;

namespace Portal.Mail;

/// <summary>The mail room's services.</summary>
public static class MailSetup
{
    /// <summary>Adds the sender and what administrators see of it.</summary>
    public static WebApplicationBuilder AddMail(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => MailSettings.Of(services.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton<MailSender>();
        builder.Services.AddHostedService(services => services.GetRequiredService<MailSender>());
        builder.Services.AddScoped<MailComposer>();
        builder.Services.AddScoped<OutboxService>();
        return builder;
    }

    /// <summary>
    /// <c>/health/mail</c>: whether mail flows. It is apart from <c>/health/ready</c>: a portal whose mail is stuck still serves.
    /// </summary>
    public static void MapMail(this WebApplication app) =>
        app.MapGet(
                "/health/mail",
                async (PortalStore store, MailSettings settings, TimeProvider clock, CancellationToken ct) =>
                {
                    await using var db = await store.OpenAsSystem("say whether mail flows");
                    return await OutboxService.Flow(db, settings, clock, ct) switch
                    {
                        MailFlow.NoServer => Results.Text("no mail server is configured: mails wait in the outbox"),
                        MailFlow.Flowing => Results.Text("mail flows"),
                        MailFlow.Stuck => Results.Text(
                            "mail is stuck: see /admin/outbox",
                            statusCode: StatusCodes.Status503ServiceUnavailable
                        ),
                    };
                }
            )
            .AllowAnonymous();
}
