using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Shell;
using Portal.Tests.Access;

namespace Portal.Tests.Collaboration;

/// <summary>One rule for a stale edit, whatever kind of record it is.</summary>
public sealed class EditRuleTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Over_what_somebody_saved_meanwhile_nothing_is_saved_unseen(Database database)
    {
        await using var test = await TestDb.Open(database);
        foreach (var specimen in Specimens.All)
            await specimen.Edits.Walk(test, specimen.Kind.Name);
    }
}

/// <summary>Two people who may write in a record of a kind, and two fields of its form.</summary>
internal abstract record EditDesk
{
    public abstract Task Walk(TestDb test, string kind);
}

internal sealed record EditDesk<TForm>(
    Player First,
    Player Second,
    Func<IReadOnlyList<IProtected>> Make,
    Func<IReadOnlyList<IProtected>, string> Called,
    Func<TestScope, string, Task<(TForm, Guid)>> Read,
    Func<TestScope, string, Guid, TForm, Task> Save,
    string One = "Title",
    string Other = "Description"
) : EditDesk
    where TForm : class, ITyped, new()
{
    public override async Task Walk(TestDb test, string kind)
    {
        var made = Make();
        await test.Save(made);
        var (first, second, of) = (await test.As(First), await test.As(Second), Called(made));
        async Task<Editing<TForm>> Open(TestScope at) =>
            await Read(at, of) is var (form, version) ? Editing<TForm>.Of(form, version) : null!;
        Task<bool> Saves(TestScope at, Editing<TForm> form) => form.Save(version => Save(at, of, version, form.Form), () => Read(at, of));
        async Task<(string?, string?)> Says() =>
            await Read(first, of) is var (form, _) ? ((string?)form[One], (string?)form[Other]) : default;

        // Different fields: both are kept, and what was taken over is shown before it is saved.
        var (hers, his) = (await Open(first), await Open(second));
        hers.Form[One] = "Her one";
        Assert.True(await Saves(first, hers), kind);
        his.Form[Other] = "His other";
        var stale = his.Version;
        Assert.Equal("record.changed_meanwhile", (await Assert.ThrowsAsync<Refusal>(() => Save(second, of, stale, his.Form))).Code);
        Assert.False(await Saves(second, his), kind);
        Assert.Equal(Side.Theirs, Assert.Single(his.Differences).Taken);
        Assert.True(await Saves(second, his), kind);
        Assert.Equal(("Her one", "His other"), await Says());

        // The same field: both are shown, and nothing is saved until one is chosen.
        (hers, his) = (await Open(first), await Open(second));
        hers.Form[One] = "Her second";
        Assert.True(await Saves(first, hers), kind);
        his.Form[One] = "His second";
        Assert.False(await Saves(second, his), kind);
        Assert.False(await Saves(second, his), kind);
        Assert.Equal("Her second", (await Says()).Item1);
        var both = Assert.Single(his.Differences);
        Assert.Equal(("His second", "Her second", null), ((string?)both.Mine, (string?)both.Theirs, both.Taken));

        // Nor is it where the form was kept, and is opened again as a draft.
        var drafts = second.Get<DraftService>();
        var kept = await drafts.Keep(kind, "/x", Begun(await Open(second)), null);
        hers = await Open(first);
        hers.Form[One] = "Her third";
        Assert.True(await Saves(first, hers), kind);
        var again = await Open(second);
        again.Restore((await drafts.Load<TForm>(kind, kept!.Value.Id))!);
        Assert.False(await Saves(second, again), kind);
        Assert.Equal("Her third", (await Says()).Item1);
        again.Choose(Assert.Single(again.Differences), Side.Mine);
        Assert.True(await Saves(second, again), kind);
        Assert.Equal(("Kept", "His other"), await Says());
    }

    private Editing<TForm> Begun(Editing<TForm> form)
    {
        form.Form[One] = "Kept";
        return form;
    }
}
