using System.Collections;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain;

/// <summary>What a field takes, and with that how a form draws it, a table to import reads it and a record keeps it.</summary>
public enum FieldKind
{
    /// <summary>A text of one line.</summary>
    Line,

    /// <summary>A text of any number of lines.</summary>
    Prose,

    /// <summary>A code of a list.</summary>
    Code,

    /// <summary>Codes of a list.</summary>
    Codes,

    /// <summary>A member of an enumeration.</summary>
    Choice,

    /// <summary>Members of an enumeration.</summary>
    Choices,

    /// <summary>Money in whole units.</summary>
    Amount,

    /// <summary>The currency of an amount.</summary>
    Currency,

    /// <summary>A day.</summary>
    Day,

    /// <summary>Yes or no.</summary>
    Yes,

    /// <summary>Lines of several answers each; how one is typed is its form's.</summary>
    Lines,
}

/// <summary>Until when a field may be left empty.</summary>
public enum Needed
{
    /// <summary>It may stay empty.</summary>
    Never,

    /// <summary>A draft may leave it out.</summary>
    Whole,

    /// <summary>Even a draft says it.</summary>
    Always,
}

/// <summary>What a record says, as it is entered.</summary>
public interface IContent;

/// <summary>A line of several answers, in a list of what a record says.</summary>
public interface ILine;

/// <summary>A line of several answers, which decides itself what of it is kept.</summary>
/// <typeparam name="TSelf">Itself.</typeparam>
public interface ILine<TSelf> : ILine
    where TSelf : class, ILine<TSelf>, new()
{
    /// <summary>What of it is kept.</summary>
    /// <exception cref="Refusal">An answer is missing or none.</exception>
    TSelf Kept(string field);
}

/// <summary>What a record says, as it is entered: one record of values, one table of what they may be.</summary>
/// <typeparam name="T">Itself.</typeparam>
public interface IContent<T> : IContent
    where T : class, IContent<T>, new()
{
    /// <summary>Its fields.</summary>
    static abstract Fields<T> Fields { get; }
}

/// <summary>A field of what a record says.</summary>
/// <typeparam name="T">All that the record says.</typeparam>
public sealed class Field<T>
    where T : class, new()
{
    private static readonly T Empty = new();
    private readonly PropertyInfo property;
    private readonly Func<T, object?, bool, object?> keep;

    internal Field(PropertyInfo property, FieldKind kind, Func<T, object?, bool, object?> keep) =>
        (this.property, Kind, this.keep, Nothing) = (property, kind, keep, property.GetValue(Empty));

    /// <summary>Its name in the code, in forms, in refusals and in words.</summary>
    public string Name => property.Name;

    /// <summary>What it takes.</summary>
    public FieldKind Kind { get; }

    /// <summary>The type of its values.</summary>
    public Type Type => property.PropertyType;

    /// <summary>Most characters of a text; null where it is none.</summary>
    public int? Most { get; internal init; }

    /// <summary>Until when it may be left empty.</summary>
    public Needed Needed { get; internal init; }

    /// <summary>Of a currency the amount.</summary>
    internal Func<T, decimal?>? Of { get; init; }

    /// <summary>Whether it is the currency of an amount that is not there.</summary>
    public bool IsIdle(T content) => Of is not null && Of(content) is null;

    /// <summary>What a form begins with where nothing is said: there something is always chosen.</summary>
    public object? Usual { get; internal init; }

    /// <summary>What it holds where nothing is said.</summary>
    public object? Nothing { get; }

    /// <summary>What it holds.</summary>
    public object? Get(T content) => property.GetValue(content);

    /// <summary>Puts something into a content that is being made.</summary>
    public void Set(T making, object? value) => property.SetValue(making, value);

    /// <summary>
    /// What it holds, so that two that say the same are the same: codes in an order of their own, texts as they are kept.
    /// </summary>
    public string Say(T content) =>
        Get(content) switch
        {
            null => "",
            string text => text.ReplaceLineEndings("\n").Trim().Normalize(NormalizationForm.FormC),
            Language language => Enum.IsDefined(language) ? language.Tag() : "",
            decimal amount => amount.ToString("0", CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
            IEnumerable lines when Kind == FieldKind.Lines => string.Join('\n', lines.Cast<object>()),
            IEnumerable many => string.Join("; ", many.Cast<object>().Select(one => $"{one}").Distinct().Order(StringComparer.Ordinal)),
            var other => other.ToString() ?? "",
        };

    /// <summary>What of it is kept.</summary>
    /// <exception cref="Refusal">What is said is none, or missing.</exception>
    internal object? Keep(T content, bool isDraft) => keep(content, Get(content), isDraft) ?? Nothing;
}

/// <summary>
/// The fields of what a kind of record says, in the order in which they are looked at, and the rules between them. The limits of forms, of
/// the API and of columns, what is refused and what is kept come from here.
/// </summary>
/// <typeparam name="T">All that the record says.</typeparam>
public sealed class Fields<T> : IEnumerable<Field<T>>
    where T : class, new()
{
    private readonly List<Field<T>> all = [];
    private readonly List<Action<T, bool>> checks = [];

    /// <summary>A text of one line.</summary>
    public Fields<T> Line(Expression<Func<T, string?>> of, int most, Needed needed = Needed.Never) =>
        Add<string?>(of, FieldKind.Line, (_, said, f, isDraft) => Line(said, most, f, IsNeeded(needed, isDraft)), most, needed);

    /// <summary>A text of any number of lines.</summary>
    public Fields<T> Prose(Expression<Func<T, string?>> of, int most, Needed needed = Needed.Never) =>
        Add<string?>(
            of,
            FieldKind.Prose,
            (_, said, f, isDraft) => IsNeeded(needed, isDraft) ? Text.Required(said, most, f) : Text.Optional(said, most, f),
            most,
            needed
        );

    /// <summary>A line that has a form of its own.</summary>
    /// <param name="of">The field.</param>
    /// <param name="most">Most characters.</param>
    /// <param name="keep">What is kept of it; refuses what has not that form.</param>
    public Fields<T> Line(Expression<Func<T, string?>> of, int most, Func<string?, string, string?> keep) =>
        Add<string?>(of, FieldKind.Line, (_, said, f, _) => keep(said, f), most);

    /// <summary>An identifier: a line with nothing in it that leaves no trace.</summary>
    public Fields<T> Identifier(Expression<Func<T, string?>> of, int most) => Line(of, most, (said, f) => Text.Identifier(said, most, f));

    /// <summary>A code of a list.</summary>
    /// <param name="of">The field.</param>
    /// <param name="find">The code as the list has it; null where it has none.</param>
    /// <param name="needed">Until when it may be left empty.</param>
    public Fields<T> Code(Expression<Func<T, string?>> of, Func<string, string?> find, Needed needed = Needed.Never) =>
        Add<string?>(
            of,
            FieldKind.Code,
            (_, said, f, isDraft) =>
            {
                if (string.IsNullOrEmpty(said))
                {
                    Refusal.If(IsNeeded(needed, isDraft), "field.required", f);
                    return null;
                }
                return find(said) ?? throw new Refusal("field.unknown_code", f);
            },
            needed: needed
        );

    /// <summary>Codes of a list, each once.</summary>
    public Fields<T> Codes(Expression<Func<T, IReadOnlyList<string>>> of, Func<string, bool> isKnown, Needed needed = Needed.Never) =>
        Add<IReadOnlyList<string>>(
            of,
            FieldKind.Codes,
            (_, said, f, isDraft) => Text.Codes(said, isKnown, f, IsNeeded(needed, isDraft)),
            needed: needed
        );

    /// <summary>A member of an enumeration.</summary>
    /// <param name="of">The field.</param>
    /// <param name="usual">The member that a form begins with.</param>
    public Fields<T> Choice<TEnum>(Expression<Func<T, TEnum>> of, TEnum usual = default)
        where TEnum : struct, Enum =>
        Add<TEnum>(
            of,
            FieldKind.Choice,
            (_, said, f, _) => Enum.IsDefined(said) ? said : throw new Refusal("field.unknown_code", f),
            needed: Needed.Always,
            usual: usual
        );

    /// <summary>Members of an enumeration, each once.</summary>
    public Fields<T> Choices<TEnum>(Expression<Func<T, IReadOnlyList<TEnum>>> of)
        where TEnum : struct, Enum =>
        Add<IReadOnlyList<TEnum>>(
            of,
            FieldKind.Choices,
            (_, said, f, _) => said.All(Enum.IsDefined) ? [.. said.Distinct()] : throw new Refusal("field.unknown_code", f)
        );

    /// <summary>Money in whole units.</summary>
    public Fields<T> Amount(Expression<Func<T, decimal?>> of) =>
        Add<decimal?>(
            of,
            FieldKind.Amount,
            (_, said, f, _) =>
            {
                Text.Amount(said, f);
                return said;
            }
        );

    /// <summary>The currency of an amount: needed with one, dropped without.</summary>
    public Fields<T> Currency(Expression<Func<T, string?>> of, Func<T, decimal?> amount) =>
        Add<string?>(
            of,
            FieldKind.Currency,
            (c, said, f, _) => Text.CurrencyFor(amount(c), said, f),
            3,
            amount: amount,
            usual: Currencies.Usual
        );

    /// <summary>A currency that no amount of its own needs: any of ISO 4217.</summary>
    /// <param name="of">The field.</param>
    /// <param name="usual">The one that is kept where none is said.</param>
    public Fields<T> AnyCurrency(Expression<Func<T, string?>> of, Func<T, string?> usual) =>
        Add<string?>(
            of,
            FieldKind.Currency,
            (c, said, f, _) =>
            {
                Refusal.Unless(said is null || Currencies.IsKnown(said), "field.unknown_code", f);
                return said ?? usual(c);
            },
            3
        );

    /// <summary>A day.</summary>
    public Fields<T> Day(Expression<Func<T, DateOnly?>> of, int firstYear = 2000) =>
        Add<DateOnly?>(
            of,
            FieldKind.Day,
            (_, said, f, _) =>
            {
                Text.Day(said, f, firstYear);
                return said;
            }
        );

    /// <summary>Yes or no.</summary>
    public Fields<T> Yes(Expression<Func<T, bool>> of) => Add<bool>(of, FieldKind.Yes, (_, said, _, _) => said);

    /// <summary>Lines of several answers each.</summary>
    public Fields<T> Lines<TLine>(Expression<Func<T, IReadOnlyList<TLine>>> of, int most)
        where TLine : class, ILine<TLine>, new() =>
        Add<IReadOnlyList<TLine>>(
            of,
            FieldKind.Lines,
            (_, said, f, _) =>
            {
                Refusal.If(said.Count > most, "field.too_many_lines", f);
                return [.. said.Select(line => line.Kept(f))];
            }
        );

    /// <summary>A rule between fields, or of one alone beyond what it takes.</summary>
    public Fields<T> Rule(Func<T, bool> isBroken, string code, string field)
    {
        checks.Add((c, _) => Refusal.If(isBroken(c), code, field));
        return this;
    }

    /// <summary>A field by its name.</summary>
    public Field<T> this[string name] => Find(name) ?? throw new ArgumentOutOfRangeException(nameof(name), name, null);

    /// <summary>A field by its name; null where there is none.</summary>
    public Field<T>? Find(string name) => all.Find(f => f.Name == name);

    /// <summary>Everything wrong with what is said, field by field.</summary>
    /// <param name="said">What is said.</param>
    /// <param name="isDraft">Whether what a draft may leave out may be missing.</param>
    public IReadOnlyList<Refusal> Problems(T said, bool isDraft = false) =>
        Refusal.Collect(checks.Select(check => (Action)(() => check(said, isDraft))));

    /// <summary>What a record keeps of what is said: without what nobody sees, each code once, no currency without an amount.</summary>
    /// <param name="copy">A copy of it, which becomes what is kept.</param>
    /// <param name="isDraft">Whether what a draft may leave out may be missing.</param>
    /// <exception cref="Refusal">Everything that is wrong.</exception>
    public T Kept(T copy, bool isDraft = false)
    {
        Refusal.IfAny(Problems(copy, isDraft));
        return Put(copy, all.ConvertAll(f => (f, f.Keep(copy, isDraft))));
    }

    /// <summary>What a record would keep of what is said, for what is compared before it is known to be right.</summary>
    /// <param name="copy">A copy of it, which becomes that.</param>
    public T Settled(T copy)
    {
        var settled = new List<(Field<T>, object?)>();
        // What is wrong with a field is left as it is said.
        Refusal.Collect(all.Select(f => (Action)(() => settled.Add((f, f.Keep(copy, isDraft: true))))));
        return Put(copy, settled);
    }

    private static T Put(T copy, List<(Field<T> Field, object? Value)> kept)
    {
        foreach (var (field, value) in kept)
            field.Set(copy, value);
        return copy;
    }

    /// <inheritdoc/>
    public IEnumerator<Field<T>> GetEnumerator() => all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsNeeded(Needed needed, bool isDraft) => needed == Needed.Always || (needed == Needed.Whole && !isDraft);

    private static string? Line(string? said, int most, string field, bool isNeeded) =>
        isNeeded ? Text.RequiredLine(said, most, field) : Text.OptionalLine(said, most, field);

    private Fields<T> Add<TValue>(
        LambdaExpression of,
        FieldKind kind,
        Func<T, TValue, string, bool, TValue> keep,
        int? most = null,
        Needed needed = Needed.Never,
        Func<T, decimal?>? amount = null,
        object? usual = null
    )
    {
        var property = (PropertyInfo)((MemberExpression)of.Body).Member;
        var field = new Field<T>(property, kind, (c, said, isDraft) => keep(c, (TValue)said!, property.Name, isDraft))
        {
            Most = most,
            Needed = needed,
            Of = amount,
            Usual = usual,
        };
        all.Add(field);
        checks.Add((c, isDraft) => field.Keep(c, isDraft));
        return this;
    }
}
