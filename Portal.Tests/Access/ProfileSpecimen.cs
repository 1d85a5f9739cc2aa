using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Shell;
using Portal.Tests.Collaboration;

namespace Portal.Tests.Access;

internal static class ProfileSpecimen
{
    public static readonly Specimen Is = new(
        Profile.Card,
        Section.Directory,
        1,
        w => Cast.Profile(w.Provider(), w.Perhaps(0.5)),
        (w, _) => w.Newcomer() is var newcomer ? Cast.Profile(newcomer, published: newcomer == Cast.PacificFund) : null!,
        _ => null,
        OfProfile,
        [
            "/api/v1/directory/providers",
            "/api/v1/directory/providers?q=courses",
            "/api/v1/directory/providers?theme=CFT",
            "/providers/export?format=csv",
        ],
        "/api/v1/directory/providers/",
        "nobody-at-all",
        [("Summary", 1), ("ContactName", 2), ("ContactEmail", 2)]
    )
    {
        Edits = new EditDesk<Typed<Profile.Content>>(
            Cast.Ingrid,
            Cast.Lars,
            () => [Cast.Profile(Cast.NorthernAgency)],
            _ => Cast.NorthernAgency.Code,
            async (at, of) =>
                await at.Get<DirectoryService>().Provider(of) is var view
                    ? (Typed<Profile.Content>.Of(view.Says(Language.En)), view.Profile!.Version)
                    : default,
            (at, of, version, form) => at.Get<DirectoryService>().EditProfile(of, version, form.Read(out _)),
            "Summary",
            "ContactName"
        ),
        Keeps = Kept.Of<Profile.Content>(() =>
            new Profile.Content
            {
                Summary = "Gives courses.",
                Language = Language.Fr,
                ContactName = "Desk",
                ContactEmail = "desk@example.org",
                Website = "https://example.org",
                IatiIdentifier = "XM-DAC-1",
            }
                is var said
                ? (said, Cast.Profile(Cast.NorthernAgency).Edit(said, Cast.Now))
                : default
        ),
        Most = Cast.Helpers.Count,
    };

    private static IEnumerable<(string, int)> OfProfile(IProtected record)
    {
        var profile = (Profile)record;
        yield return ("org:" + profile.OrganisationNumber, 7);
        yield return ("cted", 7);
        if (profile.IsPublished)
        {
            yield return ("members", 3);
            yield return ("public", 1);
        }
    }
}
