using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Api;

/// <summary>The API: the same services and rules as the pages, in JSON.</summary>
public static class ApiSetup
{
    /// <summary>Adds the API and its description.</summary>
    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<Problems>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, GateAnswers>();
        builder.Services.AddExceptionHandler<ApiFaults>();
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            var json = o.SerializerOptions;
            json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.AllowDuplicateProperties = false;
            json.NumberHandling = JsonNumberHandling.Strict;
            json.PropertyNameCaseInsensitive = false;
            json.MaxDepth = 16;
            json.Converters.Add(new ListNames());
            json.Converters.Add(new LanguageTags());
            json.Converters.Add(new OneName());
            json.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { SentContent.Read } };
        });
        builder.Services.AddOpenApi("v1", ApiDescription.Configure);
        return builder;
    }

    /// <summary>Puts the API's own answers around everything that may go wrong; before the other guards.</summary>
    public static void UseApi(this WebApplication app) => app.UseMiddleware<ApiGuard>();

    /// <summary>Maps the API, its description and files.</summary>
    public static void MapApi(this WebApplication app)
    {
        app.Use(next => http => ApiGuard.Answer(http, next));
        var api = app.MapGroup("/api/v1")
            .AddEndpointFilter<PlainNames>()
            .AddEndpointFilter<KnownNames>()
            .AddEndpointFilter<VersionTags>()
            .WithMetadata(new RequestSizeLimitAttribute(Uploads.LargestJson), new DisableAntiforgery());
        api.MapNeeds();
        api.MapProposals();
        api.MapMatches();
        api.MapAnswers();
        api.MapFollowUp();
        api.MapProgrammes();
        api.MapDossiers();
        api.MapRecommendations();
        api.MapImports();
        api.MapDirectory();
        api.MapTrace();
        api.MapGap();
        api.MapPictures();
        api.MapViews();
        api.MapReference();
        app.MapFiles();
        app.MapOpenApi().AllowAnonymous();
    }

    // Writes are guarded by where they come from (docs/decisions/0006-api-cookie-writes.md), not by a token in a form.
    private sealed class DisableAntiforgery : Microsoft.AspNetCore.Antiforgery.IAntiforgeryMetadata
    {
        public bool RequiresValidation => false;
    }

    /// <summary>Operations on the records of a kind: under its address, behind its section.</summary>
    internal static RouteGroupBuilder MapKind(
        this RouteGroupBuilder api,
        Kind kind,
        string beneath = "",
        string? tag = null,
        Level level = Level.View
    ) =>
        api.MapGroup(kind.List + beneath)
            .WithTags(tag ?? kind.Section.ToString())
            .RequireAuthorization(SectionAttribute.PolicyName(kind.Section, level));

    /// <summary>Operations on the records of a kind that are answered with the record.</summary>
    /// <param name="api">The API.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="says">What its records are, in a sentence.</param>
    /// <param name="one">Reads a record as the reader sees it.</param>
    internal static RecordRoutes<TService, TRecord> MapRecords<TService, TRecord>(
        this RouteGroupBuilder api,
        Kind kind,
        string says,
        Func<TService, string, CancellationToken, Task<TRecord>> one
    )
        where TService : class
        where TRecord : class => new(kind, api.MapKind(kind).WithMetadata(new KindText(kind.Section.ToString(), says)), one);

    /// <summary>What every operation behind a gate says of itself.</summary>
    internal static RouteHandlerBuilder Says(this RouteHandlerBuilder endpoint, string id, string summary, params int[] problems) =>
        endpoint.Public(id, summary, [401, 403, .. problems]);

    /// <summary>An act on a record: it may be hidden, not the reader's to do, or not the moment.</summary>
    internal static RouteHandlerBuilder Verb(this RouteHandlerBuilder endpoint, string id, string summary, params int[] problems) =>
        endpoint.Says(id, summary, [404, 409, .. problems]);

    /// <summary>What an open operation says of itself.</summary>
    internal static RouteHandlerBuilder Public(this RouteHandlerBuilder endpoint, string id, string summary, params int[] problems)
    {
        endpoint.WithName(id).WithSummary(summary);
        foreach (var status in problems.Concat([400, 429]).Distinct().Order())
            endpoint.Produces<Problem>(status, Problems.MediaType);
        return endpoint;
    }

    /// <summary>Languages by their tags: <c>zh-Hans</c>.</summary>
    internal sealed class LanguageTags : JsonConverter<Language>
    {
        public override Language Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var tag = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            foreach (var language in Languages.All)
                if (string.Equals(tag, language.Tag(), StringComparison.OrdinalIgnoreCase))
                    return language;
            throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, Language value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Tag());
    }

    /// <summary>Members of enumerations by their one name: no number, no list of names.</summary>
    internal sealed class OneName : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert))!;

        private sealed class Of<T> : JsonConverter<T>
            where T : struct, Enum
        {
            public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
                reader.TokenType == JsonTokenType.String && reader.GetString() is { } name && Enum.GetNames<T>().Contains(name)
                    ? Enum.Parse<T>(name)
                    : throw new JsonException();

            public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
                writer.WriteStringValue(value.ToString());
        }
    }
}

/// <summary>What the description says of the operations of a kind.</summary>
internal sealed record KindText(string Tag, string Text);
