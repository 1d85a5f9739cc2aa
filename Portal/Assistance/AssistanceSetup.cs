using Portal.Assistance.FollowUps;
using Portal.Assistance.Funding;
using Portal.Assistance.Matches;
using Portal.Assistance.Pictures;
using Portal.Assistance.States;
using Portal.Assistance.Traces;
using Portal.Lists;

namespace Portal.Assistance;

/// <summary>The assistance room's services.</summary>
public static class AssistanceSetup
{
    /// <summary>Adds needs and proposals.</summary>
    public static WebApplicationBuilder AddAssistance(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<ListService>();
        builder.Services.AddScoped<FileService>();
        builder.Services.AddScoped<MatchService>();
        builder.Services.AddScoped<FollowUpService>();
        builder.Services.AddScoped<RateService>();
        builder.Services.AddScoped<GapService>();
        builder.Services.AddScoped<PictureService>();
        builder.Services.AddScoped<ReportService>();
        builder.Services.AddSingleton<PublishedPicture>();
        builder.Services.AddSingleton<AssistanceDuties>();
        builder.Services.AddHostedService<AssistanceClock>();
        builder.Services.AddSingleton<Matcher>();
        builder.Services.AddHostedService<MatchWorker>();
        builder.Services.AddScoped<TraceService>();
        builder.Services.AddScoped<StateService>();
        return builder;
    }
}
