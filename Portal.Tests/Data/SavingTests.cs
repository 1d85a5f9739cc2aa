using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Tests.Access;

namespace Portal.Tests.Data;

/// <summary>A record, its reach, its activity, its log entries and its search words are saved together or not at all.</summary>
public sealed class SavingTests
{
    private static Task<Need> Load(PortalDb db, Need need) =>
        db.Needs.Include(n => n.Consents).Include(n => n.Translations).AsSplitQuery().Where(n => n.Id == need.Id).OneOrNotFound();

    private static async Task<string[]> Lines(PortalDb db, Guid id) =>
        [
            .. (await db.Reach.AsNoTracking().Where(r => r.RecordId == id).ToListAsync())
                .Select(r => $"{r.Audience} {r.State} {r.View} {r.Sort}")
                .Order(),
        ];

    private static string[] Lines(IProtected record) =>
        [.. Reach.Of(record).Select(r => $"{r.Audience} {r.State} {r.View} {r.Sort}").Order()];

    [Theory, OnSqlite, OnPostgres]
    public async Task The_second_of_two_who_do_the_same_at_one_moment_is_told_what_it_would_be_told_a_moment_later(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        await test.Save(need);
        foreach (
            var (code, add) in new (string, Action<PortalDb>)[]
            {
                ("match.said_already", db => db.NotForUs.Add(NotForUs.Say(need, Cast.Ingrid, NotForUsReason.Field, null, test.Now))),
                ("need.not_now_already", db => db.NotNow.Add(NotNow.Say(need, Cast.Ingrid, NotNowReason.Funds, null, test.Now))),
                (
                    "view.name_taken",
                    db => db.SavedViews.Add(SavedView.Of(Cast.Ingrid.Membership.Id, Need.Card, "Mine", "status=Circulated", test.Now))
                ),
            }
        )
        {
            await using (var first = await test.For(Cast.Ingrid))
            {
                add(first);
                await first.SaveOrRefuse();
            }
            await using var second = await test.For(Cast.Ingrid);
            add(second);
            Assert.Equal(code, (await Assert.ThrowsAsync<Refusal>(second.SaveOrRefuse)).Code);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task After_each_verb_the_reach_is_what_the_record_says(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.Need(Cast.Amina);
        await test.Save(need);
        var verbs = new (Actor By, Action<Need> Verb)[]
        {
            (Cast.Otieno, n => n.Edit(Cast.Otieno, Cast.NeedContent with { Title = "Another title" }, test.Now)),
            (Cast.Amina, n => n.SharedWith(Audience.Providers, NeedParts.Cost, test.Now)),
            (Cast.Amina, n => n.SharedWith(Audience.Public, at: test.Now)),
            (Cast.Amina, n => n.SubmittedBy(Cast.Amina, test.Now)),
            (Cast.Andrei, n => n.ReturnedBy(Cast.Andrei, at: test.Now)),
            (Cast.Amina, n => n.SubmittedBy(Cast.Amina, test.Now)),
            (Cast.Andrei, n => n.AuthenticatedBy(Cast.Andrei, test.Now)),
            (Cast.Amina, n => n.Translate(Cast.Amina, Domain.Reference.Language.Fr, "Titre", "Texte", test.Now)),
            (Cast.Andrei, n => n.CirculatedBy(Cast.Andrei, at: test.Now)),
            (Cast.Amina, n => n.SharedWith(Audience.Providers, NeedParts.Timeframe, test.Now)),
            (Cast.Amina, n => n.SharedWith(Cast.NorthernAgency, at: test.Now)),
            (Cast.Amina, n => n.NoLongerSharedWith(Audience.Public, test.Now)),
            (Cast.Amina, n => n.SharedWith(Audience.Public, at: test.Now)),
            (Cast.Amina, n => n.Confirm(Cast.Amina, test.Now)),
            (Cast.Amina, n => n.WithdrawnBy(Cast.Amina, test.Now)),
        };
        foreach (var (by, verb) in verbs)
        {
            test.Clock.Advance(TimeSpan.FromMinutes(1));
            await using (var db = await test.For(by))
            {
                var loaded = await Load(db, need);
                verb(loaded);
                await db.SaveChangesAsync();
            }
            await using var check = await test.AsSystem();
            await IsWritten(check, await Load(check, need));
        }
        await using var end = await test.AsSystem();
        Assert.Equal(
            ["need/cted", "need/state:KEN"],
            await end.Reach.Where(r => r.RecordId == need.Id).Select(r => r.Audience).OrderBy(a => a).ToListAsync()
        );
        Assert.Equal(verbs.Length + 1, await end.Activities.CountAsync(a => a.RecordId == need.Id));
        Assert.Equal(verbs.Length + 1, await end.AuditEntries.CountAsync(a => a.RecordId == need.Id));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task After_each_verb_on_a_proposal_both_records_have_the_reach_they_say(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        await test.Save(need);
        var proposal = Cast.Proposal(need);
        await test.Save(proposal);
        var verbs = new (Actor By, Action<Proposal, Need> Verb)[]
        {
            (Cast.Lars, (p, _) => p.Edit(Cast.Lars, Cast.ProposalContent with { Title = "Another" }, test.Now)),
            (Cast.Ingrid, (p, n) => p.ProposedBy(Cast.Ingrid, n, test.Now)),
            (Cast.Amina, (p, _) => p.ShortlistedBy(Cast.Amina, test.Now)),
            (Cast.Amina, (p, n) => p.AcceptedBy(Cast.Amina, n, 10_000m, test.Now)),
        };
        foreach (var (by, verb) in verbs)
        {
            test.Clock.Advance(TimeSpan.FromMinutes(1));
            await using (var db = await test.For(by))
            {
                verb(await db.Proposals.SingleAsync(), await Load(db, need));
                await db.SaveChangesAsync();
            }
            await using var check = await test.AsSystem();
            Assert.Equal(Lines(await check.Proposals.SingleAsync()), await Lines(check, proposal.Id));
            Assert.Equal(Lines(await Load(check, need)), await Lines(check, need.Id));
        }
        await using var end = await test.AsSystem();
        var matched = await end.Needs.SingleAsync();
        Assert.Equal((NeedStatus.Matched, 10_000m, 240_000m), (matched.Status, matched.AcceptedAmount, matched.NotAccepted));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_every_kind_a_record_comes_back_as_it_was_with_its_reach_its_words_and_its_acts(Database database)
    {
        await using var test = await TestDb.Open(database);
        var records = Specimens.Some(new World(4), each: 6);
        await test.Save(records);
        Assert.Subset(records.Select(r => r.Kind).ToHashSet(), Kinds.All.ToHashSet());
        foreach (var record in records)
        {
            await using var db = await test.AsSystem();
            var loaded = await db.Ruled(record.Kind).SingleAsync(r => r.Id == record.Id);
            await using (var then = await test.AsSystem())
            {
                then.Attach(record);
                Assert.Equal(Columns(then, record), await Stored(db, loaded));
            }
            await IsWritten(db, record);
            Assert.NotEmpty(await db.Activities.Where(a => a.RecordId == record.Id).ToListAsync());
            Assert.All(
                await db.AuditEntries.Where(a => a.RecordId == record.Id).ToListAsync(),
                e => Assert.Equal((record.Kind.Section, record.Reference, record.Kind), (e.Section, e.Reference!, Kinds.OfAct(e.Code)))
            );
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_every_kind_a_change_without_an_act_is_refused_and_nothing_is_saved(Database database)
    {
        await using var test = await TestDb.Open(database);
        var records = Specimens.Some(new World(5), each: 1);
        await test.Save(records);
        await using var check = await test.AsSystem();
        var (activities, entries) = (await check.Activities.CountAsync(), await check.AuditEntries.CountAsync());
        foreach (var record in records)
        {
            var before = await Stored(check, await check.Ruled(record.Kind).SingleAsync(r => r.Id == record.Id));
            foreach (
                var past in new Action<PortalDb, IProtected>[]
                {
                    (db, r) => db.Entry(r).Property("UpdatedAt").CurrentValue = test.Now.AddDays(1),
                    (db, r) => db.Remove(r),
                }
            )
            {
                await using var db = await test.AsSystem();
                past(db, await db.Ruled(record.Kind).SingleAsync(r => r.Id == record.Id));
                Assert.Contains(
                    "without an act",
                    (await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync())).Message,
                    StringComparison.Ordinal
                );
            }
            await using var after = await test.AsSystem();
            Assert.Equal(before, await Stored(after, await after.Ruled(record.Kind).SingleAsync(r => r.Id == record.Id)));
            await IsWritten(after, record);
        }
        Assert.Equal((activities, entries), (await check.Activities.CountAsync(), await check.AuditEntries.CountAsync()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_every_kind_the_second_of_two_writers_is_told_and_what_was_done_is_not_on_the_record(Database database)
    {
        await using var test = await TestDb.Open(database);
        var records = Specimens.Some(new World(6), each: 1);
        await test.Save(records);
        foreach (var record in records)
        {
            await using var first = await test.AsSystem();
            await using var second = await test.AsSystem();
            foreach (var (db, verb) in new[] { (first, "first"), (second, "second") })
                (await db.Ruled(record.Kind).SingleAsync(r => r.Id == record.Id)).Acts.Add(new Act(record.Kind.Act(verb), 1));
            await first.SaveChangesAsync();
            Assert.Equal("record.changed_meanwhile", (await Assert.ThrowsAsync<Refusal>(second.SaveOrRefuse)).Code);
            await using var check = await test.AsSystem();
            foreach (
                var codes in new[]
                {
                    await check.Activities.Where(a => a.RecordId == record.Id).Select(a => a.Code).ToListAsync(),
                    await check.AuditEntries.Where(a => a.RecordId == record.Id).Select(a => a.Code).ToListAsync(),
                }
            )
            {
                Assert.Contains(record.Kind.Act("first"), codes);
                Assert.DoesNotContain(record.Kind.Act("second"), codes);
            }
            await IsWritten(check, record);
        }
    }

    private static async Task IsWritten(PortalDb db, IProtected record)
    {
        Assert.Equal(Lines(record), await Lines(db, record.Id));
        Assert.Equal(
            SearchEntry.Of(record).Select(s => $"{s.Part} {s.Words}").Order(),
            (await db.SearchEntries.Where(s => s.RecordId == record.Id).ToListAsync()).Select(s => $"{s.Part} {s.Words}").Order()
        );
    }

    private static async Task<string> Stored(PortalDb db, IProtected record)
    {
        foreach (var children in db.Entry(record).Collections)
            await children.LoadAsync();
        return Columns(db, record);
    }

    /// <summary>Everything that is kept of a record, its own rows and those that belong to it, but for who wrote last.</summary>
    private static string Columns(PortalDb db, IProtected record)
    {
        var entry = db.Entry(record);
        return string.Join(
            '\n',
            entry
                .Collections.SelectMany(c => c.CurrentValue!.Cast<object>())
                .Select(c => Said(db.Entry(c)))
                .Order(StringComparer.Ordinal)
                .Prepend(Said(entry))
        );

        static string Said(EntityEntry entry) =>
            string.Join(
                '\n',
                entry
                    .CurrentValues.Properties.Where(p => p.Name != nameof(IProtected.Version))
                    .Select(p => $"{p.DeclaringType.ShortName()}.{p.Name}: {JsonSerializer.Serialize(entry.CurrentValues[p], Plainly)}")
            );
    }

    // A number is as large with zeros behind it as without.
    private static readonly JsonSerializerOptions Plainly = new() { Converters = { new Amounts() } };

    private sealed class Amounts : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("0.############", CultureInfo.InvariantCulture));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_act_at_the_very_moment_of_the_one_before_is_not_lost(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.Need(Cast.Amina).SharedWith(Audience.Providers);
        await test.Save(need);
        foreach (
            var verb in new Action<Need>[]
            {
                n => n.Confirm(Cast.Amina, test.Now),
                n => n.NoLongerSharedWith(Audience.Providers, test.Now),
                n => n.AddFile(Cast.Amina, "a.txt", "a"u8.ToArray(), test.Now),
            }
        )
        {
            await using var db = await test.For(Cast.Amina);
            var loaded = await Load(db, need);
            verb(loaded);
            await db.SaveChangesAsync();
        }
        await using var check = await test.AsSystem();
        Assert.Equal(
            ["need.confirmed", "need.consent_given", "need.consent_revoked", "need.drafted", "need.file_added"],
            await check.AuditEntries.Select(a => a.Code).OrderBy(c => c).ToListAsync()
        );
        Assert.Equal(5, await check.Activities.CountAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nothing_is_saved_synchronously(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var db = await test.For(Cast.Amina);
        db.Needs.Add(Cast.Need(Cast.Amina));
        Assert.Throws<NotSupportedException>(() => db.SaveChanges());
        Assert.Throws<NotSupportedException>(() => db.SaveChanges(true));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_need_is_not_saved_without_its_consents_loaded(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        await test.Save(need);
        await using var db = await test.For(Cast.Amina);
        var loaded = await db.Needs.SingleAsync();
        loaded.Confirm(Cast.Amina, test.Now.AddMinutes(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
        await using var check = await test.AsSystem();
        Assert.Equal(Lines(need), await Lines(check, need.Id));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_second_of_two_writers_is_told_and_changes_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Submitted);
        await test.Save(need);
        await using var first = await test.For(Cast.Amina);
        await using var second = await test.For(Cast.Andrei);
        var (hers, his) = (await Load(first, need), await Load(second, need));
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        hers.WithdrawnBy(Cast.Amina, test.Now);
        his.AuthenticatedBy(Cast.Andrei, test.Now);
        await first.SaveChangesAsync();
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => second.SaveChangesAsync());
        await using var check = await test.AsSystem();
        Assert.Equal(NeedStatus.Withdrawn, (await check.Needs.SingleAsync()).Status);
        Assert.DoesNotContain("need.authenticated", await check.AuditEntries.Select(a => a.Code).ToListAsync());
        Assert.DoesNotContain("need.authenticated", await check.Activities.Select(a => a.Code).ToListAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_consents_given_at_once_do_not_hide_each_other(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        await test.Save(need);
        await using var first = await test.For(Cast.Amina);
        await using var second = await test.For(Cast.Amina);
        var (one, other) = (await Load(first, need), await Load(second, need));
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        one.SharedWith(Cast.NorthernAgency, at: test.Now);
        other.NoLongerSharedWith(Audience.Providers, test.Now);
        await first.SaveChangesAsync();
        Assert.Equal("record.changed_meanwhile", (await Assert.ThrowsAsync<Refusal>(() => second.SaveOrRefuse())).Code);
        await using var check = await test.AsSystem();
        Assert.Equal(Lines(await Load(check, need)), await Lines(check, need.Id));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Act_log_and_notice_are_undone_with_the_transaction_they_are_in(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Submitted);
        await test.Save(need);
        var before = await Counts();
        var told = 0;
        using (
            test.Wire.Subscribe(
                () => AudienceKeys.Of(Cast.Amina),
                Cast.Amina.Id,
                _ =>
                {
                    Interlocked.Increment(ref told);
                    return Task.CompletedTask;
                }
            )
        )
        {
            await using var db = await test.For(Cast.Andrei);
            var loaded = await Load(db, need);
            loaded.AuthenticatedBy(Cast.Andrei, test.Now.AddMinutes(1));
            db.Notify(Audience.State("KEN"), "need.authenticated", loaded);
            // A row that the database refuses, after everything else has been written.
            db.Add(new Counter { Name = "same" });
            await using (var other = await test.AsSystem())
            {
                other.Add(new Counter { Name = "same" });
                await other.SaveChangesAsync();
            }
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            await Task.Delay(100);
        }
        Assert.Equal(before, await Counts());
        Assert.Equal(0, told);

        async Task<(int, int, int, NeedStatus)> Counts()
        {
            await using var db = await test.AsSystem();
            return (
                await db.Activities.CountAsync(),
                await db.AuditEntries.CountAsync(),
                await db.Notices.CountAsync(),
                (await db.Needs.SingleAsync()).Status
            );
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_log_says_who_did_what_when_and_holds_nothing_that_was_typed(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Submitted);
        await test.Save(need);
        test.Clock.Advance(TimeSpan.FromHours(1));
        await using (var db = await test.For(Cast.Andrei))
        {
            (await Load(db, need)).ReturnedBy(Cast.Andrei, "A note with secrets.", test.Now);
            await db.SaveChangesAsync();
        }
        await using var check = await test.AsSystem();
        var entry = await check.AuditEntries.OrderByDescending(a => a.Id).FirstAsync();
        Assert.Equal(
            ("need.returned", Section.Needs, need.Id, need.Reference, "Submitted", "Returned"),
            (entry.Code, entry.Section, entry.RecordId!.Value, entry.Reference, entry.From, entry.To)
        );
        Assert.Equal((Cast.Andrei.Id, Cast.Andrei.Membership.Id, test.Now), (entry.PersonId, entry.MembershipId!.Value, entry.At));
        Assert.Equal(DateTimeKind.Utc, entry.At.Kind);
        var activity = await check.Activities.OrderByDescending(a => a.At).FirstAsync();
        Assert.Equal(
            ("need.returned", "A note with secrets.", "Andrei", Cast.Cted.Id),
            (activity.Code, activity.Why, activity.By, activity.OrganisationId!.Value)
        );
        Assert.DoesNotContain(typeof(AuditEntry).GetProperties(), p => p.Name is "Why" or "Text" or "Title");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task References_count_up_without_a_gap_or_a_double_however_many_ask_at_once(Database database)
    {
        await using var test = await TestDb.Open(database);
        foreach (var kind in Kinds.All.Where(k => k.Series is not null))
        {
            var given = await Task.WhenAll(
                Enumerable
                    .Range(0, 40)
                    .Select(async _ =>
                    {
                        await using var db = await test.For(Cast.Amina);
                        return await db.NextReference(kind, 2027, "KEN");
                    })
            );
            string Called(int year, int number, string state = "KEN") =>
                kind.IsNumberedByState ? $"{kind.Series}-{state}-{year}-{number}" : $"{kind.Series}-{year}-{number:0000}";
            Assert.Equal(Enumerable.Range(1, 40).Select(i => Called(2027, i)).Order(), given.Order());
            await using var next = await test.For(Cast.Amina);
            Assert.Equal(Called(2028, 1), await next.NextReference(kind, 2028, "KEN"));
            // Of one State's numbers another's tell nothing.
            if (kind.IsNumberedByState)
                Assert.Equal(Called(2027, 1, "PER"), await next.NextReference(kind, 2027, "PER"));
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Amounts_days_moments_and_texts_come_back_as_they_were(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.Need(
            Cast.Amina,
            Cast.NeedContent with
            {
                Title = "反恐 مكافحة 😀 Ё",
                EstimatedCost = Domain.Text.LargestAmount,
                Beneficiary = "O'Neill \"%_\\",
            }
        );
        need.Translate(Cast.Amina, Domain.Reference.Language.Ar, "عنوان", "نص", Cast.Now);
        await test.Save(need);
        await using var db = await test.For(Cast.Amina);
        var back = await Load(db, need);
        Assert.Equal(
            (need.Title, need.EstimatedCost, need.Beneficiary, need.From, need.To, need.CreatedAt, need.Urgency),
            (back.Title, back.EstimatedCost, back.Beneficiary, back.From, back.To, back.CreatedAt, back.Urgency)
        );
        Assert.Equal(
            need.Modalities.Concat(need.Sectors).Concat(need.Paragraphs),
            back.Modalities.Concat(back.Sectors).Concat(back.Paragraphs)
        );
        Assert.Equal(DateTimeKind.Utc, back.CreatedAt.Kind);
        Assert.Equal("عنوان", Assert.Single(back.Translations).Title);
    }
}
