using Portal.Assistance;
using Portal.Collaboration;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Tests.Collaboration;

/// <summary>Two people write in one record. Nobody's words go unseen, whoever comes back to an old draft, and when.</summary>
public sealed class EditingTests
{
    private static ProfileForm Says(string? summary, string? name = "Help desk") => new() { Summary = summary, Language = Language.Fr, ContactName = name };

    private static Kept<ProfileForm> Kept(Editing<ProfileForm> edit) => new(Guid.NewGuid(), edit.Form, edit.Opened, Cast.Now, "");

    [Fact]
    public void A_draft_of_a_record_that_moved_on_takes_over_what_only_the_other_changed_and_shows_it()
    {
        var before = Editing<ProfileForm>.Of(Says("First"), Guid.NewGuid());
        before.Form.Summary = "Mine";
        var again = Editing<ProfileForm>.Of(Says("First", "Theirs"), Guid.NewGuid());

        again.Restore(Kept(before));

        Assert.Equal(("Mine", "Theirs"), (again.Form.Summary, again.Form.ContactName));
        var shown = Assert.Single(again.Differences);
        Assert.Equal(("ContactName", "Help desk", "Theirs", true), (shown.Field, shown.Mine, shown.Theirs, shown.TakesTheirs));
        Assert.True(again.IsDecided);
    }

    [Fact]
    public async Task What_both_changed_is_chosen_before_it_is_saved_and_the_choice_can_be_taken_back()
    {
        var before = Editing<ProfileForm>.Of(Says("First"), Guid.NewGuid());
        before.Form.Summary = "Mine";
        var again = Editing<ProfileForm>.Of(Says("Theirs"), Guid.NewGuid());
        again.Restore(Kept(before));
        var difference = Assert.Single(again.Differences);
        Assert.False(await again.Save(_ => throw new InvalidOperationException("saved unseen"), () => throw new InvalidOperationException()));

        again.Choose(difference, true);
        Assert.Equal("Theirs", again.Form.Summary);
        again.Choose(difference, false);
        Assert.Equal("Mine", again.Form.Summary);
        again.Form.Summary = "Mine, better";
        again.Choose(difference, true);
        again.Choose(difference, false);
        Assert.Equal("Mine, better", again.Form.Summary);
        Assert.True(await again.Save(_ => Task.CompletedTask, () => throw new InvalidOperationException()));
    }

    [Fact]
    public void A_draft_that_does_not_say_what_it_began_on_never_wins_in_silence()
    {
        var again = Editing<ProfileForm>.Of(Says("Theirs"), Guid.NewGuid());
        again.Restore(new(Guid.NewGuid(), Says("Mine\r\n"), null, Cast.Now, ""));
        Assert.Null(Assert.Single(again.Differences).TakesTheirs);
        Assert.False(again.IsDecided);

        var same = Editing<ProfileForm>.Of(Says("Mine", null), Guid.NewGuid());
        same.Restore(new(Guid.NewGuid(), Says(" Mine\r\n", ""), null, Cast.Now, ""));
        Assert.Empty(same.Differences);
    }

    [Fact]
    public async Task A_version_that_moved_for_another_reason_asks_nobody_anything()
    {
        var (stale, present) = (Guid.NewGuid(), Guid.NewGuid());
        var edit = Editing<ProfileForm>.Of(Says("First"), stale);
        edit.Form.Summary = "Mine";
        var saved = new List<Guid>();
        Assert.True(await edit.Save(version =>
        {
            Refusal.If(version != present, Editing<ProfileForm>.Stale);
            saved.Add(version);
            return Task.CompletedTask;
        }, () => Task.FromResult((Says("First"), present))));
        Assert.Equal([present], saved);
    }

    [Fact]
    public void Lists_of_lines_are_compared_as_a_whole()
    {
        ProgrammeForm With(string amount) => new() { Money = [new() { Amount = amount, Date = "2027-01-01" }] };
        var edit = Editing<ProgrammeForm>.Of(With("100"), Guid.NewGuid());
        edit.Form.Money[0].Amount = "200";
        Assert.Equal("100", edit.Opened!.Money[0].Amount);
        var again = Editing<ProgrammeForm>.Of(With("300"), Guid.NewGuid());
        again.Restore(new(Guid.NewGuid(), edit.Form, edit.Opened, Cast.Now, ""));
        Assert.Equal("Money", Assert.Single(again.Differences).Field);
    }

    /// <summary>A thousand random histories of two people, their windows, drafts and choices over one record of two fields.</summary>
    [Fact]
    public async Task In_a_thousand_histories_of_two_writers_with_drafts_no_word_is_lost_unseen()
    {
        for (var seed = 0; seed < 1000; seed++)
            await new History(seed).Run();
    }

    private sealed class History(int seed)
    {
        private readonly Random random = new(seed);
        private readonly Writer[] writers = [new(), new()];
        private ProfileForm record = Says("0", "0");
        private Guid version = Guid.NewGuid();
        private int last;

        private sealed class Writer
        {
            public Editing<ProfileForm>? Window;
            public Kept<ProfileForm>? Draft;
            // For each field, the saved words that this draft was begun on or has been shown.
            public readonly Dictionary<string, HashSet<string?>> Seen = new() { ["Summary"] = [], ["ContactName"] = [] };
            public readonly Dictionary<string, string> Typed = [];
        }

        private static string? Of(ProfileForm form, string field) => field == "Summary" ? form.Summary : form.ContactName;

        public async Task Run()
        {
            for (var step = 0; step < 40; step++)
            {
                var writer = writers[random.Next(2)];
                if (writer.Window is not { } window)
                    Open(writer);
                else
                    await Go(writer, window);
            }
        }

        private void Open(Writer writer)
        {
            writer.Window = Editing<ProfileForm>.Of(Says(record.Summary, record.ContactName), version);
            if (writer.Draft is { } draft)
                writer.Window.Restore(draft);
            else
                foreach (var (field, seen) in writer.Seen)
                    seen.Add(Of(record, field));
            Look(writer);
        }

        private async Task Go(Writer writer, Editing<ProfileForm> window)
        {
            switch (random.Next(5))
            {
                case 0 or 1:
                    var (text, inSummary) = ($"{seed}-{++last}", random.Next(2) == 0);
                    if (inSummary)
                        window.Form.Summary = text;
                    else
                        window.Form.ContactName = text;
                    writer.Typed[inSummary ? "Summary" : "ContactName"] = text;
                    writer.Draft = new(Guid.Empty, Says(window.Form.Summary, window.Form.ContactName), window.Opened, Cast.Now, "");
                    break;
                case 2:
                    // The window is closed, or its node dies: what was typed is kept.
                    writer.Window = null;
                    break;
                case 3 when window.Differences.Count > 0:
                    var difference = window.Differences[random.Next(window.Differences.Count)];
                    var takes = random.Next(2) == 0;
                    window.Choose(difference, takes);
                    if (takes)
                        writer.Typed.Remove(difference.Field);
                    else if (difference.Mine is string mine)
                        writer.Typed[difference.Field] = Of(window.Form, difference.Field) ?? mine;
                    writer.Draft = new(Guid.Empty, Says(window.Form.Summary, window.Form.ContactName), window.Opened, Cast.Now, "");
                    break;
                default:
                    if (await window.Save(v => Save(writer, window.Form, v), () => Task.FromResult((Says(record.Summary, record.ContactName), version))))
                    {
                        (writer.Window, writer.Draft) = (null, null);
                        writer.Typed.Clear();
                        foreach (var seen in writer.Seen.Values)
                            seen.Clear();
                    }
                    else
                        Look(writer);
                    break;
            }
        }

        private static void Look(Writer writer)
        {
            foreach (var difference in writer.Window!.Differences)
            {
                writer.Seen[difference.Field].Add((string?)difference.Theirs);
                if (difference.TakesTheirs == true)
                    writer.Typed.Remove(difference.Field);
            }
        }

        private Task Save(Writer writer, ProfileForm form, Guid seen)
        {
            Refusal.If(seen != version, Editing<ProfileForm>.Stale);
            foreach (var field in writer.Seen.Keys)
            {
                if (Of(form, field) != Of(record, field))
                    Assert.True(writer.Seen[field].Contains(Of(record, field)), $"History {seed}: {field} “{Of(record, field)}” was written over unseen.");
                if (writer.Typed.TryGetValue(field, out var typed))
                    Assert.True(Of(form, field) == typed, $"History {seed}: “{typed}” was typed and is not what was saved.");
            }
            (record, version) = (Says(form.Summary, form.ContactName), Guid.NewGuid());
            return Task.CompletedTask;
        }
    }
}
