using Portal.Assistance.Needs;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Shell;
using Portal.Tests.Collaboration;

namespace Portal.Tests.Access;

internal static class NeedSpecimen
{
    public static readonly Specimen Is = new(
        Need.Card,
        Section.Needs,
        5,
        w => w.Need(),
        (w, _) => w.Need(),
        r => ((Need)r).StateIso3,
        OfNeed,
        [
            "/api/v1/needs",
            "/api/v1/needs?pageSize=2",
            "/api/v1/needs?pageSize=2&page=2",
            "/api/v1/needs?page=3&pageSize=2",
            "/api/v1/needs?q=financial",
            "/api/v1/needs?q=training+of",
            "/api/v1/needs?q=NEED-2027",
            "/api/v1/needs?state=KEN",
            "/api/v1/needs?state=PER",
            "/api/v1/needs?status=Circulated",
            "/api/v1/needs?status=Draft",
            "/api/v1/needs?theme=CFT",
            "/api/v1/needs?modality=TRAINING",
            "/api/v1/needs?urgency=High",
            .. NeedList.List.Sorts.Select(s => "/api/v1/needs?pageSize=3&sort=" + s.Name),
            "/needs/export?format=csv",
            "/needs/export?format=csv&q=financial",
            "/needs/export?format=csv&sort=State",
            "/api/v1/assistance",
            "/api/v1/assistance?by=Modality&region=Africa",
            "/api/v1/states/KEN/picture",
            "/api/v1/states/PER/picture",
        ],
        "/api/v1/needs/",
        "NEED-2001-0001",
        [("Title", 1), ("Description", 2), ("Beneficiary", 16), ("ReturnNote", 256), ("OutcomeNote", 256)]
    )
    {
        Edits = new EditDesk<Typed<Need.Content>>(
            Cast.Amina,
            Cast.Otieno,
            () => [Cast.Need()],
            r => r[0].Reference,
            async (at, of) =>
                await at.Get<NeedService>().Content(of) is var (content, version, _) ? (Typed<Need.Content>.Of(content), version) : default,
            (at, of, version, form) => at.Get<NeedService>().Edit(of, version, form.Read(out _))
        ),
        Keeps = Kept.Of<Need.Content>(() =>
            Cast.NeedContent with { Origin = NeedOrigin.Visit } is var said ? (said, Cast.Need(content: said).Present) : default
        ),
    };

    private static IEnumerable<(string, int)> OfNeed(IProtected record)
    {
        var need = (Need)record;
        yield return ("state:" + need.StateIso3, 511);
        // A draft taken back never left its State.
        if (need.Status != NeedStatus.Draft && need.SubmittedAt is not null)
            yield return ("cted", 511);
        if (
            need.Status
            is NeedStatus.Circulated
                or NeedStatus.Matched
                or NeedStatus.InDelivery
                or NeedStatus.Met
                or NeedStatus.PartlyMet
                or NeedStatus.Unmet
        )
            foreach (var consent in need.Consents)
                if (consent.RevokedAt is null)
                    yield return (consent.AudienceKey, (int)consent.Parts);
    }
}
