using Portal.Domain;
using Portal.Domain.Access;

namespace Portal.Shell;

/// <summary>A form over what a record says, as its fields on the screen know it.</summary>
public interface ITyped
{
    /// <summary>What is typed into a field, or chosen in it.</summary>
    object? this[string field] { get; set; }

    /// <summary>Its fields, one by one.</summary>
    IReadOnlyList<FormField> Each { get; }

    /// <summary>What a field takes.</summary>
    Limits Of(string field);

    /// <summary>What a field takes.</summary>
    /// <param name="Kind">A line, a day, a code …</param>
    /// <param name="Most">Most characters of a text.</param>
    /// <param name="IsOptional">Whether it may stay empty for good.</param>
    readonly record struct Limits(FieldKind Kind, int? Most, bool IsOptional);
}

/// <summary>
/// A form over what a record says: what is typed into each of its fields, as typed. Texts, amounts and days are text, codes are lists, and
/// what is chosen from an enumeration is its member. Lines of several answers stay as they are, unless a form of its own types them.
/// </summary>
/// <typeparam name="T">What the record says.</typeparam>
public class Typed<T> : ITyped
    where T : class, IContent<T>, new()
{
    private static readonly IReadOnlyList<FormField> Fields =
    [
        .. T
            .Fields.Where(f => f.Kind != FieldKind.Lines)
            .Select(f => new FormField(
                f.Name,
                Taken(f),
                form => ((Typed<T>)form)[f.Name],
                (form, said) => ((Typed<T>)form)[f.Name] = said
            )),
    ];

    private readonly Dictionary<string, object?> said;

    /// <summary>A form that nothing is typed into.</summary>
    public Typed()
        : this(new T()) { }

    /// <summary>A form that says what a record says.</summary>
    protected Typed(T content) => said = T.Fields.ToDictionary(f => f.Name, f => Shown(f, f.Get(content)));

    /// <summary>A form that says what a record says.</summary>
    public static Typed<T> Of(T content) => new(content);

    IReadOnlyList<FormField> ITyped.Each => Fields;

    /// <inheritdoc/>
    public object? this[string field]
    {
        get => said[field];
        set => said[T.Fields[field].Name] = value;
    }

    /// <inheritdoc/>
    public ITyped.Limits Of(string field) =>
        T.Fields[field] is var f ? new(f.Kind, f.Most, f.Needed == Needed.Never && f.Usual is null) : default;

    /// <summary>Reads the form.</summary>
    /// <param name="problems">Everything wrong with it, what cannot be read first.</param>
    /// <param name="isDraft">Whether what a draft may leave out may be missing.</param>
    public T Read(out IReadOnlyList<Refusal> problems, bool isDraft = false)
    {
        var (typed, content) = (new Typed(), new T());
        foreach (var field in T.Fields)
            field.Set(content, Read(typed, field) ?? field.Nothing);
        // No currency by itself is meant: a form has one chosen from the beginning.
        foreach (var currency in T.Fields.Where(f => f.IsIdle(content)))
            currency.Set(content, null);
        content = WithLines(content, typed);
        problems = typed.Before(T.Fields.Problems(content, isDraft));
        return content;
    }

    /// <summary>What is read, with the lines that are typed into a form of its own.</summary>
    protected virtual T WithLines(T content, Typed typed) => content;

    private object? Read(Typed typed, Field<T> field) =>
        field.Kind switch
        {
            FieldKind.Line or FieldKind.Prose => said[field.Name],
            FieldKind.Code or FieldKind.Currency => said[field.Name] is "" ? null : said[field.Name],
            FieldKind.Amount => typed.Amount((string?)said[field.Name], field.Name),
            FieldKind.Day => typed.Day((string?)said[field.Name], field.Name),
            FieldKind.Codes or FieldKind.Choices => Copy(field, said[field.Name]),
            FieldKind.Choice or FieldKind.Yes or FieldKind.Lines => said[field.Name],
        };

    private static object? Shown(Field<T> field, object? value) =>
        field.Kind switch
        {
            FieldKind.Line or FieldKind.Prose or FieldKind.Code or FieldKind.Yes or FieldKind.Lines => value,
            FieldKind.Currency => value ?? field.Usual,
            FieldKind.Amount => Typed.Of((decimal?)value),
            FieldKind.Day => Typed.Of((DateOnly?)value),
            FieldKind.Codes or FieldKind.Choices => Copy(field, value),
            FieldKind.Choice => Enum.IsDefined(field.Type, value!) ? value : field.Usual,
        };

    private static object Copy(Field<T> field, object? list) => Activator.CreateInstance(Taken(field), list)!;

    // What a form holds of a field while it is filled in.
    private static Type Taken(Field<T> field) =>
        field.Kind switch
        {
            FieldKind.Line or FieldKind.Prose or FieldKind.Code or FieldKind.Currency or FieldKind.Amount or FieldKind.Day =>
                typeof(string),
            FieldKind.Codes or FieldKind.Choices => typeof(List<>).MakeGenericType(field.Type.GenericTypeArguments),
            FieldKind.Choice or FieldKind.Yes or FieldKind.Lines => field.Type,
        };
}
