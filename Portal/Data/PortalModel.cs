using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Calendar;
using Portal.Domain.Collaboration;
using Portal.Domain.Committee;
using Portal.Domain.Directory;
using Portal.Domain.Iati;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Identity;

namespace Portal.Data;

/// <summary>How the records lie in tables: lengths, indexes, tokens. One model for both databases.</summary>
internal static class PortalModel
{
    private static readonly JsonSerializerOptions ByName = new() { Converters = { new JsonStringEnumConverter() } };

    public static void Build(ModelBuilder model)
    {
        model.Entity<Organisation>(o =>
        {
            o.Property(x => x.Code).HasMaxLength(60);
            o.Property(x => x.StateIso3).HasMaxLength(3);
            o.Property(x => x.Website).HasMaxLength(300);
            o.Property(x => x.IatiIdentifier).HasMaxLength(60);
            o.Property(x => x.Name)
                .HasConversion(
                    n => JsonSerializer.Serialize(n, (JsonSerializerOptions?)null),
                    n => JsonSerializer.Deserialize<LocalName>(n, (JsonSerializerOptions?)null)!
                );
            o.Property(x => x.ContributorLimit)
                .HasDefaultValue(Organisation.UsualContributorLimit)
                .HasSentinel(Organisation.UsualContributorLimit);
            o.Property(x => x.Seats).Lines();
            o.HasIndex(x => x.Number).IsUnique();
            o.HasIndex(x => x.Code).IsUnique();
        });
        model.Entity<Membership>(m =>
        {
            m.HasOne(x => x.Organisation).WithMany().HasForeignKey(x => x.OrganisationId);
            m.HasOne<PortalUser>().WithMany().HasForeignKey(x => x.PersonId);
        });
        model.Entity<Grant>(g =>
        {
            g.Property(x => x.Reason).HasMaxLength(2000);
            g.HasIndex(x => x.OrganisationId);
            g.HasIndex(x => x.PersonId);
        });
        model.Entity<Viewing>(v =>
        {
            v.HasOne<PortalUser>().WithMany().HasForeignKey(x => x.PersonId);
            v.Property(x => x.EndedAt).IsConcurrencyToken(); // of two at once, one is late
            // A session looks as one at a time; what has ended is only kept.
            v.HasIndex(x => x.SessionId).IsUnique().HasFilter("\"EndedAt\" IS NULL");
        });
        model.Entity<AccessRequest>(r =>
        {
            r.Property(x => x.Reason).HasMaxLength(AccessRequest.Longest);
            r.Property(x => x.Answer).HasMaxLength(AccessRequest.Longest);
            r.Property(x => x.Version).IsConcurrencyToken();
            r.HasIndex(x => x.PersonId);
            r.HasIndex(x => new { x.Status, x.AskedAt });
        });
        model.Entity<ReviewCampaign>(c =>
        {
            Subject(c.Property(x => x.Subject));
            c.Property(x => x.Version).IsConcurrencyToken();
            c.HasIndex(x => new { x.Status, x.Deadline });
        });
        model.Entity<ReviewItem>(i =>
        {
            i.Property(x => x.What).HasMaxLength(200);
            i.Property(x => x.Why).HasMaxLength(ReviewItem.LongestReason);
            i.Property(x => x.Version).IsConcurrencyToken();
            i.HasOne<ReviewCampaign>().WithMany().HasForeignKey(x => x.CampaignId);
            i.HasOne<Membership>().WithMany().HasForeignKey(x => x.MembershipId);
            i.HasOne<Grant>().WithMany().HasForeignKey(x => x.GrantId);
            i.HasIndex(x => new { x.CampaignId, x.Outcome });
            i.HasIndex(x => x.OrganisationId);
        });
        model.Entity<ReviewRhythm>(r =>
        {
            Subject(r.Property(x => x.Subject));
            r.Property(x => x.Version).IsConcurrencyToken();
            r.HasIndex(x => x.Subject).IsUnique();
        });
        model.Entity<Consent>(c => c.Property(x => x.AudienceKey).HasMaxLength(60));
        model.Entity<DossierConsent>(c => c.Property(x => x.AudienceKey).HasMaxLength(60));
        model.Entity<ConsentRequest>(r =>
        {
            r.Property(x => x.AudienceKey).HasMaxLength(60);
            r.HasIndex(x => new { x.Status, x.SilentAfter });
        });
        model.Entity<Edition>(e =>
        {
            e.Property(x => x.Fingerprint).HasMaxLength(64);
            e.Ignore(x => x.IsWhole);
            e.HasIndex(x => new
                {
                    x.DossierId,
                    x.Number,
                    x.Part,
                    x.Language,
                })
                .IsUnique();
        });
        model.Entity<Circulation>(c =>
        {
            c.Property(x => x.EndReason).HasMaxLength(Circulation.LongestReason);
            c.Property(x => x.Meeting).HasMaxLength(Circulation.LongestMeeting);
            c.HasMany(x => x.Steps).WithOne().HasForeignKey(s => s.CirculationId);
            c.Navigation(x => x.Steps).HasField("steps").UsePropertyAccessMode(PropertyAccessMode.Field);
            c.HasIndex(x => new { x.Status, x.ClosesAt });
        });
        model.Entity<CirculationStep>(s =>
        {
            s.HasKey(x => new { x.CirculationId, x.Number });
            s.Property(x => x.Number).ValueGeneratedNever();
            s.Property(x => x.PersonName).HasMaxLength(200);
            s.Property(x => x.Reason).HasMaxLength(Circulation.LongestReason);
        });
        model.Entity<Match>(m =>
        {
            m.HasKey(x => new
            {
                x.NeedId,
                x.Audience,
                x.OfferId,
            });
            m.Property(x => x.Audience).HasMaxLength(80);
            m.Property(x => x.State).HasMaxLength(3);
            // A reader's list: of each need its best offer, best first.
            m.HasIndex(x => new
                {
                    x.Audience,
                    x.Rank,
                    x.Score,
                    x.NeedId,
                })
                .IsDescending(false, false, true, false);
            m.HasIndex(x => x.OfferId);
        });
        model.Entity<NeedQuestion>(q =>
        {
            q.Property(x => x.Text).HasMaxLength(NeedQuestion.Longest);
            q.Property(x => x.Answer).HasMaxLength(NeedQuestion.Longest);
            // Answered once: of two who answer at the same moment one is told that it was.
            q.Property(x => x.AnsweredAt).IsConcurrencyToken();
            q.HasIndex(x => new { x.NeedId, x.AskedAt });
        });
        model.Entity<NotNow>(n =>
        {
            n.Property(x => x.Note).HasMaxLength(1000);
            n.HasIndex(x => new { x.NeedId, x.OrganisationNumber }).IsUnique();
        });
        model.Entity<Milestone>(m =>
        {
            m.HasOne<Proposal>().WithMany().HasForeignKey(x => x.ProposalId);
            m.Property(x => x.Title).HasMaxLength(200);
            // Confirmed once, and not while it is reported anew.
            m.Property(x => x.DeliveredOn).IsConcurrencyToken();
            m.Property(x => x.ConfirmedAt).IsConcurrencyToken();
        });
        model.Entity<Reminder>(r =>
        {
            r.HasKey(x => new
            {
                x.RecordId,
                x.Code,
                x.Day,
            });
            r.Property(x => x.Code).HasMaxLength(60);
        });
        model.Entity<Holiday>(h =>
        {
            h.HasKey(x => x.Day);
            h.Property(x => x.Name).HasMaxLength(20);
        });
        model.Entity<ExchangeRate>(r =>
        {
            r.Property(x => x.Currency).HasMaxLength(3);
            r.Property(x => x.Source).HasMaxLength(200);
            r.Ignore(x => x.PerDollar);
            r.HasIndex(x => new { x.Currency, x.Day }).IsUnique();
        });
        model.Entity<MatchTask>(t => t.Property(x => x.After).HasMaxLength(30));
        model.Entity<NotForUs>(n =>
        {
            n.Property(x => x.Note).HasMaxLength(1000);
            n.HasIndex(x => new { x.NeedId, x.OrganisationNumber }).IsUnique();
        });
        model.Entity<AssistanceSettings>(s =>
        {
            s.Property(x => x.Id).ValueGeneratedNever();
            s.Property(x => x.Version).IsConcurrencyToken();
            s.Property(x => x.Weights)
                .HasConversion(
                    w => JsonSerializer.Serialize(w, (JsonSerializerOptions?)null),
                    w => JsonSerializer.Deserialize<MatchWeights>(w, (JsonSerializerOptions?)null)!
                );
        });
        model.Entity<NeedTranslation>(t =>
        {
            t.HasKey(x => new { x.NeedId, x.Language });
            t.Property(x => x.Title).HasMaxLength(200);
        });
        model.Entity<Attachment>(a =>
        {
            a.HasIndex(x => x.RecordId);
            a.Property(x => x.FileName).HasMaxLength(200);
            a.Property(x => x.ContentType).HasMaxLength(100);
            a.Property(x => x.Sha256).HasMaxLength(64);
        });
        model.Entity<AttachmentChunk>(c =>
        {
            c.HasKey(x => new { x.AttachmentId, x.Index });
            c.HasOne<Attachment>().WithMany().HasForeignKey(x => x.AttachmentId);
        });
        model.Entity<ServedNeed>(s =>
        {
            s.HasKey(x => new { x.ProgrammeId, x.NeedId });
            s.HasOne<Programme>().WithMany().HasForeignKey(x => x.ProgrammeId).IsRequired(false);
            s.HasOne<Need>().WithMany().HasForeignKey(x => x.NeedId).IsRequired(false);
        });
        model.Entity<IatiSource>(s =>
        {
            s.HasKey(x => x.ProgrammeId);
            s.HasOne<Programme>().WithOne().HasForeignKey<IatiSource>(x => x.ProgrammeId);
            s.Property(x => x.Identifier).HasMaxLength(200);
            s.Property(x => x.Reporter).HasMaxLength(200);
            s.Property(x => x.InternalIdentifier).HasMaxLength(200);
            s.Property(x => x.Fingerprint).HasMaxLength(64);
            s.HasIndex(x => x.OrganisationId);
        });
        model.Entity<ImportJob>(j =>
        {
            j.Property(x => x.Version).IsConcurrencyToken();
            j.Property(x => x.FileName).HasMaxLength(200);
            j.Property(x => x.Fault).HasMaxLength(60);
            j.Property(x => x.FaultDetail).HasMaxLength(200);
            j.Property(x => x.Encoding).HasMaxLength(40);
            j.Property(x => x.Columns).Lines();
            j.HasIndex(x => new { x.OrganisationId, x.CreatedAt });
            j.HasIndex(x => x.Stage);
        });
        model.Entity<ImportChunk>(c =>
        {
            c.HasKey(x => new { x.JobId, x.Index });
            c.HasOne<ImportJob>().WithMany().HasForeignKey(x => x.JobId);
        });
        model.Entity<ImportLine>(l =>
        {
            l.HasKey(x => new { x.JobId, x.Index });
            l.HasOne<ImportJob>().WithMany().HasForeignKey(x => x.JobId);
            l.Property(x => x.Identifier).HasMaxLength(200);
            l.Property(x => x.Title).HasMaxLength(200);
            l.Property(x => x.Problems).Lines();
        });
        model.Entity<OwnReference>(o =>
        {
            o.HasKey(x => new
            {
                x.OrganisationId,
                x.Subject,
                x.Text,
            });
            o.Property(x => x.Text).HasMaxLength(OwnReference.Longest);
            o.HasIndex(x => x.RecordId);
        });
        model.Entity<Activity>(a =>
        {
            a.Property(x => x.Code).HasMaxLength(60);
            a.HasIndex(x => new { x.RecordId, x.At });
        });
        model.Entity<AuditEntry>(a =>
        {
            // Numbered by the chain, without gaps, and not by the database.
            a.Property(x => x.Id).ValueGeneratedNever();
            a.Property(x => x.Code).HasMaxLength(60);
            a.Property(x => x.Reference).HasMaxLength(80);
            a.Property(x => x.Hash).HasMaxLength(AuditChain.HashLength);
            // Each filter of the log, newest first.
            a.HasIndex(x => x.At);
            a.HasIndex(x => new { x.PersonId, x.At });
            a.HasIndex(x => new { x.OrganisationId, x.At });
            a.HasIndex(x => new { x.Reference, x.At });
            a.HasIndex(x => new { x.Section, x.At });
            a.HasIndex(x => new { x.Code, x.At });
        });
        model.Entity<AuditHead>(h =>
        {
            h.Property(x => x.Id).ValueGeneratedNever();
            h.Property(x => x.Hash).HasMaxLength(AuditChain.HashLength);
            h.HasData(AuditHead.Start());
        });
        model.Entity<Notice>(n =>
        {
            n.Property(x => x.Audience).HasMaxLength(80);
            n.Property(x => x.State).HasMaxLength(3);
            n.Property(x => x.Code).HasMaxLength(60);
            n.Property(x => x.Reference).HasMaxLength(80);
            n.HasIndex(x => new { x.Audience, x.At });
        });
        model.Entity<DiscussionThread>(t =>
        {
            t.Property(x => x.Title).HasMaxLength(DiscussionThread.LongestTitle);
            t.Property(x => x.Anchor).HasMaxLength(DiscussionThread.LongestAnchor);
            t.Property(x => x.OpenedBy).HasMaxLength(200);
            t.Property(x => x.ResolvedBy).HasMaxLength(200);
            t.Property(x => x.ResolvedAt).IsConcurrencyToken(); // of two at once, one is late
            t.HasIndex(x => new { x.RecordId, x.OpenedAt });
        });
        model.Entity<ThreadMessage>(m =>
        {
            m.Property(x => x.PersonName).HasMaxLength(200);
            m.Property(x => x.Text).HasMaxLength(ThreadMessage.Longest);
            // What is withdrawn in one window is not brought back by a correction in another.
            m.Property(x => x.WithdrawnAt).IsConcurrencyToken();
            m.HasOne<DiscussionThread>().WithMany().HasForeignKey(x => x.ThreadId);
            m.HasIndex(x => new { x.ThreadId, x.At });
            m.HasIndex(x => x.RecordId);
        });
        model.Entity<NoticeChoices>(c =>
        {
            c.HasKey(x => x.MembershipId);
            c.Property(x => x.Version).IsConcurrencyToken();
            c.Property(x => x.Ways)
                .HasConversion(
                    w => JsonSerializer.Serialize(w, ByName),
                    w => JsonSerializer.Deserialize<Dictionary<string, NoticeWay>>(w, ByName)!,
                    new Microsoft.EntityFrameworkCore.ChangeTracking.ValueComparer<Dictionary<string, NoticeWay>>(
                        (a, b) => ReferenceEquals(a, b),
                        w => w.Count,
                        w => w
                    )
                );
            c.HasOne<Membership>().WithMany().HasForeignKey(x => x.MembershipId);
            c.HasIndex(x => x.WantsMail);
        });
        model.Entity<NoticeReading>(r =>
        {
            r.HasKey(x => new { x.MembershipId, x.RecordId });
            r.HasOne<Membership>().WithMany().HasForeignKey(x => x.MembershipId);
        });
        model.Entity<SavedView>(v =>
        {
            v.Property(x => x.Name).HasMaxLength(SavedView.LongestName);
            v.Property(x => x.Query).HasMaxLength(SavedView.LongestQuery);
            v.Property(x => x.List).HasConversion(k => k.Plural, p => Kinds.ListedAs(p)!);
            v.Property(x => x.Version).IsConcurrencyToken();
            v.HasIndex(x => new
                {
                    x.MembershipId,
                    x.List,
                    x.Name,
                })
                .IsUnique();
            v.HasIndex(x => x.TellsNew);
            v.HasOne<Membership>().WithMany().HasForeignKey(x => x.MembershipId);
        });
        model.Entity<ViewHit>(h =>
        {
            h.HasKey(x => new { x.ViewId, x.RecordId });
            h.Property(x => x.Reference).HasMaxLength(80);
            h.HasIndex(x => new
            {
                x.MembershipId,
                x.IsNew,
                x.At,
            });
            h.HasOne<SavedView>().WithMany().HasForeignKey(x => x.ViewId);
        });
        model.Entity<FormDraft>(d =>
        {
            d.Property(x => x.Form).HasMaxLength(120);
            d.Property(x => x.Address).HasMaxLength(600);
            d.Property(x => x.Title).HasMaxLength(200);
            d.HasIndex(x => new { x.MembershipId, x.Form });
        });
        model.Entity<Reach>(r =>
        {
            r.HasKey(x => new { x.RecordId, x.Audience });
            r.Property(x => x.Audience).HasMaxLength(80);
            r.Property(x => x.State).HasMaxLength(3);
            r.HasIndex(x => new
                {
                    x.Audience,
                    x.Sort,
                    x.RecordId,
                })
                .IsDescending(false, true, true);
            r.HasIndex(x => new
                {
                    x.Audience,
                    x.State,
                    x.Sort,
                    x.RecordId,
                })
                .IsDescending(false, false, true, true);
        });
        model.Entity<SearchEntry>(s =>
        {
            s.HasIndex(x => x.RecordId);
            s.HasIndex(x => x.OwnerId);
        });
        model.Entity<Counter>(c =>
        {
            c.HasKey(x => x.Name);
            c.Property(x => x.Name).HasMaxLength(40);
        });
        foreach (var room in RecordRooms.All)
            room.Build(model);
        IdentityModel.Build(model);

        // Records bring their own identifiers. Otherwise a consent added to a need that was loaded would be taken for one that is stored
        // already.
        foreach (
            var key in model
                .Model.GetEntityTypes()
                .Where(e => e.ClrType.Assembly == typeof(Need).Assembly)
                .SelectMany(e => e.FindPrimaryKey()?.Properties ?? [])
                .Where(p => p.ClrType == typeof(Guid))
        )
            key.ValueGenerated = ValueGenerated.Never;

        // Enumerations are stored by name, so that a table can be read and a member can be inserted.
        foreach (
            var property in model
                .Model.GetEntityTypes()
                .SelectMany(e => e.GetProperties().Concat(e.GetComplexProperties().SelectMany(c => c.ComplexType.GetProperties())))
                .Where(p =>
                    (Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType).IsEnum
                    && p.ClrType != typeof(NeedParts)
                    && p.ClrType != typeof(ProgrammeParts)
                    && p.ClrType != typeof(ImportRelevance)
                )
        )
            if (property.ClrType != typeof(Urgency))
                property.SetProviderClrType(typeof(string));
    }

    private static void Subject(PropertyBuilder<ReviewSubject> subject) =>
        subject.HasConversion(s => s.Key, k => ReviewSubject.Find(k)!).HasMaxLength(40);
}
