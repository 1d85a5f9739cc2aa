using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Calendar;
using Portal.Domain.Collaboration;
using Portal.Domain.Committee;
using Portal.Domain.Directory;
using Portal.Domain.Iati;
using Portal.Domain.Imports;
using Portal.Identity;

namespace Portal.Data;

/// <summary>
/// The database, opened for an actor: every protected set shows what that actor may see and nothing else, whoever writes the query.
/// Without an actor it shows what is public. <see cref="PortalStore"/> opens it.
/// </summary>
public abstract class PortalDb(DbContextOptions options, TimeProvider clock, Wire wire)
    : IdentityUserContext<PortalUser, Guid>(options),
        IDataProtectionKeyContext,
        IRecords
{
    /// <summary>Name of the query filter that applies the access decision.</summary>
    public const string Visibility = "visibility";

    private Actor actor = Actor.Anonymous;
    private readonly List<Change> accessChanges = [];
    private readonly List<AuditEntry> entries = [];
    private readonly List<Change> untold = [];
    private readonly List<Action<SqliteRows>> unfollowed = [];
    private int counting;

    /// <summary>For whom it was opened.</summary>
    public Actor Actor
    {
        get => actor;
        internal set => actor = value;
    }

    /// <summary>What the reader it is opened for sees while they decide; null where nobody looks at a screen.</summary>
    internal OnScreen? Screen { get; set; }

    private readonly List<(string Turn, Func<Task> Demand)> turns = [];

    /// <summary>Opened for nobody, with nothing begun. Contexts are pooled: each is given out as if it were new.</summary>
    internal void BeginForNobody()
    {
        ForgetWhoAsked();
        accessChanges.Clear();
        entries.Clear();
        untold.Clear();
        unfollowed.Clear();
        turns.Clear();
    }

    // Already at its end and not only at its next beginning: one that is used when it should not be any more shows what is public.
    private void ForgetWhoAsked() => (actor, IsSystem, IsOwner, counting, Screen) = (Actor.Anonymous, false, false, 0, null);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (IsHeldOpen)
            Database.CloseConnection();
        IsHeldOpen = false;
        ForgetWhoAsked();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (IsHeldOpen)
            await Database.CloseConnectionAsync();
        IsHeldOpen = false;
        ForgetWhoAsked();
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
    }

    // The pool closes a connection that was opened by hand, and goes on counting it as opened: whoever had the context next would never let
    // go of theirs.
    internal bool IsHeldOpen { get; set; }

    /// <summary>The stored names of the audiences whose records the context shows.</summary>
    public AudienceKeys Keys => counting > 0 ? actor.CountedKeys : actor.Keys;

    /// <summary>
    /// Until disposed, a preview's context also answers for records that whoever looks may not read. Whoever asks lets out numbers,
    /// identifiers
    /// and parts, and no content; a law lists them.
    /// </summary>
    internal IDisposable Counting() => new Count(this);

    private sealed class Count : IDisposable
    {
        private readonly PortalDb db;

        public Count(PortalDb db) => (this.db, db.counting) = (db, db.counting + 1);

        public void Dispose() => db.counting--;
    }

    /// <summary>Whether somebody looks as another would: the connection is for reading only, and nothing is saved.</summary>
    internal bool IsPreview => actor.IsPreview;

    /// <summary>What counts for the actor, and in a preview for whoever looks, too.</summary>
    private bool Both(Func<Actor, bool> may) => may(actor) && (actor.Viewer is null || counting > 0 || may(actor.Viewer));

    // Read by the query filters, anew for each context. SecondWall.Said says the same on a connection.
    internal bool IsSystem { get; set; }

    /// <summary>Works on the tables themselves and not as the role that PostgreSQL's second wall binds.</summary>
    internal bool IsOwner { get; set; }
    internal string[] Whole => Keys.Whole;
    internal string[] Scoped => Keys.Scoped;
    internal Guid ActingMembershipId => actor.Membership?.Id ?? Guid.Empty;
    internal Guid ActingOrganisationId => actor.Membership?.OrganisationId ?? Guid.Empty;
    internal Guid ActingPersonId => actor.PersonId;
    internal bool SeesAccess => Both(a => a.LevelIn(Section.Access) >= Level.View);
    internal bool SeesPeople => Both(a => Delegation.May(a, PeopleAct.SeeAll));
    internal bool IsDelegate => actor.Role is { } role && Delegation.Of(role) is not null;
    internal bool SeesAudit => Both(a => a.LevelIn(Section.Audit) >= Level.View);
    internal bool OpensFiles => !IsPreview;

    /// <summary>Needs.</summary>
    public DbSet<Need> Needs => Set<Need>();

    /// <summary>Proposals.</summary>
    public DbSet<Proposal> Proposals => Set<Proposal>();

    /// <summary>Dossiers: cover note, letter, assessment, and what became of them.</summary>
    public DbSet<Dossier> Dossiers => Set<Dossier>();

    /// <summary>What States are asked to do, from when they are asked.</summary>
    public DbSet<Recommendation> Recommendations => Set<Recommendation>();

    /// <summary>What was before which body.</summary>
    public DbSet<Circulation> Circulations => Set<Circulation>();

    /// <summary>Directory profiles.</summary>
    public DbSet<Profile> Profiles => Set<Profile>();

    /// <summary>Standing offers.</summary>
    public DbSet<StandingOffer> Offers => Set<StandingOffer>();

    /// <summary>Matches of needs and standing offers.</summary>
    public DbSet<Match> Matches => Set<Match>();

    /// <summary>What matches have yet to follow: identifiers only, for <see cref="MatchBook"/> and the matcher.</summary>
    public DbSet<MatchTask> MatchTasks => Set<MatchTask>();

    /// <summary>Suggestions that a provider does not want.</summary>
    public DbSet<NotForUs> NotForUs => Set<NotForUs>();

    /// <summary>Questions about needs, and their answers.</summary>
    public DbSet<NeedQuestion> Questions => Set<NeedQuestion>();

    /// <summary>Answers that nothing is proposed now.</summary>
    public DbSet<NotNow> NotNow => Set<NotNow>();

    /// <summary>Steps of accepted help.</summary>
    public DbSet<Milestone> Milestones => Set<Milestone>();

    /// <summary>What the portal reminded of: identifiers and days, for the duties.</summary>
    public DbSet<Reminder> Reminders => Set<Reminder>();

    /// <summary>Official holidays of Headquarters: public reference data.</summary>
    public DbSet<Holiday> Holidays => Set<Holiday>();

    /// <summary>Dated rates of exchange: public reference data.</summary>
    public DbSet<ExchangeRate> ExchangeRates => Set<ExchangeRate>();

    /// <summary>What assistance officers set for the whole section.</summary>
    public DbSet<AssistanceSettings> AssistanceSettings => Set<AssistanceSettings>();

    /// <summary>Programmes.</summary>
    public DbSet<Programme> Programmes => Set<Programme>();

    /// <summary>Which programme serves which need.</summary>
    public DbSet<ServedNeed> ServedNeeds => Set<ServedNeed>();

    /// <summary>Activities that programmes were imported with.</summary>
    public DbSet<IatiSource> IatiSources => Set<IatiSource>();

    /// <summary>Imports.</summary>
    public DbSet<ImportJob> ImportJobs => Set<ImportJob>();

    /// <summary>Their files, in pieces.</summary>
    public DbSet<ImportChunk> ImportChunks => Set<ImportChunk>();

    /// <summary>What was found in them.</summary>
    public DbSet<ImportLine> ImportLines => Set<ImportLine>();

    /// <summary>References by which organisations know records of their own.</summary>
    public DbSet<OwnReference> OwnReferences => Set<OwnReference>();

    /// <summary>Files of needs.</summary>
    public DbSet<Attachment> Attachments => Set<Attachment>();

    /// <summary>Their bytes.</summary>
    public DbSet<AttachmentChunk> AttachmentChunks => Set<AttachmentChunk>();

    /// <summary>What was done to records.</summary>
    public DbSet<Activity> Activities => Set<Activity>();

    /// <summary>The log.</summary>
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    /// <summary>Where the log ends: a number and a hash.</summary>
    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();

    /// <summary>Notices to audiences.</summary>
    public DbSet<Notice> Notices => Set<Notice>();

    /// <summary>How memberships want to be told.</summary>
    public DbSet<NoticeChoices> NoticeChoices => Set<NoticeChoices>();

    /// <summary>What was opened of what notices tell.</summary>
    public DbSet<NoticeReading> NoticeReadings => Set<NoticeReading>();

    /// <summary>Discussions on records.</summary>
    public DbSet<DiscussionThread> Threads => Set<DiscussionThread>();

    /// <summary>What was said in them.</summary>
    public DbSet<ThreadMessage> ThreadMessages => Set<ThreadMessage>();

    /// <summary>Views of lists that memberships saved.</summary>
    public DbSet<SavedView> SavedViews => Set<SavedView>();

    /// <summary>Records known to fit a view that is watched.</summary>
    public DbSet<ViewHit> ViewHits => Set<ViewHit>();

    /// <summary>What people are typing.</summary>
    public DbSet<FormDraft> FormDrafts => Set<FormDraft>();

    /// <summary>Bodies that people act for: public reference data.</summary>
    public DbSet<Organisation> Organisations => Set<Organisation>();

    /// <summary>Who acts for whom.</summary>
    public DbSet<Membership> Memberships => Set<Membership>();

    /// <summary>Explicit grants and denials.</summary>
    public DbSet<Grant> Grants => Set<Grant>();

    /// <summary>Requests for closed sections.</summary>
    public DbSet<AccessRequest> AccessRequests => Set<AccessRequest>();

    /// <summary>Reviews of who may still enter what.</summary>
    public DbSet<ReviewCampaign> ReviewCampaigns => Set<ReviewCampaign>();

    /// <summary>Their rows.</summary>
    public DbSet<ReviewItem> ReviewItems => Set<ReviewItem>();

    /// <summary>How often what is reviewed by itself.</summary>
    public DbSet<ReviewRhythm> ReviewRhythms => Set<ReviewRhythm>();

    /// <summary>Reach of every protected record; only this room reads it.</summary>
    public DbSet<Reach> Reach => Set<Reach>();

    /// <summary>Full-text entries; only this room reads them.</summary>
    public DbSet<SearchEntry> SearchEntries => Set<SearchEntry>();

    /// <summary>Running numbers.</summary>
    public DbSet<Counter> Counters => Set<Counter>();

    /// <summary>Sessions; only the Identity room reads them.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>Previews: who looked as whom, and when. Read with the session they are in.</summary>
    public DbSet<Viewing> Viewings => Set<Viewing>();

    /// <summary>Accounts bound to identity providers; only the Identity room reads them.</summary>
    public DbSet<IdentityBinding> IdentityBindings => Set<IdentityBinding>();

    /// <summary>Invitations; the Identity room makes and accepts them, the access room lists those that wait.</summary>
    public DbSet<Invitation> Invitations => Set<Invitation>();

    /// <summary>Recovery codes, hashed; only the Identity room reads them.</summary>
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    /// <inheritdoc/>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        PortalModel.Build(builder);
        foreach (var rule in Protection.Of(builder.Model))
            builder.Entity(rule.Table).HasQueryFilter(Visibility, rule.Filter(this));
    }

    IQueryable<T> IRecords.Of<T>() => Set<T>();

    /// <summary>The records of a kind with what their rule reads, so that it can be asked who sees them.</summary>
    public IQueryable<IProtected> Ruled(Kind kind) =>
        kind.RuleReads.Aggregate(kind.In(this), (records, path) => records.Include(path)).AsSplitQuery();

    /// <summary>Notes an act that is not on a protected record: a sign-in, a membership, an export.</summary>
    /// <param name="act">What was done.</param>
    /// <param name="section">In which section.</param>
    /// <param name="person">The account that did it, where it acts under no membership: with its own factors, say.</param>
    public void Audit(Act act, Section section, Guid? person = null) => entries.Add(AuditEntry.Of(act, section, null, actor, Now, person));

    /// <summary>Notes an act on a protected record that leaves it as it was: a file read, an export.</summary>
    public void Audit(Act act, IProtected record) => entries.Add(AuditEntry.Of(act, record.Kind.Section, record, actor, Now));

    /// <summary>Tells an audience of what nobody did, such as a day that comes near. An act says itself whom it tells.</summary>
    public void Notify(Audience audience, string code, IProtected record) => Notices.Add(Notice.To(audience, code, record, Now));

    /// <summary>
    /// Puts rows in when this is saved that nothing asks of again in this context. SQLite gets them one by one past the change tracker,
    /// which takes three times as long;
    /// PostgreSQL is sent what is followed together anyway.
    /// </summary>
    internal void Put<T>(IReadOnlyList<T> rows)
        where T : class
    {
        if (Database.IsNpgsql())
            Set<T>().AddRange(rows);
        else if (rows.Count > 0)
            unfollowed.Add(sqlite => sqlite.Insert(rows));
    }

    private void PutIn(SqliteRows rows)
    {
        foreach (var put in unfollowed)
            put(rows);
        unfollowed.Clear();
    }

    /// <summary>Has the screens of a person ask again once this is saved.</summary>
    public void AccessChanged(Guid personId) => accessChanges.Add(Change.OfPerson(personId));

    /// <summary>Has every screen ask again once this is saved: a grant to a role or organisation.</summary>
    public void AccessChanged() => accessChanges.Add(Change.OfAccess());

    /// <summary>Has the screens of those who see a need ask again once this is saved, though the need itself is as it was.</summary>
    internal void MatchesChanged(Guid needId, IReadOnlyList<string> audiences, string state) =>
        accessChanges.Add(new Change(needId, audiences, state));

    internal DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Saved asynchronously, so that reach, log and record are written together.");

    // Whatever somebody decides on has to be stored as they see it; also what is only told of, and stays as it is.
    private void DemandShown()
    {
        if (Screen is not { HoldsAnything: true } screen)
            return;
        foreach (var entry in ChangeTracker.Entries().Where(e => e.State != EntityState.Added))
            if (
                entry.Metadata.FindProperty(nameof(IProtected.Version)) is { IsConcurrencyToken: true, ClrType: var type }
                && type == typeof(Guid)
            )
                screen.Demand(
                    (Guid)entry.Property(nameof(IProtected.Id)).CurrentValue!,
                    (entry.Entity as IProtected)?.Reference,
                    (Guid)entry.Property(nameof(IProtected.Version)).OriginalValue!
                );
    }

    /// <summary>
    /// Saves the records, their reach, activity, log entries and search words in one transaction, then tells open screens.
    /// </summary>
    /// <exception cref="InvalidOperationException">A protected record changed without an act: no log, no act.</exception>
    /// <exception cref="Refusal">Somebody looks as another would.</exception>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RefuseInPreview();
        var changes = new List<Change>(accessChanges);
        await using var own = Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(cancellationToken) : null;
        var asked = turns.ToList();
        turns.Clear();
        foreach (var (turn, demand) in asked)
        {
            await this.TakeTurn(turn);
            await demand();
        }
        // An act counts even where it leaves the record's own row as it was: one on its consents, or at the very moment of the act before.
        var records = ChangeTracker.Entries<IProtected>().ToList();
        var touched = records.FindAll(e =>
            e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted || !e.Entity.Acts.IsEmpty
        );
        DemandShown();
        foreach (var record in records.Select(e => e.Entity))
        {
            foreach (var act in record.Acts.TakeNoted())
                Audit(act, record);
            foreach (var (audience, code) in record.Acts.TakeTold())
                Notify(audience, Chosen(code), record);
            foreach (var (audience, code, part) in record.Acts.TakeToldOfPart())
                Notices.Add(Notice.To(audience, Chosen(code), record, Now, part, actor.Membership?.Id));
        }
        var talk = TalkBook.Of(this, [.. records.Select(e => e.Entity)]);
        await SecondWall.Open(
            this,
            touched.Where(e => e.State == EntityState.Added).Select(e => e.Entity.Id),
            touched.Where(e => e.State != EntityState.Added).Select(e => e.Entity.Id).Union(talk.Records),
            cancellationToken
        );
        changes.AddRange(talk.Changes);
        await talk.WriteWords(this, cancellationToken);
        foreach (var entry in touched)
        {
            var record = entry.Entity;
            var acts = record.Acts.Take();
            if (acts.Count == 0)
                throw new InvalidOperationException($"{record.Reference} changed without an act");
            // Reach is worked out from what the rule reads; without it, it would come out too narrow, silently.
            if (entry.State != EntityState.Added && record.Kind.RuleReads.Any(path => !entry.Collection(path).IsLoaded))
                throw new InvalidOperationException($"{record.Reference} saved without what its rule reads");
            entry.Property(nameof(IProtected.Version)).CurrentValue = Guid.CreateVersion7();
            foreach (var act in acts)
            {
                Put([Activity.Of(record.Id, act, actor, Now)]);
                entries.Add(AuditEntry.Of(act, record.Kind.Section, record, actor, Now));
            }
            var isNew = entry.State == EntityState.Added;
            changes.Add(await WriteReach(record, acts, isNew, cancellationToken));
            await WriteSearchEntries(record, isNew, cancellationToken);
            MatchBook.Note(this, record);
        }
        // What is told of a record that is as it was reaches the screens of those it is told to, too; of a part of it, those that hold the
        // part, which the book of what is said knows.
        changes.AddRange(
            ChangeTracker
                .Entries<Notice>()
                .Where(n => n.State == EntityState.Added && n.Entity.Part == 0 && !touched.Exists(t => t.Entity.Id == n.Entity.RecordId))
                .Select(n => new Change(n.Entity.RecordId, [n.Entity.Audience], n.Entity.State))
        );
        // A transaction of its own is undone as a whole, so nothing in it needs to be undone alone.
        if (own is not null)
            Database.AutoSavepointsEnabled = false;
        var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess || entries.Count > 0, cancellationToken);
        try
        {
            using var rows = new SqliteRows(this);
            PutIn(rows);
            await MatchBook.Narrow(this, touched.Select(e => e.Entity), cancellationToken);
            await wire.Announce(this, changes, cancellationToken);
            // Last, since whoever appends to the log has it to themselves until the end of the transaction.
            if (entries.Count > 0)
            {
                await AuditLog.Append(this, entries, cancellationToken);
                Put(entries);
                saved += await base.SaveChangesAsync(true, cancellationToken);
                PutIn(rows);
            }
        }
        catch when (own is null)
        {
            // The caller's transaction holds the acts by now; without their reach, words and entries it must not be committed.
            await Database.RollbackTransactionAsync(CancellationToken.None);
            throw;
        }
        accessChanges.Clear();
        entries.Clear();
        foreach (var record in touched.Select(e => e.Entity))
            Screen?.Settle(record.Id, record.Reference);
        if (own is null)
        {
            if (touched.Count > 0 || talk.Records.Count > 0)
                await SecondWall.Close(this, cancellationToken);
            untold.AddRange(changes);
            return saved;
        }
        await own.CommitAsync(cancellationToken);
        wire.Committed(this, changes);
        return saved;
    }

    private static string Chosen(string code) =>
        NoticeEvents.IsKnown(code) ? code : throw new InvalidOperationException($"{code} tells people who cannot choose how");

    /// <summary>
    /// Runs an act that counts before it saves: acts of one name wait for each other, so that what was counted still holds when it is
    /// saved.
    /// All of it is done or nothing; open screens are told once it is.
    /// </summary>
    /// <param name="name">What they share, such as <c>people</c>.</param>
    /// <param name="act">Reads, decides and saves.</param>
    public async Task OneAtATime(string name, Func<Task> act)
    {
        RefuseInPreview();
        await using var transaction = await Database.BeginTransactionAsync();
        await this.TakeTurn(name);
        await act();
        await transaction.CommitAsync();
        wire.Committed(this, untold);
        untold.Clear();
    }

    /// <summary>
    /// Has what is saved next wait for others of the same name, and demands then that what it was decided on still holds: for two acts on
    /// different records that must know of each other.
    /// </summary>
    /// <param name="name">What they share.</param>
    /// <param name="demand">Reads anew, and refuses.</param>
    internal void InTurn(string name, Func<Task> demand) => turns.Add((name, demand));

    /// <summary>Nothing is done in a preview. Whatever does not ask meets a connection that only reads.</summary>
    /// <exception cref="Refusal"><c>viewing.read_only</c>.</exception>
    internal void RefuseInPreview() => Refusal.If(IsPreview, "viewing.read_only");

    private async Task<Change> WriteReach(IProtected record, IReadOnlyList<Act> acts, bool isNew, CancellationToken ct)
    {
        var before = isNew ? [] : await Reach.Where(r => r.RecordId == record.Id).ToDictionaryAsync(r => r.Audience, ct);
        var after = Data.Reach.Of(record).ToList();
        // To those who see nothing of what was done, nothing was.
        var done = record.Kind.Stirs is { } stage
            ? acts.Aggregate(0, (parts, act) => parts | act.Part | (act.To is { } to && record.Kind.Stages.Contains(to) ? stage : 0))
            : -1;
        var stirred = before.Keys.ToHashSet();
        foreach (var line in after)
            if (!before.TryGetValue(line.Audience, out var old))
                stirred.Add(line.Audience);
            else
            {
                if ((old.Sort, old.View, old.State) == (line.Sort, line.View, line.State) && (line.View & done) == 0)
                    stirred.Remove(line.Audience);
                (old.Sort, old.View, old.State) = (line.Sort, line.View, line.State);
            }
        Put(after.FindAll(line => !before.ContainsKey(line.Audience)));
        var kept = after.Select(r => r.Audience).ToHashSet();
        Reach.RemoveRange(before.Values.Where(r => !kept.Contains(r.Audience)));
        return new Change(record.Id, [.. stirred], record.StateIso3 ?? "");
    }

    private async Task WriteSearchEntries(IProtected record, bool isNew, CancellationToken ct)
    {
        var before = isNew ? [] : await SearchEntries.Where(s => s.RecordId == record.Id && s.OwnerId == null).ToListAsync(ct);
        var after = SearchEntry.Of(record).ToList();
        SearchEntries.RemoveRange(before.Where(b => !after.Exists(a => a.Part == b.Part && a.Words == b.Words)));
        Put(after.FindAll(a => !before.Exists(b => a.Part == b.Part && a.Words == b.Words)));
    }
}
