using Portal.Assistance.Programmes;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Tests.Collaboration;

namespace Portal.Tests.Access;

internal static class ProgrammeSpecimen
{
    public static readonly Specimen Is = new(
        Domain.Assistance.Programme.Card,
        Section.Programmes,
        4,
        Programme,
        (w, _) => Programme(w),
        r =>
            ((Programme)r).States switch
            {
                [] => null,
                [var one] => one,
                _ => "*",
            },
        OfProgramme,
        [
            "/api/v1/programmes",
            "/api/v1/programmes?pageSize=2",
            "/api/v1/programmes?pageSize=2&page=2",
            "/api/v1/programmes?q=investigators",
            "/api/v1/programmes?q=PRG-2027",
            "/api/v1/programmes?state=KEN",
            "/api/v1/programmes?status=Pipeline",
            "/api/v1/programmes?theme=CFT",
            "/programmes/export?format=csv",
            "/programmes/export?format=csv&q=courses",
            "/programmes/export?format=csv&state=PER",
        ],
        "/api/v1/programmes/",
        "PRG-2001-0001",
        [("Title", 1), ("Description", 2), ("IatiIdentifier", 2)]
    )
    {
        Edits = new EditDesk<ProgrammeForm>(
            Cast.Ingrid,
            Cast.Lars,
            () => [Cast.Programme()],
            r => r[0].Reference,
            async (at, of) =>
                await at.Get<ProgrammeService>().Content(of) is var (content, version) ? (ProgrammeForm.Of(content), version) : default,
            (at, of, version, form) => at.Get<ProgrammeService>().Edit(of, version, form.Read(out _))
        ),
        Keeps = Kept.Of<Programme.Content>(() =>
            Cast.ProgrammeContent with { EndActual = new DateOnly(2028, 12, 1), IatiIdentifier = "XX-TEST-1" } is var said
                ? (said, Cast.Programme(content: said).Present)
                : default
        ),
        Walk = new("manager.norad", Walk.OfAssistance, [Role.ProviderManager, Role.ProviderContributor, Role.Partner]),
    };

    private static Programme Programme(World world)
    {
        var programme = Cast.Programme(
            world.One([Cast.Ingrid, Cast.Kenji, Cast.Fatou]),
            Cast.ProgrammeContent with
            {
                States = world.SomeStates(),
            }
        );
        ProgrammeParts Some() => world.Perhaps(0.4) ? ProgrammeParts.None : (ProgrammeParts)world.Random.Next(1 << 5);
        return world.Perhaps(0.2)
            ? programme
            : programme.SharedAs(new ProgrammeSharing(Some(), Some(), Some(), world.Perhaps(0.5) ? ProgrammeParts.None : Some()));
    }

    private static IEnumerable<(string, int)> OfProgramme(IProtected record)
    {
        var programme = (Programme)record;
        yield return ("org:" + programme.OrganisationNumber, 63);
        if (programme.SharedAt is null)
            yield break;
        yield return ("cted", 63);
        // Legal officers meet it by each of their States, also where it helps several.
        foreach (var state in programme.States)
            yield return ("cted:" + state, 63);
        foreach (
            var (audience, parts) in programme
                .States.Select(s => ("state:" + s, programme.StateParts))
                .Append(("providers", programme.ProviderParts))
                .Append(("partners", programme.PartnerParts))
                .Append(("public", programme.PublicParts))
        )
            if (parts != ProgrammeParts.None)
                yield return (audience, (int)parts);
    }
}
