using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>
/// A form while it is filled in: what it says, and what the record said when it began, so that what somebody else saved meanwhile is never
/// written over unseen. What only the other changed is taken over; what both changed is brought together where their changes do not meet,
/// and is the writer's to choose where they do. All of it is shown.
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
    public bool IsDecided => Differences.All(d => d.Taken is not null);

    /// <summary>Whether the form says anything the record, or the empty form, does not.</summary>
    public bool IsTouched => Fields.Any(f => !ThreeWay.Same(f.Get(Form), f.Get(present)));

    /// <summary>What was typed, field by field, as far as it is not what the form began on.</summary>
    public IEnumerable<(string Field, object? Value)> Typed => Unlike(Form, Opened ?? (IsNew ? present : new T()));

    /// <summary>What was typed into a form that is kept.</summary>
    public static IEnumerable<(string Field, object? Value)> TypedIn(Kept<T> kept) => Unlike(kept.Fields, kept.Opened ?? new T());

    private static IEnumerable<(string Field, object? Value)> Unlike(T form, T other) =>
        from field in Fields
        let value = field.Get(form)
        where !ThreeWay.Same(value, field.Get(other))
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

    /// <summary>Takes one of the versions of a field; what stood in the form is there again when it is taken back.</summary>
    public void Choose(Difference difference, Side side)
    {
        if (difference.Taken == side)
            return;
        // Until one is chosen, the form says what was typed.
        var stood = difference.Taken ?? Side.Mine;
        if (stood != side)
        {
            var field = Fields.Single(f => f.Name == difference.Field);
            difference.PutAside[stood] = field.Get(Form);
            field.Set(Form, field.Copy(difference.PutAside.TryGetValue(side, out var before) ? before : difference.Of(side)));
        }
        difference.Taken = side;
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
            if (ThreeWay.Same(mine, theirs))
                continue;
            object? merged = null;
            if (Opened is null || !ThreeWay.Merge(field, field.Get(Opened), mine, theirs, out merged))
                found.Add(new(field.Name, mine, theirs, merged) { IsDisputed = true });
            // Otherwise all that the other changed is in the form as well.
            else if (!ThreeWay.Same(merged, mine))
            {
                field.Set(Form, field.Copy(merged));
                found.Add(
                    ThreeWay.Same(merged, theirs)
                        ? new(field.Name, mine, theirs) { Taken = Side.Theirs }
                        : new(field.Name, mine, theirs, merged) { Taken = Side.Both }
                );
            }
        }
        present = now;
        Differences = found;
        Shown++;
        if (IsDecided)
            Opened = present;
    }
}

/// <summary>Whose version of a field.</summary>
public enum Side
{
    /// <summary>What the form said.</summary>
    Mine,

    /// <summary>What was saved meanwhile.</summary>
    Theirs,

    /// <summary>What both changed, together.</summary>
    Both,
}

/// <summary>A field that says something else in the record now than when the form began.</summary>
/// <param name="field">Name of the field.</param>
/// <param name="mine">What the form said.</param>
/// <param name="theirs">What was saved meanwhile.</param>
/// <param name="merged">What both changed, together; null where only one did, or where that cannot be.</param>
public sealed class Difference(string field, object? mine, object? theirs, object? merged = null)
{
    /// <summary>Name of the field.</summary>
    public string Field { get; } = field;

    /// <summary>What the form said.</summary>
    public object? Mine { get; } = mine;

    /// <summary>What was saved meanwhile.</summary>
    public object? Theirs { get; } = theirs;

    /// <summary>What both changed, together; null where only one did, or where that cannot be.</summary>
    public object? Merged { get; } = merged;

    /// <summary>Whether both changed the same, differently; what is brought together says mine there.</summary>
    public bool IsDisputed { get; init; }

    /// <summary>Which is taken; null where both changed it and nobody chose yet.</summary>
    public Side? Taken { get; internal set; }

    /// <summary>What stood in the form under another choice, typed over or not.</summary>
    internal Dictionary<Side, object?> PutAside { get; } = [];

    /// <summary>One of the versions.</summary>
    internal object? Of(Side side) =>
        side switch
        {
            Side.Mine => Mine,
            Side.Theirs => Theirs,
            Side.Both => Merged,
        };
}
