using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using Portal.Domain;

namespace Portal.Api;

/// <summary>
/// What a record says, as programs send it: all of it, each time. A member that is left out or null says nothing, and it is the rules that
/// refuse what has to be said. Its limits in the description are those of its fields.
/// </summary>
internal static class SentContent
{
    /// <summary>On an operation that takes what a record says: how that is described.</summary>
    internal sealed record Described(Action<OpenApiDocument> In);

    /// <summary>Whether a type is what a kind of record says, and not what is answered of it.</summary>
    public static bool Is(Type type) => type.IsAssignableTo(typeof(IContent)) && type.IsNested;

    /// <summary>What it is called in the description: <c>ProposalContent</c>.</summary>
    public static string? NameOf(Type type) =>
        Is(type) ? type.DeclaringType!.Name + type.Name
        : type.IsConstructedGenericType && type.GenericTypeArguments is [var said] && Is(said)
            ? $"{type.Name.Split('`')[0]}Of{NameOf(said)}"
        : null;

    /// <summary>Reads what is null as nothing said.</summary>
    public static void Read(JsonTypeInfo info)
    {
        if (!Is(info.Type) && !info.Type.IsAssignableTo(typeof(ILine)))
            return;
        var empty = Activator.CreateInstance(info.Type)!;
        foreach (var member in info.Properties)
        {
            var nothing = member.Get!(empty);
            if (member.PropertyType.IsEnum)
                member.CustomConverter = (JsonConverter)
                    Activator.CreateInstance(typeof(Chosen<>).MakeGenericType(member.PropertyType), nothing)!;
            if (member.Set is { } set)
                member.Set = (content, said) => set(content, Whole(said) ?? nothing);
        }
    }

    // One of a list that is null is one that says nothing.
    private static object? Whole(object? said)
    {
        if (said is IEnumerable<string?> codes)
            return codes.Select(c => c ?? "").ToList();
        if (said is IEnumerable<ILine?> and IList lines)
            for (var i = 0; i < lines.Count; i++)
                lines[i] ??= Activator.CreateInstance(lines.GetType().GenericTypeArguments[0]);
        return said;
    }

    /// <summary>Describes what may be left out when it is sent, how long texts may be, and what an answer always says.</summary>
    /// <param name="document">The description.</param>
    /// <param name="answer">The answer that says it, too; null where it is said in another shape.</param>
    public static void Describe<T>(OpenApiDocument document, string? answer = null)
        where T : class, IContent<T>, new()
    {
        var schemas = document.Components!.Schemas!;
        var members = schemas[NameOf(typeof(T))!].Properties!;
        foreach (var field in T.Fields)
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(field.Name);
            if (answer is not null && field.Nothing is not null)
                schemas[answer].Required!.Add(name);
            // A line is answered as it is sent: it is none without what it has to say.
            if (field.Kind == FieldKind.Lines && schemas[field.Type.GenericTypeArguments[0].Name] is OpenApiSchema line)
                line.Required = line.Properties!.Where(m => m.Value.Type?.HasFlag(JsonSchemaType.Null) != true)
                    .Select(m => m.Key)
                    .ToHashSet();
            if (members[name] is OpenApiSchema plain)
            {
                plain.Type |= JsonSchemaType.Null;
                plain.MaxLength = field.Most;
            }
            else
                members[name] = new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, members[name]] };
        }
    }

    // No member of an enumeration says nothing: where none is sent there stands a number that is none of them.
    private sealed class Chosen<T>(T nothing) : JsonConverter<T>
        where T : struct, Enum
    {
        public override bool HandleNull => true;

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? nothing : Of(options).Read(ref reader, typeToConvert, options);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            if (Enum.IsDefined(value))
                Of(options).Write(writer, value, options);
            else
                writer.WriteNullValue();
        }

        private static JsonConverter<T> Of(JsonSerializerOptions options) => (JsonConverter<T>)options.GetConverter(typeof(T));
    }
}
