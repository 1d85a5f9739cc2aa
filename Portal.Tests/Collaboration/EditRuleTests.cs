using Portal.Assistance.Needs;
using Portal.Assistance.Programmes;
using Portal.Assistance.Proposals;
using Portal.Collaboration;
using Portal.Directory;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Tests.Collaboration;

/// <summary>One rule for a stale edit, whatever kind of record it is.</summary>
public sealed class EditRuleTests
{
    private static readonly IReadOnlyList<Desk> Desks =
    [
        new Desk<Typed<Need.Content>>(
            "Need",
            Cast.Amina,
            Cast.Otieno,
            () => [Cast.Need()],
            r => r[0].Reference,
            async (at, of) =>
                await at.Get<NeedService>().Content(of) is var (content, version, _) ? (Typed<Need.Content>.Of(content), version) : default,
            (at, of, version, form) => at.Get<NeedService>().Edit(of, version, form.Read(out _)),
            (f, said) => f["Title"] = said,
            f => (string?)f["Title"],
            (f, said) => f["Description"] = said,
            f => (string?)f["Description"]
        ),
        new Desk<Typed<Proposal.Content>>(
            "Proposal",
            Cast.Ingrid,
            Cast.Lars,
            () => Cast.NeedAt(NeedStatus.Circulated) is var need ? [need, Cast.Proposal(need)] : [],
            r => r[1].Reference,
            async (at, of) =>
                await at.Get<ProposalService>().Get(of) is var view ? (Typed<Proposal.Content>.Of(view.Says), view.Version) : default,
            (at, of, version, form) => at.Get<ProposalService>().Edit(of, version, form.Read(out _)),
            (f, said) => f["Title"] = said,
            f => (string?)f["Title"],
            (f, said) => f["Description"] = said,
            f => (string?)f["Description"]
        ),
        new Desk<ProgrammeForm>(
            "Programme",
            Cast.Ingrid,
            Cast.Lars,
            () => [Cast.Programme()],
            r => r[0].Reference,
            async (at, of) =>
                await at.Get<ProgrammeService>().Content(of) is var (content, version) ? (ProgrammeForm.Of(content), version) : default,
            (at, of, version, form) => at.Get<ProgrammeService>().Edit(of, version, form.Read(out _)),
            (f, said) => f["Title"] = said,
            f => (string?)f["Title"],
            (f, said) => f["Description"] = said,
            f => (string?)f["Description"]
        ),
        new Desk<Typed<Profile.Content>>(
            "Profile",
            Cast.Ingrid,
            Cast.Lars,
            () => [Cast.Profile(Cast.NorthernAgency)],
            _ => Cast.NorthernAgency.Code,
            async (at, of) =>
                await at.Get<DirectoryService>().Provider(of) is var view
                    ? (Typed<Profile.Content>.Of(view.Says(Language.En)), view.Profile!.Version)
                    : default,
            (at, of, version, form) => at.Get<DirectoryService>().EditProfile(of, version, form.Read(out _)),
            (f, said) => f["Summary"] = said,
            f => (string?)f["Summary"],
            (f, said) => f["ContactName"] = said,
            f => (string?)f["ContactName"]
        ),
        new Desk<Typed<StandingOffer.Content>>(
            "Offer",
            Cast.Ingrid,
            Cast.Lars,
            () => [Cast.Offer(Cast.NorthernAgency)],
            r => r[0].Reference,
            async (at, of) =>
                await at.Get<DirectoryService>().Offer(of) is var view
                    ? (Typed<StandingOffer.Content>.Of(view.Content), view.Version)
                    : default,
            (at, of, version, form) => at.Get<DirectoryService>().EditOffer(of, version, form.Read(out _)),
            (f, said) => f["Title"] = said,
            f => (string?)f["Title"],
            (f, said) => f["Description"] = said,
            f => (string?)f["Description"]
        ),
    ];

    [Fact]
    public void Every_kind_of_record_is_held_to_it() =>
        Assert.Equal(Kinds.All.Select(k => k.Name).Order(), Desks.Select(d => d.Kind).Order());

    [Theory, OnSqlite, OnPostgres]
    public async Task Over_what_somebody_saved_meanwhile_nothing_is_saved_unseen(Database database)
    {
        await using var test = await TestDb.Open(database);
        foreach (var desk in Desks)
            await desk.Walk(test);
    }

    /// <summary>A kind of record, two people who may write in it, and two fields of its form.</summary>
    private abstract record Desk(string Kind)
    {
        public abstract Task Walk(TestDb test);
    }

    private sealed record Desk<TForm>(
        string Kind,
        Player First,
        Player Second,
        Func<IReadOnlyList<IProtected>> Make,
        Func<IReadOnlyList<IProtected>, string> Called,
        Func<TestScope, string, Task<(TForm, Guid)>> Read,
        Func<TestScope, string, Guid, TForm, Task> Save,
        Action<TForm, string> SayOne,
        Func<TForm, string?> One,
        Action<TForm, string> SayOther,
        Func<TForm, string?> Other
    ) : Desk(Kind)
        where TForm : class, new()
    {
        public override async Task Walk(TestDb test)
        {
            var made = Make();
            await test.Save(made);
            var (first, second, of) = (await test.As(First), await test.As(Second), Called(made));
            async Task<Editing<TForm>> Open(TestScope at) =>
                await Read(at, of) is var (form, version) ? Editing<TForm>.Of(form, version) : null!;
            Task<bool> Saves(TestScope at, Editing<TForm> form) =>
                form.Save(version => Save(at, of, version, form.Form), () => Read(at, of));
            async Task<(string?, string?)> Says() => await Read(first, of) is var (form, _) ? (One(form), Other(form)) : default;

            // Different fields: both are kept, and what was taken over is shown before it is saved.
            var (hers, his) = (await Open(first), await Open(second));
            SayOne(hers.Form, "Her one");
            Assert.True(await Saves(first, hers), Kind);
            SayOther(his.Form, "His other");
            var stale = his.Version;
            Assert.Equal("record.changed_meanwhile", (await Assert.ThrowsAsync<Refusal>(() => Save(second, of, stale, his.Form))).Code);
            Assert.False(await Saves(second, his), Kind);
            Assert.True(Assert.Single(his.Differences).TakesTheirs, Kind);
            Assert.True(await Saves(second, his), Kind);
            Assert.Equal(("Her one", "His other"), await Says());

            // The same field: both are shown, and nothing is saved until one is chosen.
            (hers, his) = (await Open(first), await Open(second));
            SayOne(hers.Form, "Her second");
            Assert.True(await Saves(first, hers), Kind);
            SayOne(his.Form, "His second");
            Assert.False(await Saves(second, his), Kind);
            Assert.False(await Saves(second, his), Kind);
            Assert.Equal("Her second", (await Says()).Item1);
            var both = Assert.Single(his.Differences);
            Assert.Equal(("His second", "Her second", null), ((string?)both.Mine, (string?)both.Theirs, both.TakesTheirs));

            // Nor is it where the form was kept, and is opened again as a draft.
            var drafts = second.Get<DraftService>();
            var kept = await drafts.Keep(Kind, "/x", Begun(await Open(second)), null);
            hers = await Open(first);
            SayOne(hers.Form, "Her third");
            Assert.True(await Saves(first, hers), Kind);
            var again = await Open(second);
            again.Restore((await drafts.Load<TForm>(Kind, kept!.Value.Id))!);
            Assert.False(await Saves(second, again), Kind);
            Assert.Equal("Her third", (await Says()).Item1);
            again.Choose(Assert.Single(again.Differences), takesTheirs: false);
            Assert.True(await Saves(second, again), Kind);
            Assert.Equal(("Kept", "His other"), await Says());
        }

        private Editing<TForm> Begun(Editing<TForm> form)
        {
            SayOne(form.Form, "Kept");
            return form;
        }
    }
}
