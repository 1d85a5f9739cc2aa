using System.Text.Json;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>
/// A form while it is filled in: what it says, and what the record said when it began, so that what somebody else saved meanwhile is never
/// written over unseen. What only the other changed is taken over, what both changed is the writer's to choose; both are shown.
/// </summary>
/// <typeparam name="T">The fields of the form, as typed.</typeparam>
public sealed class Editing<T>
    where T : class, new()
{
    /// <summary>The refusal of a verb whose record has moved on.</summary>
    public const string Stale = "record.changed_meanwhile";

    private static readonly IReadOnlyList<FormField> Fields = FormField.Of<T>();

    private T present;

    private Editing(T form, T? opened, T present, Guid version, bool isNew) =>
        (Form, Opened, this.present, Version, IsNew) = (form, opened, present, version, isNew);

    /// <summary>A form that makes something new.</summary>
    /// <param name="empty">What it says before anything is typed.</param>
    public static Editing<T> New(T empty) => new(FormField.Copy(empty), null, empty, Guid.Empty, true);

    /// <summary>A form over a record.</summary>
    /// <param name="record">What the record says now.</param>
    /// <param name="version">Its version; empty where there is none yet.</param>
    public static Editing<T> Of(T record, Guid version) => new(FormField.Copy(record), record, record, version, false);

    /// <summary>What the form says.</summary>
    public T Form { get; private set; }

    /// <summary>What the record said when the form began; null where that is not known, or where there is no record yet.</summary>
    public T? Opened { get; private set; }

    /// <summary>The version that is saved over: what it says has been taken into account.</summary>
    public Guid Version { get; private set; }

    /// <summary>Whether saving makes something new.</summary>
    public bool IsNew { get; }

    /// <summary>Fields in which somebody else has saved something since the form began.</summary>
    public IReadOnlyList<Difference> Differences { get; private set; } = [];

    /// <summary>How often the reader was shown them: each time, they are to be looked at anew.</summary>
    public int Shown { get; private set; }

    /// <summary>Whether every field that both changed has been chosen in.</summary>
    public bool IsDecided => Differences.All(d => d.TakesTheirs is not null);

    /// <summary>Whether the form says anything the record, or the empty form, does not.</summary>
    public bool IsTouched => Fields.Any(f => !Same(f.Get(Form), f.Get(present)));

    /// <summary>What was typed, field by field, as far as it is not what the form began on.</summary>
    public IEnumerable<(string Field, object? Value)> Typed => Unlike(Form, Opened ?? (IsNew ? present : new T()));

    /// <summary>What was typed into a form that is kept.</summary>
    public static IEnumerable<(string Field, object? Value)> TypedIn(Kept<T> kept) => Unlike(kept.Fields, kept.Opened ?? new T());

    private static IEnumerable<(string Field, object? Value)> Unlike(T form, T other) =>
        from field in Fields
        let value = field.Get(form)
        where !Same(value, field.Get(other))
        select (field.Name, value);

    /// <summary>Goes on with what was kept earlier.</summary>
    public void Restore(Kept<T> kept)
    {
        Form = kept.Fields;
        if (IsNew)
            return;
        Opened = kept.Opened;
        Compare(present);
    }

    /// <summary>Saves by a verb that refuses to write over a version it was not given.</summary>
    /// <param name="save">The verb.</param>
    /// <param name="read">What the record says now.</param>
    /// <returns>False where the reader has to look at what was saved meanwhile first.</returns>
    public async Task<bool> Save(Func<Guid, Task> save, Func<Task<(T Record, Guid Version)>> read)
    {
        if (!IsDecided)
        {
            Shown++;
            return false;
        }
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await save(Version);
                return true;
            }
            catch (Refusal stale) when (stale.Code == Stale && attempt < 5)
            {
                (var record, Version) = await read();
                Compare(record);
                // What this form does not show has changed: that is no reason to ask.
                if (Differences.Count > 0)
                    return false;
            }
        }
    }

    /// <summary>Takes one of the two versions of a field; what stood in the form is there again when it is taken back.</summary>
    public void Choose(Difference difference, bool takesTheirs)
    {
        if (difference.TakesTheirs == takesTheirs)
            return;
        var field = Fields.Single(f => f.Name == difference.Field);
        if (difference.TakesTheirs is not null || takesTheirs)
        {
            var typed = field.Get(Form);
            field.Set(Form, field.Copy(takesTheirs ? difference.PutAside ?? difference.Theirs : difference.PutAside ?? difference.Mine));
            difference.PutAside = typed;
        }
        difference.TakesTheirs = takesTheirs;
        if (IsDecided)
            Opened = present;
    }

    // Three ways: what it began on, what is typed, what is saved now.
    private void Compare(T now)
    {
        var found = new List<Difference>();
        foreach (var field in Fields)
        {
            var (mine, theirs) = (field.Get(Form), field.Get(now));
            if (Same(mine, theirs))
                continue;
            if (Opened is null)
                found.Add(new(field.Name, mine, theirs, null));
            else if (field.Get(Opened) is var began && Same(began, theirs))
                continue;
            else if (Same(began, mine))
            {
                field.Set(Form, field.Copy(theirs));
                found.Add(new(field.Name, mine, theirs, true) { PutAside = mine });
            }
            else
                found.Add(new(field.Name, mine, theirs, null));
        }
        present = now;
        Differences = found;
        Shown++;
        if (IsDecided)
            Opened = present;
    }

    // How a browser ends lines, the order in which boxes were ticked, and nothing beside an empty field are no differences.
    private static bool Same(object? a, object? b) =>
        (a, b) switch
        {
            (null or string, null or string) => Plain((string?)a) == Plain((string?)b),
            (IEnumerable<string> x, IEnumerable<string> y) => x.Order(StringComparer.Ordinal)
                .SequenceEqual(y.Order(StringComparer.Ordinal)),
            _ => JsonSerializer.Serialize(a) == JsonSerializer.Serialize(b),
        };

    private static string Plain(string? text) => (text ?? "").ReplaceLineEndings("\n").Trim();
}

/// <summary>A field that says something else in the record now than when the form began.</summary>
/// <param name="field">Name of the field.</param>
/// <param name="mine">What the form said.</param>
/// <param name="theirs">What was saved meanwhile.</param>
/// <param name="takesTheirs">Which is taken; null where both changed it and nobody chose yet.</param>
public sealed class Difference(string field, object? mine, object? theirs, bool? takesTheirs)
{
    /// <summary>Name of the field.</summary>
    public string Field { get; } = field;

    /// <summary>What the form said.</summary>
    public object? Mine { get; } = mine;

    /// <summary>What was saved meanwhile.</summary>
    public object? Theirs { get; } = theirs;

    /// <summary>Which is taken; null where both changed it and nobody chose yet.</summary>
    public bool? TakesTheirs { get; internal set; } = takesTheirs;

    /// <summary>What stood in the form under the other choice, typed over or not.</summary>
    internal object? PutAside { get; set; }
}
