using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Assistance.Needs;
using Portal.Assistance.Proposals;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Home;
using Portal.Shell;
using Portal.Tests.Api;

namespace Portal.Tests.Collaboration;

/// <summary>What an auditor finds in the log, and what others leave in it by reading.</summary>
public sealed class AuditServiceTests
{
    private static AuditQuery Asked(string query) => AuditQuery.Of(ListAddress.Of("/audit" + query));

    private static async Task<TestDb> Story(Database database)
    {
        var test = await TestDb.Open(database);
        var (kenya, peru) = (Cast.Need(Cast.Amina), Cast.Need(Cast.Rosa));
        await As(test, Cast.Amina, db => db.Needs.Add(kenya));
        await As(test, Cast.Rosa, db => db.Needs.Add(peru));
        test.Clock.Advance(TimeSpan.FromDays(1));
        await (await test.As(Cast.Amina)).Get<NeedService>().Submit(kenya.Reference);
        test.Clock.Advance(TimeSpan.FromDays(1));
        await (await test.As(Cast.Andrei)).Get<NeedService>().Authenticate(kenya.Reference);
        return test;
    }

    private static async Task As(TestDb test, Player who, Action<PortalDb> act)
    {
        await using var db = await test.For(who);
        db.AttachCast();
        act(db);
        await db.SaveChangesAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_log_is_found_by_record_person_organisation_section_act_and_day(Database database)
    {
        await using var test = await Story(database);
        var audit = (await test.As(Cast.Auguste)).Get<AuditService>();
        await using var db = await test.AsSystem();
        var reference = (await db.Needs.SingleAsync(n => n.StateIso3 == "KEN")).Reference;

        async Task<string> Codes(string query) => string.Join(' ', (await audit.List(Asked(query))).Rows.Select(r => r.Code));

        Assert.Equal("need.authenticated need.submitted need.drafted need.drafted", await Codes(""));
        Assert.Equal("need.authenticated need.submitted need.drafted", await Codes("?q=" + reference.ToLowerInvariant()));
        Assert.Equal("need.submitted need.drafted", await Codes("?who=" + Cast.Amina.Email));
        Assert.Equal("need.submitted need.drafted", await Codes("?who=mina"));
        Assert.Equal("", await Codes("?who=nobody@example.org"));
        Assert.Equal("need.authenticated", await Codes("?organisation=cted"));
        Assert.Equal("need.submitted need.drafted", await Codes("?organisation=Kenya"));
        Assert.Equal("", await Codes("?organisation=Atlantis"));
        Assert.Equal("need.submitted", await Codes("?act=need.submitted"));
        Assert.Equal("", await Codes("?section=Proposals"));
        Assert.Equal("need.authenticated need.submitted need.drafted need.drafted", await Codes("?section=Needs"));
        Assert.Equal("need.authenticated", await Codes("?from=2027-03-03"));
        Assert.Equal("need.drafted need.drafted", await Codes("?to=2027-03-01"));
        Assert.Equal("need.submitted", await Codes("?from=2027-03-02&to=2027-03-02&who=" + Cast.Amina.Email));
        // What is not understood filters nothing.
        Assert.Equal(4, (await audit.List(Asked("?section=None&from=yesterday&page=-1"))).Total);

        var line = (await audit.List(Asked("?act=need.authenticated"))).Rows.Single();
        Assert.Equal(
            ("Andrei", Role.AssistanceOfficer, Cast.Cted.Name, "Submitted", "Authenticated", reference),
            (line.By, line.Role, line.Organisation!, line.From, line.To, line.Reference)
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_long_log_is_paged_and_its_count_is_capped(Database database)
    {
        await using var test = await TestDb.Open(database);
        await As(
            test,
            Cast.Amina,
            db =>
            {
                for (var i = 0; i < 1100; i++)
                    db.Audit(new Act("need.exported", 0, Subject: $"csv:{i}"), Section.Needs);
            }
        );
        var audit = (await test.As(Cast.Auguste)).Get<AuditService>();
        var (first, second) = (await audit.List(Asked("")), await audit.List(Asked("?page=2")));
        Assert.Equal((1000, true, 50), (first.Total, first.IsCapped, first.Rows.Count));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => 1100L - i), first.Rows.Concat(second.Rows).Select(r => r.Number));
        Assert.Equal(100, (await audit.Export(Asked(""), "csv", 100)).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_those_who_may_read_the_log_find_anything_in_it_or_have_it_verified(Database database)
    {
        await using var test = await Story(database);
        foreach (var player in Cast.All.Where(p => p != Cast.Auguste).Append(null))
        {
            var audit = (await test.As(player)).Get<AuditService>();
            Assert.Empty((await audit.List(Asked(""))).Rows);
            await Assert.ThrowsAsync<NotFound>(() => audit.Verify());
            await Assert.ThrowsAsync<NotFound>(() => audit.State());
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Verifying_says_what_was_found_and_is_in_the_log(Database database)
    {
        await using var test = await Story(database);
        var audit = (await test.As(Cast.Auguste)).Get<AuditService>();
        Assert.Equal((4L, null), await audit.Verify());
        var state = await audit.State();
        Assert.Equal((5, test.Now, "Whole", null), (state.Count, state.VerifiedAt, state.Found, state.AnchoredAt));
        await using (var db = await test.AsOwner())
        {
            await db.Database.ExecuteSqlRawAsync(
                database == Database.Sqlite ? """DROP TRIGGER "AuditEntriesStay" """ : """ALTER TABLE "AuditEntries" DISABLE TRIGGER ALL"""
            );
            await db.Database.ExecuteSqlRawAsync("""UPDATE "AuditEntries" SET "To" = 'Withdrawn' WHERE "Id" = 3""");
        }
        Assert.Equal(3, (await audit.Verify()).Break!.Sequence);
        Assert.Equal("Altered", (await audit.State()).Found);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Opening_a_need_is_logged_once_an_hour_for_each_reader_with_the_parts_they_saw(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        await test.Save(need);
        var (officer, donor, own) = (
            (await test.As(Cast.Andrei)).Get<NeedService>(),
            (await test.As(Cast.Ingrid)).Get<NeedService>(),
            (await test.As(Cast.Otieno)).Get<NeedService>()
        );
        for (var i = 0; i < 3; i++)
            foreach (var reader in new[] { officer, donor, own })
                await reader.Get(need.Reference);
        Assert.Equal(["Andrei", "Ingrid", "Otieno"], (await Readings(test)).Select(r => r.By));
        Assert.Equal(NeedParts.Whole.ToString(), (await Readings(test))[0].Subject);
        Assert.DoesNotContain("Whole", (await Readings(test))[1].Subject);
        Assert.Contains("Summary", (await Readings(test))[1].Subject);

        test.Clock.Advance(TimeSpan.FromHours(1));
        await donor.Get(need.Reference);
        await donor.Get(need.Reference);
        Assert.Equal(4, (await Readings(test)).Count);

        // More was shared within the hour: that is another reading.
        await (await test.As(Cast.Amina))
            .Get<NeedService>()
            .GiveConsent(
                need.Reference,
                [Cast.NorthernAgency.Audience],
                NeedParts.Cost
                    | NeedParts.Beneficiary
                    | NeedParts.Background
                    | NeedParts.Timeframe
                    | NeedParts.Modality
                    | NeedParts.Description
                    | NeedParts.Attachments
            );
        await donor.Get(need.Reference);
        Assert.Equal(5, (await Readings(test)).Count);

        // Who may not see it leaves nothing, as if there were nothing.
        await Assert.ThrowsAsync<NotFound>(async () => await (await test.As(Cast.Rosa)).Get<NeedService>().Get(need.Reference));
        Assert.Equal(5, (await Readings(test)).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_draft_on_its_States_own_desk_is_read_without_a_note_and_from_submission_on_with_one(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.Need(Cast.Amina);
        await test.Save(need);
        var amina = (await test.As(Cast.Amina)).Get<NeedService>();
        await amina.Get(need.Reference);
        await amina.Content(need.Reference);
        Assert.Empty(await Readings(test));
        await amina.Submit(need.Reference);
        await amina.Get(need.Reference);
        Assert.Single(await Readings(test));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_proposal_is_noted_from_when_it_was_made(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        await test.Save(need);
        var proposal = Cast.Proposal(need);
        await test.Save(proposal);
        var ingrid = (await test.As(Cast.Ingrid)).Get<ProposalService>();
        await ingrid.Get(proposal.Reference);
        Assert.Empty(await Readings(test));
        await ingrid.Propose(proposal.Reference);
        await (await test.As(Cast.Amina)).Get<ProposalService>().Get(proposal.Reference);
        Assert.Equal(["proposal.read"], (await Readings(test)).Select(r => r.Code));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_cannot_be_noted_is_not_read(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        await test.Save(need);
        var donor = (await test.As(Cast.Ingrid)).Get<NeedService>();
        await using (var db = await test.AsOwner())
            await db.Database.ExecuteSqlRawAsync("""ALTER TABLE "AuditEntries" RENAME TO "Away" """);
        await Assert.ThrowsAsync<DbUpdateException>(() => donor.Get(need.Reference));
        // And having failed once it is not taken for noted.
        await Assert.ThrowsAsync<DbUpdateException>(() => donor.Get(need.Reference));
        await using (var db = await test.AsOwner())
            await db.Database.ExecuteSqlRawAsync("""ALTER TABLE "Away" RENAME TO "AuditEntries" """);
        await donor.Get(need.Reference);
        Assert.Single(await Readings(test));
    }

    private static async Task<IReadOnlyList<AuditLine>> Readings(TestDb test)
    {
        var audit = (await test.As(Cast.Auguste)).Get<AuditService>();
        return
        [
            .. (await audit.List(Asked(""))).Rows.Where(r => r.Code.EndsWith(".read", StringComparison.Ordinal)).OrderBy(r => r.Number),
        ];
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Consents_and_edits_say_what_changed_and_nothing_that_was_typed(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.Need(Cast.Amina);
        await test.Save(need);
        var amina = (await test.As(Cast.Amina)).Get<NeedService>();
        var (content, version, _) = await amina.Content(need.Reference);
        await amina.Edit(need.Reference, version, content with { Title = "A title of secrets", EstimatedCost = 987_654m });
        await amina.GiveConsent(need.Reference, [Cast.NorthernAgency.Audience], NeedParts.Summary | NeedParts.Cost);
        await amina.GiveConsent(need.Reference, [Cast.NorthernAgency.Audience], NeedParts.Summary);
        await amina.RevokeConsent(need.Reference, Cast.NorthernAgency.Audience, "A reason of secrets");
        var file = await amina.AddFile(need.Reference, "secrets.txt", "secrets"u8.ToArray());
        await amina.RemoveFile(need.Reference, file.Id);

        await using var db = await test.AsSystem();
        var entries = await db.AuditEntries.OrderBy(e => e.Id).Skip(1).ToListAsync();
        Assert.Equal(
            [
                ("need.edited", null, null, "Summary, Cost"),
                ("need.consent_given", null, "Summary, Cost", Cast.NorthernAgency.Audience.Key),
                ("need.consent_changed", "Summary, Cost", "Summary", Cast.NorthernAgency.Audience.Key),
                ("need.consent_revoked", "Summary", "None", Cast.NorthernAgency.Audience.Key),
                ("need.file_added", null, null, file.Id.ToString()),
                ("need.file_removed", null, null, file.Id.ToString()),
            ],
            entries.Select(e => (e.Code, e.From, e.To, e.Subject))
        );
        Assert.DoesNotContain(entries, e => $"{e.From}{e.To}{e.Subject}{e.Reference}".Contains("secret", StringComparison.Ordinal));
        // On the record itself the file still goes by its name.
        Assert.Contains(await db.Activities.ToListAsync(), a => a.Subject == "secrets.txt");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_auditors_home_shows_recent_acts_and_failed_sign_ins(Database database)
    {
        await using var test = await Story(database);
        var home = await (await test.As(Cast.Auguste)).Get<HomeService>().Get();
        Assert.True(home.SeesAudit);
        Assert.Equal(
            [("figure:audit.day", 1), ("figure:audit.failed", 0), ("figure:audit.refused", 0)],
            home.Figures.Select(f => (f.Code, f.Count))
        );
        Assert.False((await (await test.As(Cast.Andrei)).Get<HomeService>().Get()).SeesAudit);
    }

    [Fact, Trait("Pace", "Slow")]
    public async Task The_log_leaves_as_a_file_for_an_auditor_who_confirmed_and_that_is_in_it()
    {
        await using var host = await ApiHost.Start();
        await host.Need(NeedStatus.Circulated);
        var auguste = await host.As(Cast.Auguste);
        var file = await auguste.Ask(HttpMethod.Get, "/audit/export?format=csv&section=Needs");
        Assert.Equal(200, file.Status);
        Assert.Contains("need.circulated", file.Body);
        Assert.DoesNotContain(Cast.NeedContent.Title, file.Body);
        Assert.Equal(200, (await auguste.Ask(HttpMethod.Get, "/audit/export?format=xlsx")).Status);
        foreach (var other in new[] { Cast.Andrei, Cast.Malik, Cast.Tomas, Cast.Amina })
            Assert.NotEqual(200, (await (await host.As(other)).Ask(HttpMethod.Get, "/audit/export?format=csv")).Status);
        await using (var db = await host.Db.AsSystem())
            Assert.Equal(2, await db.AuditEntries.CountAsync(e => e.Code == "audit.exported"));
        host.Db.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(
            (403, "request.confirm"),
            await auguste.Ask(HttpMethod.Get, "/audit/export?format=csv", headers: ("Accept", "application/json")) is var late
                ? (late.Status, late.Code)
                : default
        );
    }

    [Theory, OnSqlite]
    public async Task The_card_of_the_chain_verifies_and_says_so(Database database)
    {
        await using var test = await Story(database);
        await using var page = new BunitContext();
        page.Services.AddWords();
        var auditor = await test.As(Cast.Auguste);
        page.Services.AddScoped(_ => auditor.Get<AuditService>());
        page.Services.AddScoped(_ => auditor.Get<ActorSource>());
        var told = new TaskCompletionSource();

        var card = page.Render<AuditChainCard>(p => p.Add(c => c.OnVerified, told.SetResult));
        card.WaitForElement("#chain button");
        Assert.Empty(card.FindAll(".alert"));
        await card.Find("#chain button").ClickAsync(new());
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("good", card.Find(".alert").GetAttribute("data-tone"));
        Assert.Contains("Entries: 4", card.Find(".alert").TextContent);
    }

    [Fact]
    public async Task A_line_says_who_what_and_from_what_to_what_in_words()
    {
        await using var page = new BunitContext();
        page.Services.AddWords();
        AuditLine line = new(
            7,
            Cast.Now,
            "need.consent_changed",
            Section.Needs,
            "NEED-2027-0001",
            "Summary, Cost",
            "Summary",
            "org:9001",
            new AuditSubject(null, Cast.NorthernAgency.Name),
            "Amina",
            Cast.Amina.Id,
            Cast.Kenya.Name,
            Role.FocalPoint,
            "ab"
        );
        AuditLine place = line with
        {
            Number = 8,
            Code = "account.acting_as",
            From = "FocalPoint@ken",
            To = "LegalOfficer@cted KEN,UGA",
            Subject = Cast.Amina.Id.ToString(),
            About = null,
            Reference = null,
        };

        var table = page.Render<AuditTable>(p => p.Add(t => t.Lines, [line, place]).Add(t => t.Address, ListAddress.Of("/audit")));

        var text = table
            .FindAll("tbody tr")
            .Select(r => string.Join(' ', r.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)))
            .ToList();
        Assert.Contains("Consent changed", text[0]);
        Assert.Contains("Northern Development Agency", text[0]);
        Assert.Contains("Summary, Estimated cost and funding gap becomes Summary", text[0]);
        Assert.Matches("Amina ?Focal point · Kenya", text[0]);
        Assert.Contains("Focal point (ken) becomes Legal officer (cted)", text[1]);
        Assert.DoesNotContain(Cast.Amina.Id.ToString(), table.Markup);
        Assert.Equal("/audit?q=NEED-2027-0001", table.Find("tbody a").GetAttribute("href"));
    }
}
