using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Shell;

namespace Portal.Directory;

/// <summary>
/// Profiles and standing offers, for whoever asks: every read is a view of the parts they may see, every act a verb of the record.
/// </summary>
public sealed class DirectoryService(ActorSource actors, Records<StandingOffer> offers, ActivityService activity, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>A page of the organisations whose profile or offers the reader may see.</summary>
    public async Task<DirectoryPage> List(ListAddress address, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        return await DirectoryReading.Page(db, address, Culture.Current, ct: ct);
    }

    /// <summary>The list up to a limit, to be taken away. That it was is on the record.</summary>
    public async Task<IReadOnlyList<DirectoryRow>> Export(
        ListAddress address,
        string format,
        int most = 10_000,
        CancellationToken ct = default
    )
    {
        await using var db = await actors.Open();
        var rows = (await DirectoryReading.Page(db, address, Culture.Current, most, ct)).Rows;
        db.Audit(new Act("directory.exported", 0, Subject: $"{format}:{rows.Count}"), Section.Directory);
        await db.SaveChangesAsync(ct);
        return rows;
    }

    /// <summary>The address part of the reader's own organisation, where the directory can be about it and they may write there.</summary>
    public async Task<string?> Own()
    {
        var actor = await actors.Current();
        return
            actor.Membership?.Organisation is { Kind: OrganisationKind.Provider or OrganisationKind.Partner } own
            && DirectoryRules.CanContribute(own.Number, actor)
            ? own.Code
            : null;
    }

    /// <summary>One organisation's profile and offers.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public async Task<ProviderView> Provider(string code, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        return await DirectoryReading.One(db, code, ct);
    }

    /// <summary>Who can see an organisation's profile and offers and why, by record: those that the reader sees whole.</summary>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<ReaderLine>>> Readers(ProviderView provider)
    {
        var whole = provider.Offers.Where(o => o.IsOwn).Select(o => o.Id).ToList();
        if (provider.Profile is { } shown && shown.Parts.HasFlag(DirectoryParts.Own))
            whole.Add(shown.Id);
        if (whole.Count == 0)
            return new Dictionary<Guid, IReadOnlyList<ReaderLine>>();
        await using var db = await actors.Open();
        List<IProtected> records =
        [
            .. await db.Profiles.AsNoTracking().Where(p => whole.Contains(p.Id)).ToListAsync(),
            .. await db.Offers.AsNoTracking().Where(o => whole.Contains(o.Id)).ToListAsync(),
        ];
        return await activity.Readers(records, db.Actor);
    }

    /// <summary>One standing offer.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public async Task<OfferView> Offer(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var offer = await offers.One(db, reference, ct);
        return OfferView.Of(offer, offer.Organisation, db.Actor);
    }

    /// <summary>Writes an organisation's profile; the first time it is opened, unpublished.</summary>
    /// <param name="code">Address part.</param>
    /// <param name="version">Version the form was opened on; null where there was no profile.</param>
    /// <param name="content">What it says now.</param>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public async Task EditProfile(string code, Guid? version, Profile.Content content)
    {
        await using var db = await actors.Open();
        var organisation = await db.Organisations.Where(o => o.Code == code).OneOrNotFound();
        var profile = await db.Profiles.FirstOrDefaultAsync(p => p.OrganisationId == organisation.Id);
        var isNew = profile is null;
        if (isNew && !DirectoryRules.CanContribute(organisation.Number, db.Actor))
            throw new NotFound();
        profile ??= Profile.For(organisation, content.Language, Now);
        Refusal.Unless(profile.CanEdit(db.Actor), "profile.not_yours_to_edit");
        Refusal.If(!isNew && profile.Version != version, "record.changed_meanwhile");
        var said = profile.Edit(content, Now);
        // As whom an organisation publishes is for those to say who bind it.
        Refusal.If(
            said.IatiIdentifier != organisation.IatiIdentifier && !profile.CanPublish(db.Actor),
            "profile.identifier_not_yours",
            nameof(said.IatiIdentifier)
        );
        organisation.Describe(said.Website, said.IatiIdentifier);
        if (isNew)
            db.Profiles.Add(profile);
        await Save(db, isNew);
    }

    // Two people of one organisation may open its first profile at the same moment: the database takes one.
    private static async Task Save(PortalDb db, bool isNew)
    {
        try
        {
            await db.SaveOrRefuse();
        }
        catch (DbUpdateException) when (isNew)
        {
            throw new Refusal("record.changed_meanwhile");
        }
    }

    /// <summary>Puts a profile in the public directory, as the reader saw it, or takes it out.</summary>
    public async Task PublishProfile(string code, Guid version, bool published)
    {
        await using var db = await actors.Open();
        var profile = await db.Profiles.Where(p => p.Organisation.Code == code).OneOrNotFound();
        Refusal.Unless(profile.CanPublish(db.Actor), "profile.not_yours_to_publish");
        Refusal.If(profile.Version != version, "record.changed_meanwhile");
        if (published)
            profile.Publish(Now);
        else
            profile.Unpublish(Now);
        await db.SaveOrRefuse();
    }

    /// <summary>Opens a standing offer of an organisation.</summary>
    /// <returns>Its reference.</returns>
    public Task<string> OpenOffer(string code, StandingOffer.Content content) =>
        offers.Draft(async db =>
        {
            var organisation = await db.Organisations.Where(o => o.Code == code).OneOrNotFound();
            // Who may not write there is told nothing of whether it has offers.
            if (!DirectoryRules.CanContribute(organisation.Number, db.Actor))
                throw new NotFound();
            Refusal.If(
                content.IsPublished && !DirectoryRules.CanPublish(organisation.Number, db.Actor),
                "offer.not_yours_to_publish",
                nameof(StandingOffer.IsPublished)
            );
            return StandingOffer.Open(Records<StandingOffer>.Unnumbered, organisation, content, Now);
        });

    /// <summary>Changes a standing offer.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public Task EditOffer(string reference, Guid version, StandingOffer.Content content) =>
        Act(
            reference,
            version,
            (offer, actor) =>
            {
                Refusal.If(
                    content.IsPublished != offer.IsPublished && !offer.CanPublish(actor),
                    "offer.not_yours_to_publish",
                    nameof(StandingOffer.IsPublished)
                );
                offer.Edit(content, Now);
            }
        );

    /// <summary>Ends a standing offer.</summary>
    public Task CloseOffer(string reference, Guid version) => Act(reference, version, (offer, _) => offer.Close(Now));

    /// <summary>Opens it again; one that was published is published again with it.</summary>
    public Task ReopenOffer(string reference, Guid version) =>
        Act(
            reference,
            version,
            (offer, actor) =>
            {
                Refusal.Unless(offer.CanReopen(actor), "offer.not_yours_to_publish");
                offer.Reopen(Now);
            }
        );

    private Task Act(string reference, Guid version, Action<StandingOffer, Actor> verb) =>
        offers.Edit(
            reference,
            version,
            (offer, actor) =>
            {
                Refusal.Unless(offer.CanEdit(actor), "offer.not_yours_to_edit");
                verb(offer, actor);
            }
        );
}

/// <summary>The address of an offer.</summary>
public static class DirectorySetup
{
    /// <summary>Maps it: an offer is read on its provider's page.</summary>
    public static void MapOffers(this WebApplication app) =>
        app.MapGet(StandingOffer.Card.Path("{reference}"), Offer)
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Directory, Level.View))
            .ExcludeFromDescription();

    private static async Task<IResult> Offer(string reference, DirectoryService directory, CancellationToken ct)
    {
        try
        {
            return TypedResults.LocalRedirect($"{Profile.Card.Path((await directory.Offer(reference, ct)).OrganisationCode)}#{reference}");
        }
        catch (NotFound)
        {
            return TypedResults.NotFound();
        }
    }
}
