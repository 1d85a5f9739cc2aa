using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Identity;

namespace Portal.Api;

/// <summary>The API's description: OpenAPI 3.1 at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    private const string Session = "session",
        Token = "token";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1", StringComparison.Ordinal) == true;
        // Programs know a kind as the list of which they keep views.
        options.CreateSchemaReferenceId = type =>
            type.Type == typeof(Kind) ? "ViewedList" : SentContent.NameOf(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddSchemaTransformer(
            (schema, context, _) =>
            {
                var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
                if (type.IsEnum)
                {
                    schema.Type = JsonSchemaType.String;
                    schema.Enum =
                    [
                        .. (type == typeof(Language) ? Languages.All.Select(l => l.Tag()) : Enum.GetNames(type)).Select(n =>
                            JsonValue.Create(n)
                        ),
                    ];
                }
                else if (type == typeof(Kind))
                {
                    schema.Type = JsonSchemaType.String;
                    schema.Enum = [.. Kinds.Listed.Select(k => JsonValue.Create(k.Plural))];
                    schema.Description = "Lists that views are saved of.";
                }
                return Task.CompletedTask;
            }
        );
        options.AddOperationTransformer(
            (operation, context, _) =>
            {
                var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                foreach (var parameter in metadata.OfType<ListParameters>().SelectMany(p => p.Parameters))
                    Add(operation, Described(parameter));
                if (metadata.OfType<Inputs.VersionHeader>().Any())
                    Add(
                        operation,
                        new OpenApiParameter
                        {
                            Name = "If-Match",
                            In = ParameterLocation.Header,
                            Required = true,
                            Description = "The version received, in quotes.",
                            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                        }
                    );
                if (metadata.OfType<Inputs.OneFile>().Any())
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Required = true,
                        Content = new Dictionary<string, OpenApiMediaType>
                        {
                            ["multipart/form-data"] = new()
                            {
                                Schema = new OpenApiSchema
                                {
                                    Type = JsonSchemaType.Object,
                                    Required = new HashSet<string> { "file" },
                                    Properties = new Dictionary<string, IOpenApiSchema>
                                    {
                                        ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                                    },
                                },
                            },
                        },
                    };
                if (metadata.OfType<IAllowAnonymous>().Any())
                    operation.Security = [];
                return Task.CompletedTask;
            }
        );
        options.AddDocumentTransformer(
            (document, context, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Technical Assistance Portal",
                    Version = "1",
                    Description =
                        "Needs of Member States and the proposals that answer them, as the reader may see them: the same rules as the pages. "
                        + "A record that is not for the reader does not exist for them. Problems are RFC 9457; their code is stable and their words are in the reader's language (Accept-Language). "
                        + "Amounts are whole units of their currency; moments are UTC.",
                    License = new OpenApiLicense { Name = "MIT License", Identifier = "MIT" },
                };
                var said = context
                    .DescriptionGroups.SelectMany(g => g.Items)
                    .SelectMany(d => d.ActionDescriptor.EndpointMetadata)
                    .Distinct()
                    .ToList();
                var kinds = said.OfType<KindText>()
                    .GroupBy(k => k.Tag)
                    .ToDictionary(g => g.Key, g => string.Join(' ', g.Select(k => k.Text)));
                foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
                    tag.Description = tag.Name switch
                    {
                        { } name when kinds.TryGetValue(name, out var text) => text,
                        "Directory" => "Providers and partner organisations, and their standing offers.",
                        "Matches" => "Needs and the standing offers that fit them.",
                        "Answers" => "Questions and answers to needs in circulation.",
                        "Follow-up" => "From help begun to whether the need was met.",
                        "Trace" => "The chain from paragraph to outcome, and the funding gap.",
                        "Picture" => "What is asked for, given and still needed, in all and of one State.",
                        "Saved views" => "Searches, filters and orders of lists, kept under a name by the membership acted under.",
                        _ => "Codes and names, the same for everyone.",
                    };
                document.Servers = [new OpenApiServer { Url = "/" }];
                document.Components ??= new OpenApiComponents();
                foreach (var content in said.OfType<SentContent.Described>())
                    content.In(document);
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [Token] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = "bearer",
                        Description =
                            "A personal access token, made under Account, Security: for chosen sections, reading or writing, until a day. It does no more than its owner may at that moment.",
                    },
                    [Session] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.ApiKey,
                        In = ParameterLocation.Cookie,
                        Name = context.ApplicationServices.GetRequiredService<PortalCookies>().Session,
                        Description = "The cookie of a signed-in session. Writes are taken from the portal's own origin only.",
                    },
                };
                document.Security =
                [
                    new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] },
                    new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Session, document)] = [] },
                ];
                return Task.CompletedTask;
            }
        );
    }

    private static void Add(OpenApiOperation operation, OpenApiParameter parameter) => (operation.Parameters ??= []).Add(parameter);

    private static OpenApiParameter Described(Parameter parameter)
    {
        var one = new OpenApiSchema { Type = parameter.Most is null ? JsonSchemaType.String : JsonSchemaType.Integer };
        if (parameter.Most is { } most)
            (one.Minimum, one.Maximum) = ("1", most.ToString(System.Globalization.CultureInfo.InvariantCulture));
        // The 193 States are a list of their own.
        if (parameter.Values?.Invoke().ToList() is { Count: < 100 } values)
            one.Enum = [.. values.Select(v => JsonValue.Create(v))];
        return new OpenApiParameter
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Text,
            Schema = parameter is { Many: true } ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one } : one,
        };
    }
}
