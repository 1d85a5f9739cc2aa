using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Shell;
using Portal.Tests.Collaboration;

namespace Portal.Tests.Access;

internal static class OfferSpecimen
{
    public static readonly Specimen Is = new(
        StandingOffer.Card,
        Section.Directory,
        1,
        w => Offer(w, isClosed: w.Perhaps(0.3)),
        (w, _) => Offer(w, isClosed: w.Perhaps(0.6)),
        _ => null,
        OfOffer,
        [],
        "/api/v1/directory/offers/",
        "OFFER-2001-0001",
        [("Title", 1), ("Description", 1)]
    )
    {
        Edits = new EditDesk<Typed<StandingOffer.Content>>(
            Cast.Ingrid,
            Cast.Lars,
            () => [Cast.Offer(Cast.NorthernAgency)],
            r => r[0].Reference,
            async (at, of) =>
                await at.Get<DirectoryService>().Offer(of) is var view
                    ? (Typed<StandingOffer.Content>.Of(view.Content), view.Version)
                    : default,
            (at, of, version, form) => at.Get<DirectoryService>().EditOffer(of, version, form.Read(out _))
        ),
        Keeps = Kept.Of<StandingOffer.Content>(() =>
            Cast.OfferContent with
            {
                AvailableFrom = new DateOnly(2027, 1, 1),
                AvailableUntil = new DateOnly(2028, 1, 1),
                IsPublished = true,
            }
                is var said
                ? (said, StandingOffer.Open("OFFER-2027-0001", Cast.NorthernAgency, said, Cast.Now).Present)
                : default
        ),
        ListedAs = Profile.Card,
        IsListed = r => ((StandingOffer)r).IsOpen,
    };

    private static StandingOffer Offer(World world, bool isClosed)
    {
        var offer = Cast.Offer(world.Provider(), world.Perhaps(0.5));
        if (isClosed)
            offer.Close(Cast.Now);
        return offer;
    }

    private static IEnumerable<(string, int)> OfOffer(IProtected record)
    {
        var offer = (StandingOffer)record;
        yield return ("org:" + offer.OrganisationNumber, 7);
        yield return ("cted", 7);
        if (offer.IsOpen)
            yield return ("members", 3);
        if (offer.IsOpen && offer.IsPublished)
            yield return ("public", 1);
    }
}
