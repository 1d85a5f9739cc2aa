using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Portal.Access;
using Portal.Assessments;
using Portal.Assistance.Needs;
using Portal.Assistance.Proposals;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Domain.Reference;
using Portal.Shell;
using Portal.Tests.Assessments;
using Form = Portal.Shell.Typed<Portal.Domain.Assistance.Need.Content>;

namespace Portal.Tests.Collaboration;

/// <summary>What is typed and not saved is kept for each window by itself, knows what it began on, and is found again.</summary>
public sealed class DraftTests
{
    private static Editing<Form> New(string title) => Editing<Form>.New(new() { ["Title"] = title, ["Language"] = Language.En });

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_windows_with_a_new_need_are_two_drafts_and_each_ends_by_itself(Database database)
    {
        await using var test = await TestDb.Open(database);
        var drafts = (await test.As(Cast.Amina)).Get<DraftService>();
        var first = await drafts.Keep("need/new", "/needs/new", New("First"), null);
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await drafts.Keep("need/new", "/needs/new", New("Second"), null);

        Assert.Equal(["Second", "First"], (await drafts.Waiting()).Select(d => d.Title));
        await drafts.Drop(second!.Value.Id);
        var line = Assert.Single(await drafts.Waiting());
        Assert.Equal((first!.Value.Id, "First", "/needs/new"), (line.Id, line.Title, line.Address));
        Assert.Equal("First", (await drafts.Load<Form>("need/new", line.Id))!.Fields["Title"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_window_whose_draft_another_went_on_with_keeps_its_own(Database database)
    {
        await using var test = await TestDb.Open(database);
        var drafts = (await test.As(Cast.Amina)).Get<DraftService>();
        var begun = await drafts.Keep("need/new", "/needs/new", New("Begun"), null);
        var other = await drafts.Load<Form>("need/new", begun!.Value.Id);

        var here = await drafts.Keep("need/new", "/needs/new", New("Here"), begun);
        var there = await drafts.Keep("need/new", "/needs/new", New("There"), (other!.Id, other.Text));

        Assert.Equal(begun.Value.Id, here!.Value.Id);
        Assert.NotEqual(begun.Value.Id, there!.Value.Id);
        Assert.Equal(["Here", "There"], (await drafts.Waiting()).Select(d => d.Title).Order());
        // Whoever saves what it was before ends nothing that was typed since.
        await drafts.Drop(begun.Value.Id, begun.Value.Text);
        Assert.Equal(2, (await drafts.Waiting()).Count);
        await drafts.Drop(begun.Value.Id, here.Value.Text);
        Assert.Equal("There", Assert.Single(await drafts.Waiting()).Title);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_draft_brings_back_what_its_record_said_when_it_was_begun(Database database)
    {
        await using var test = await TestDb.Open(database);
        var drafts = (await test.As(Cast.Amina)).Get<DraftService>();
        var edit = Editing<Form>.Of(Form.Of(new() { Title = "Before", Modalities = ["TRAINING"] }), Guid.NewGuid());
        edit.Form["Title"] = "After";
        await drafts.Keep("need/NEED-1", "/needs/NEED-1/edit", edit, null);

        var kept = await drafts.Load<Form>("need/NEED-1");

        Assert.Equal(("After", "Before"), ((string?)kept!.Fields["Title"], (string?)kept.Opened!["Title"]));
        Assert.Equal(["TRAINING"], (List<string>)kept.Opened["Modalities"]!);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_draft_of_an_earlier_portal_comes_back_as_far_as_it_can_be_read(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(
            FormDraft.Of(
                Cast.Amina.Membership.Id,
                "need/NEED-1",
                """{"Title":"Old","Urgency":"no number","Modalities":null,"Gone":5}""",
                Cast.Now
            ),
            FormDraft.Of(Cast.Amina.Membership.Id, "need/NEED-2", "[[", Cast.Now)
        );
        var drafts = (await test.As(Cast.Amina)).Get<DraftService>();

        var kept = await drafts.Load<Form>("need/NEED-1");

        Assert.Equal(
            ("Old", Urgency.Medium, 0),
            ((string?)kept!.Fields["Title"], (Urgency)kept.Fields["Urgency"]!, ((List<string>)kept.Fields["Modalities"]!).Count)
        );
        Assert.Null(kept.Opened);
        Assert.Null(await drafts.Load<Form>("need/NEED-2"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nobody_reads_goes_on_with_or_ends_anothers_draft(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (amina, otieno) = ((await test.As(Cast.Amina)).Get<DraftService>(), (await test.As(Cast.Otieno)).Get<DraftService>());
        var hers = (await amina.Keep("need/new", "/needs/new", New("Hers"), null))!.Value;

        Assert.Empty(await otieno.Waiting());
        Assert.Null(await otieno.Load<Form>("need/new", hers.Id));
        await otieno.Drop(hers.Id);
        Assert.NotEqual(hers.Id, (await otieno.Keep("need/new", "/needs/new", New("His"), hers))!.Value.Id);

        Assert.Equal("Hers", Assert.Single(await amina.Waiting()).Title);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_old_draft_meets_what_a_colleague_saved_in_the_meantime(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.Need();
        await test.Save(need);
        var (amina, otieno) = (await test.As(Cast.Amina), await test.As(Cast.Otieno));
        async Task<(Form, Guid)> Read() =>
            await amina.Get<NeedService>().Content(need.Reference) is var (content, version, _) ? (Form.Of(content), version) : default;
        var (form, at) = await Read();
        var window = Editing<Form>.Of(form, at);
        window.Form["Title"] = "Two words more";
        await amina.Get<DraftService>().Keep("need/x", "/needs/x/edit", window, null);

        var (colleague, seen, _) = await otieno.Get<NeedService>().Content(need.Reference);
        await otieno.Get<NeedService>().Edit(need.Reference, seen, colleague with { Description = "The colleague's work." });

        (form, at) = await Read();
        var again = Editing<Form>.Of(form, at);
        again.Restore((await amina.Get<DraftService>().Load<Form>("need/x"))!);
        Assert.Equal("Description", Assert.Single(again.Differences).Field);
        Assert.True(await again.Save(version => amina.Get<NeedService>().Edit(need.Reference, version, again.Form.Read(out _)), Read));

        await using var db = await test.AsSystem();
        var saved = await db.Needs.SingleAsync(n => n.Id == need.Id);
        Assert.Equal(("Two words more", "The colleague's work."), (saved.Title, saved.Description));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_second_to_translate_a_need_is_told_and_overwrites_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Submitted);
        await test.Save(need);
        var (first, second) = ((await test.As(Cast.Andrei)).Get<NeedService>(), (await test.As(Cast.Amina)).Get<NeedService>());
        var (one, at) = await first.Translation(need.Reference, Language.Fr);
        var (other, also) = await second.Translation(need.Reference, Language.Fr);
        (one.Title, one.Description, other.Title, other.Description) = ("Premier", "Texte", "Second", "Texte");

        await first.Translate(need.Reference, at, Language.Fr, one);
        var refused = await Assert.ThrowsAsync<Refusal>(() => second.Translate(need.Reference, also, Language.Fr, other));

        Assert.Equal("record.changed_meanwhile", refused.Code);
        Assert.Equal("Premier", (await second.Translation(need.Reference, Language.Fr)).Form.Title);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Whoever_translates_a_text_that_is_changed_meanwhile_is_shown_the_new_one_first(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Submitted);
        await test.Save(need);
        var (amina, andrei) = ((await test.As(Cast.Amina)).Get<NeedService>(), (await test.As(Cast.Andrei)).Get<NeedService>());
        Task<(TranslationForm, Guid)> Read() => andrei.Translation(need.Reference, Language.Fr);
        var (form, at) = await Read();
        var window = Editing<TranslationForm>.Of(form, at);
        (window.Form.Title, window.Form.Description) = ("Titre", "De l’ancien texte.");

        var (content, seen, _) = await amina.Content(need.Reference);
        await amina.Edit(need.Reference, seen, content with { Description = "The new text." });

        Task<bool> Save() => window.Save(version => andrei.Translate(need.Reference, version, Language.Fr, window.Form), Read);
        Assert.False(await Save());
        Assert.Equal("OriginalDescription", Assert.Single(window.Differences).Field);
        Assert.Equal("The new text.", window.Form.OriginalDescription);
        window.Form.Description = "Du nouveau texte.";
        Assert.True(await Save());

        await using var db = await test.AsSystem();
        var french = Assert.Single((await db.Needs.Include(n => n.Translations).SingleAsync(n => n.Id == need.Id)).Translations);
        Assert.Equal(("Du nouveau texte.", false), (french.Description, french.IsDescriptionBehind));
    }

    [Theory, OnSqlite]
    public async Task A_proposal_that_cannot_be_sent_is_not_half_saved(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        var proposal = Cast.Proposal(need);
        await test.Save(need, proposal);
        test.Clock.Advance(TimeSpan.FromDays(2000));
        var ingrid = (await test.As(Cast.Ingrid)).Get<ProposalService>();
        var version = (await ingrid.Get(proposal.Reference)).Version;

        await Assert.ThrowsAsync<Refusal>(() =>
            ingrid.Edit(proposal.Reference, version, Cast.ProposalContent with { Title = "Another" }, propose: true)
        );

        Assert.Equal(version, (await ingrid.Get(proposal.Reference)).Version);
    }

    [Theory, OnSqlite]
    public async Task A_page_opened_with_an_old_draft_shows_both_versions_before_anything_is_saved(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.Need();
        await test.Save(need);
        var (amina, otieno) = (await test.As(Cast.Amina), await test.As(Cast.Otieno));
        var (content, version, _) = await amina.Get<NeedService>().Content(need.Reference);
        var begun = Editing<Form>.Of(Form.Of(content), version);
        begun.Form["Description"] = "The focal point's words.";
        await amina.Get<DraftService>().Keep("need/" + need.Reference, $"/needs/{need.Reference}/edit", begun, null);
        await otieno.Get<NeedService>().Edit(need.Reference, version, content with { Description = "The contributor's words." });
        await using var page = Page(amina);

        var edit = page.Render<NeedEditPage>(p => p.Add(e => e.Reference, need.Reference));
        edit.WaitForElement(".compare");
        Assert.Equal(["The focal point's words.", "The contributor's words."], edit.FindAll(".compare .said").Select(o => o.TextContent));
        Assert.All(edit.FindAll(".compare input"), i => Assert.False(i.HasAttribute("checked")));
        await edit.Find("form").SubmitAsync(new());
        Assert.Equal("The contributor's words.", (await amina.Get<NeedService>().Content(need.Reference)).Content.Description);

        await edit.Find("#merge-Description").ChangeAsync(new ChangeEventArgs { Value = true });
        await edit.Find("form").SubmitAsync(new());
        edit.WaitForAssertion(() => Assert.EndsWith("/needs/" + need.Reference, page.Services.GetRequiredService<NavigationManager>().Uri));
        Assert.Equal("The focal point's words.", (await amina.Get<NeedService>().Content(need.Reference)).Content.Description);
        Assert.Empty(await amina.Get<DraftService>().Waiting());
    }

    [Theory, OnSqlite]
    public async Task What_was_typed_into_a_record_that_may_no_longer_be_changed_is_there_to_be_copied(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Withdrawn);
        await test.Save(need);
        var amina = await test.As(Cast.Amina);
        var begun = Editing<Form>.Of(Form.Of(need.Present), need.Version);
        begun.Form["Description"] = "Written on a slow line.";
        await amina.Get<DraftService>().Keep("need/" + need.Reference, $"/needs/{need.Reference}/edit", begun, null);
        await using var page = Page(amina);

        var edit = page.Render<NeedEditPage>(p => p.Add(e => e.Reference, need.Reference));

        Assert.Equal("Written on a slow line.", edit.WaitForElement("#lost dd").TextContent);
        Assert.DoesNotContain(need.Title, edit.Markup);
    }

    [Theory, OnSqlite]
    public async Task A_form_that_is_saved_while_it_is_being_kept_leaves_no_draft_and_does_not_turn_the_address(Database database)
    {
        await using var test = await TestDb.Open(database);
        var amina = await test.As(Cast.Amina);
        var kept = new Kept();
        await using var page = Page(amina, kept);
        var keeper = page.Render<Keeper<Form>>(p => p.Add(k => k.Form, "need/new").Add(k => k.Of, New("Saved at once")));
        var location = page.Services.GetRequiredService<NavigationManager>();
        var before = location.Uri;

        var saved = Task.CompletedTask;
        kept.Then = () => saved = keeper.Instance.Drop();
        await keeper.InvokeAsync(keeper.Instance.Touched);
        await saved;

        Assert.Null(kept.Then);
        Assert.Equal(before, location.Uri);
        Assert.Empty(await amina.Get<DraftService>().Waiting());
    }

    // The keeper asks what time it is between the draft's being stored and the address's being turned to it.
    private sealed class Kept : TimeProvider
    {
        public Action? Then { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            var then = Then;
            Then = null;
            then?.Invoke();
            return base.GetUtcNow();
        }
    }

    [Theory, OnPostgres]
    public async Task No_box_of_a_discussion_can_be_pressed_before_it_is_known_what_waits_in_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = DossierCast.At(DossierStage.Drafting);
        await test.Save(dossier);
        var leila = await test.As(Cast.Leila);
        var name = ThreadForm.Name(dossier.Reference, "thread-new");
        var typed = Editing<ThreadForm>.New(new());
        typed.Form.Title = "Not sent yet";
        await leila.Get<DraftService>().Keep(name, Dossier.Card.Path(dossier.Reference), typed, null);
        await using var page = Page(leila, null, out var carried);
        IRenderedComponent<ThreadsCard> Open() =>
            page.Render<ThreadsCard>(p =>
                p.Add(c => c.Kind, Dossier.Card).Add(c => c.RecordId, dossier.Id).Add(c => c.Reference, dossier.Reference)
            );
        var drawn = Open();
        drawn.WaitForElement("#threads");
        carried.TriggerOnPersisting();
        await page.DisposeComponentsAsync();

        // Carried over from there, it is on the screen at once.
        var card = Open();
        // What waits was asked of the database, and the answer has not come, or has.
        string State() =>
            card.Find("#threads > .actions > button") is var button
                ? $"{(button.HasAttribute("disabled") ? "waits" : "answers")}, {button.GetAttribute("aria-expanded")}"
                : "";
        Assert.NotEqual("answers, false", State());
        card.WaitForState(() => State() == "answers, true");
    }

    private static BunitContext Page(TestScope whose, TimeProvider? clock = null) => Page(whose, clock, out _);

    private static BunitContext Page(TestScope whose, TimeProvider? clock, out BunitPersistentComponentState carried)
    {
        var page = new BunitContext();
        page.Services.AddSupplyValueFromPersistentComponentStateProvider();
        carried = page.AddBunitPersistentComponentState();
        page.JSInterop.Mode = JSRuntimeMode.Loose;
        page.Services.AddWords();
        page.Services.AddMudServices(o => o.PopoverOptions.CheckForPopoverProvider = false);
        page.Services.AddScoped<Portal.Data.OnScreen>();
        page.Services.AddScoped<Ask>();
        page.Services.AddScoped<Go>();
        page.Services.AddScoped<FieldWords>();
        page.Services.AddSingleton(clock ?? TimeProvider.System);
        page.Services.AddScoped(_ => whose.Get<NeedService>());
        page.Services.AddScoped(_ => whose.Get<RecommendationService>());
        page.Services.AddScoped(_ => whose.Get<DraftService>());
        page.Services.AddScoped(_ => whose.Get<ThreadService>());
        page.Services.AddScoped(_ => whose.Get<NoticeService>());
        page.Services.AddScoped(_ => whose.Get<Wire>());
        page.Services.AddScoped(_ => whose.Get<PageMark>());
        page.Services.AddScoped(_ => whose.Get<ActorSource>());
        page.Services.AddScoped(_ => whose.Get<RefusalLog>());
        page.Renderer.SetRendererInfo(new RendererInfo("Server", true));
        return page;
    }
}
