using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Shell;

/// <summary>A field of a form, for what goes through all of them: keeping, comparing, taking over.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Get">What a form holds of it.</param>
/// <param name="Set">Puts something into a form.</param>
public sealed record FormField(string Name, Type Type, Func<object, object?> Get, Action<object, object?> Set)
{
    /// <summary>The fields of a form: those of what the record says, and its own properties.</summary>
    public static IReadOnlyList<FormField> Of<T>()
        where T : class, new() => All<T>.Fields;

    /// <summary>The properties of a form, or of a line in it.</summary>
    public static IEnumerable<FormField> Own(Type type) =>
        type.GetProperties()
            .Where(p => p is { CanRead: true, SetMethod.IsPublic: true } && p.GetIndexParameters().Length == 0)
            .Select(p => new FormField(p.Name, p.PropertyType, p.GetValue, p.SetValue));

    /// <summary>A form in JSON.</summary>
    public static JsonObject Json<T>(T form)
        where T : class, new() =>
        new(Of<T>().Select(f => KeyValuePair.Create(f.Name, JsonSerializer.SerializeToNode(f.Get(form), f.Type))));

    /// <summary>Another that says the same.</summary>
    public static T Copy<T>(T form)
        where T : class, new()
    {
        var copy = new T();
        foreach (var field in Of<T>())
            field.Set(copy, field.Copy(field.Get(form)));
        return copy;
    }

    /// <summary>A value of this field that no other form holds.</summary>
    public object? Copy(object? value) => JsonSerializer.SerializeToElement(value, Type).Deserialize(Type);

    private static class All<T>
        where T : class, new()
    {
        public static readonly IReadOnlyList<FormField> Fields = [.. (new T() as ITyped)?.Each ?? [], .. Own(typeof(T))];
    }
}
