using Portal.Assistance.Programmes;
using Portal.Collaboration;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Form = Portal.Shell.Typed<Portal.Domain.Directory.Profile.Content>;

namespace Portal.Tests.Collaboration;

/// <summary>Two people write in one record. Nobody's words go unseen, whoever comes back to an old draft, and when.</summary>
public sealed class EditingTests
{
    private static Form Says(string? summary, string? name = "Help desk") =>
        new()
        {
            ["Summary"] = summary,
            ["Language"] = Language.Fr,
            ["ContactName"] = name,
        };

    private static Kept<Form> Kept(Editing<Form> edit) => new(Guid.NewGuid(), edit.Form, edit.Opened, Cast.Now, "");

    [Fact]
    public void A_draft_of_a_record_that_moved_on_takes_over_what_only_the_other_changed_and_shows_it()
    {
        var before = Editing<Form>.Of(Says("First"), Guid.NewGuid());
        before.Form["Summary"] = "Mine";
        var again = Editing<Form>.Of(Says("First", "Theirs"), Guid.NewGuid());

        again.Restore(Kept(before));

        Assert.Equal(("Mine", "Theirs"), ((string?)again.Form["Summary"], (string?)again.Form["ContactName"]));
        var shown = Assert.Single(again.Differences);
        Assert.Equal(("ContactName", "Help desk", "Theirs", Side.Theirs), (shown.Field, shown.Mine, shown.Theirs, shown.Taken));
        Assert.True(again.IsDecided);
    }

    [Fact]
    public async Task What_both_changed_is_chosen_before_it_is_saved_and_the_choice_can_be_taken_back()
    {
        var before = Editing<Form>.Of(Says("First"), Guid.NewGuid());
        before.Form["Summary"] = "Mine";
        var again = Editing<Form>.Of(Says("Theirs"), Guid.NewGuid());
        again.Restore(Kept(before));
        var difference = Assert.Single(again.Differences);
        Assert.False(
            await again.Save(_ => throw new InvalidOperationException("saved unseen"), () => throw new InvalidOperationException())
        );

        again.Choose(difference, Side.Theirs);
        Assert.Equal("Theirs", again.Form["Summary"]);
        again.Choose(difference, Side.Mine);
        Assert.Equal("Mine", again.Form["Summary"]);
        again.Form["Summary"] = "Mine, better";
        again.Choose(difference, Side.Theirs);
        again.Choose(difference, Side.Mine);
        Assert.Equal("Mine, better", again.Form["Summary"]);
        Assert.True(await again.Save(_ => Task.CompletedTask, () => throw new InvalidOperationException()));
    }

    [Fact]
    public void A_draft_that_does_not_say_what_it_began_on_never_wins_in_silence()
    {
        var again = Editing<Form>.Of(Says("Theirs"), Guid.NewGuid());
        again.Restore(new(Guid.NewGuid(), Says("Mine\r\n"), null, Cast.Now, ""));
        Assert.Null(Assert.Single(again.Differences).Taken);
        Assert.False(again.IsDecided);

        var same = Editing<Form>.Of(Says("Mine", null), Guid.NewGuid());
        same.Restore(new(Guid.NewGuid(), Says(" Mine\r\n", ""), null, Cast.Now, ""));
        Assert.Empty(same.Differences);
    }

    [Fact]
    public async Task A_version_that_moved_for_another_reason_asks_nobody_anything()
    {
        var (stale, present) = (Guid.NewGuid(), Guid.NewGuid());
        var edit = Editing<Form>.Of(Says("First"), stale);
        edit.Form["Summary"] = "Mine";
        var saved = new List<Guid>();
        Assert.True(
            await edit.Save(
                version =>
                {
                    Refusal.If(version != present, Editing<Form>.Stale);
                    saved.Add(version);
                    return Task.CompletedTask;
                },
                () => Task.FromResult((Says("First"), present))
            )
        );
        Assert.Equal([present], saved);
    }

    [Fact]
    public void What_a_form_began_on_stays_as_it_was_when_a_line_of_it_is_typed_in_and_a_line_that_both_changed_is_chosen()
    {
        ProgrammeForm With(string amount) => new() { Money = [new() { Amount = amount, Date = "2027-01-01" }] };
        var edit = Editing<ProgrammeForm>.Of(With("100"), Guid.NewGuid());
        edit.Form.Money[0].Amount = "200";
        Assert.Equal("100", edit.Opened!.Money[0].Amount);
        var again = Editing<ProgrammeForm>.Of(With("300"), Guid.NewGuid());
        again.Restore(new(Guid.NewGuid(), edit.Form, edit.Opened, Cast.Now, ""));
        Assert.Equal(("Money", null), (Assert.Single(again.Differences).Field, again.Differences[0].Taken));
    }

    /// <summary>A thousand random histories of two people, their windows, drafts and choices over one record of two fields, one of them long.</summary>
    [Fact]
    public async Task In_a_thousand_histories_of_two_writers_with_drafts_no_word_is_lost_unseen()
    {
        var together = 0;
        for (var seed = 0; seed < 1000; seed++)
            together += await new History(seed, new InMemory()).Run(40);
        Assert.True(together > 200, $"Only {together} times were changes of both brought together.");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nor_in_those_that_the_database_keeps(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.Profile(Cast.NorthernAgency));
        for (var seed = 0; seed < 10; seed++)
            await new History(seed, new InDatabase(await test.As(Cast.Ingrid), await test.As(Cast.Lars))).Run(40);
    }

    /// <summary>A record that two people write in, and the drafts of each.</summary>
    private interface IDesk
    {
        Task<(Form, Guid)> Read(int writer);
        Task Save(int writer, Guid version, Form form);
        Task Keep(int writer, Editing<Form> form);
        Task<Kept<Form>?> Kept(int writer);
        Task Drop(int writer);
    }

    private sealed class InMemory : IDesk
    {
        private readonly Kept<Form>?[] drafts = new Kept<Form>?[2];
        private (Form Form, Guid Version) record = (Says("a\nb\nc\nd\ne\nf\ng", "0"), Guid.NewGuid());

        public Task<(Form, Guid)> Read(int writer) =>
            Task.FromResult((Says((string?)record.Form["Summary"], (string?)record.Form["ContactName"]), record.Version));

        public Task Save(int writer, Guid version, Form form)
        {
            Refusal.If(version != record.Version, Editing<Form>.Stale);
            record = (Says((string?)form["Summary"], (string?)form["ContactName"]), Guid.NewGuid());
            return Task.CompletedTask;
        }

        public Task Keep(int writer, Editing<Form> form)
        {
            drafts[writer] = new(
                Guid.Empty,
                Says((string?)form.Form["Summary"], (string?)form.Form["ContactName"]),
                form.Opened,
                Cast.Now,
                ""
            );
            return Task.CompletedTask;
        }

        public Task<Kept<Form>?> Kept(int writer) => Task.FromResult(drafts[writer]);

        public Task Drop(int writer)
        {
            drafts[writer] = null;
            return Task.CompletedTask;
        }
    }

    private sealed class InDatabase(params TestScope[] writers) : IDesk
    {
        private readonly (Guid Id, string Text)?[] drafts = new (Guid, string)?[2];

        public async Task<(Form, Guid)> Read(int writer)
        {
            var provider = await writers[writer].Get<DirectoryService>().Provider(Cast.NorthernAgency.Code);
            return (Form.Of(provider.Says(Language.En)), provider.Profile!.Version);
        }

        public Task Save(int writer, Guid version, Form form) =>
            writers[writer].Get<DirectoryService>().EditProfile(Cast.NorthernAgency.Code, version, form.Read(out _));

        public async Task Keep(int writer, Editing<Form> form) =>
            drafts[writer] = await writers[writer].Get<DraftService>().Keep("profile/x", "/providers/x/edit", form, drafts[writer]);

        public async Task<Kept<Form>?> Kept(int writer) => await writers[writer].Get<DraftService>().Load<Form>("profile/x");

        public async Task Drop(int writer)
        {
            foreach (var line in await writers[writer].Get<DraftService>().Waiting())
                await writers[writer].Get<DraftService>().Drop(line.Id);
            drafts[writer] = null;
        }
    }

    private sealed class History(int seed, IDesk desk)
    {
        private readonly Random random = new(seed);
        private readonly Writer[] writers = [new(0), new(1)];
        private int last;
        private int together;

        private sealed class Writer(int number)
        {
            public int Number { get; } = number;
            public Editing<Form>? Window;

            // For each field, the saved words that this draft was begun on or has been shown.
            public readonly Dictionary<string, HashSet<string?>> Seen = new() { ["Summary"] = [], ["ContactName"] = [] };

            // For each field, the words typed into it since the draft was begun, and those of them that are to be saved.
            public readonly Dictionary<string, HashSet<string>> All = new() { ["Summary"] = [], ["ContactName"] = [] };
            public readonly Dictionary<string, HashSet<string>> Typed = new() { ["Summary"] = [], ["ContactName"] = [] };
        }

        private static string? Of(Form form, string field) => (string?)form[field];

        private static string[] Lines(Form form, string field) => (Of(form, field) ?? "").Split('\n');

        /// <returns>How often changes of both were brought together.</returns>
        public async Task<int> Run(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                var writer = writers[random.Next(2)];
                if (writer.Window is { } window)
                    await Go(writer, window);
                else
                    await Open(writer);
            }
            foreach (var writer in writers)
                await desk.Drop(writer.Number);
            return together;
        }

        private async Task Open(Writer writer)
        {
            var (record, version) = await desk.Read(writer.Number);
            writer.Window = Editing<Form>.Of(record, version);
            if (await desk.Kept(writer.Number) is { } draft)
                writer.Window.Restore(draft);
            else
                foreach (var (field, seen) in writer.Seen)
                    seen.Add(Of(record, field));
            Look(writer);
        }

        private async Task Go(Writer writer, Editing<Form> window)
        {
            switch (random.Next(5))
            {
                case 0 or 1:
                    var (text, field) = ($"{seed}-{++last}", random.Next(2) == 0 ? "Summary" : "ContactName");
                    window.Form[field] = field == "Summary" ? Retyped(Lines(window.Form, field), text) : text;
                    writer.All[field].Add(text);
                    writer.Typed[field] = [.. writer.Typed[field].Append(text).Intersect(Lines(window.Form, field))];
                    await desk.Keep(writer.Number, window);
                    break;
                case 2:
                    // The window is closed, or its node dies: what was typed is kept.
                    writer.Window = null;
                    if (await desk.Kept(writer.Number) is null)
                        Forget(writer);
                    break;
                case 3 when window.Differences.Count > 0:
                    var difference = window.Differences[random.Next(window.Differences.Count)];
                    Side[] sides = difference.Merged is null ? [Side.Mine, Side.Theirs] : [Side.Mine, Side.Theirs, Side.Both];
                    window.Choose(difference, sides[random.Next(sides.Length)]);
                    writer.Typed[difference.Field] = [.. writer.All[difference.Field].Intersect(Lines(window.Form, difference.Field))];
                    await desk.Keep(writer.Number, window);
                    break;
                default:
                    if (await window.Save(version => Save(writer, window.Form, version), () => desk.Read(writer.Number)))
                    {
                        await desk.Drop(writer.Number);
                        Forget(writer);
                    }
                    else
                        Look(writer);
                    break;
            }
        }

        private static void Forget(Writer writer)
        {
            writer.Window = null;
            foreach (var words in writer.All.Values.Concat(writer.Typed.Values))
                words.Clear();
            foreach (var seen in writer.Seen.Values)
                seen.Clear();
        }

        // One of seven paragraphs is written anew.
        private string Retyped(IEnumerable<string> lines, string text)
        {
            var (written, at) = (lines.ToList(), random.Next(7));
            if (at < written.Count)
                written[at] = text;
            else
                written.Add(text);
            return string.Join('\n', written);
        }

        private void Look(Writer writer)
        {
            foreach (var difference in writer.Window!.Differences)
            {
                writer.Seen[difference.Field].Add((string?)difference.Theirs);
                if (difference.Taken == Side.Theirs)
                    writer.Typed[difference.Field].Clear();
                if (difference.Taken == Side.Both)
                    together++;
            }
        }

        private async Task Save(Writer writer, Form form, Guid version)
        {
            var (record, now) = await desk.Read(writer.Number);
            if (version == now)
                foreach (var field in writer.Seen.Keys)
                {
                    if (Of(form, field) != Of(record, field))
                        Assert.True(
                            writer.Seen[field].Contains(Of(record, field)),
                            $"History {seed}: {field} “{Of(record, field)}” was written over unseen."
                        );
                    foreach (var typed in writer.Typed[field].Except(Lines(form, field)))
                        Assert.Fail($"History {seed}: “{typed}” was typed and is not what was saved.");
                }
            await desk.Save(writer.Number, version, form);
        }
    }
}
