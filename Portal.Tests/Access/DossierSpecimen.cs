using Portal.Assessments;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Reference;
using Portal.Tests.Assessments;
using Portal.Tests.Collaboration;

namespace Portal.Tests.Access;

internal static class DossierSpecimen
{
    private static readonly string[] States = ["KEN", "PER", "UGA"];

    public static readonly Specimen Is = new(
        Dossier.Card,
        Section.Assessments,
        4,
        Random,
        (w, _) => Random(w),
        r => ((Dossier)r).StateIso3,
        OfDossier,
        [
            "/api/v1/assessments",
            "/api/v1/assessments?pageSize=2",
            "/api/v1/assessments?q=legislation",
            "/api/v1/assessments?q=PIA-KEN",
            "/api/v1/assessments?state=KEN",
            "/api/v1/assessments?status=Sent",
            "/api/v1/assessments/calendar",
            "/assessments/export?format=csv",
            "/assessments/export?format=csv&state=PER",
        ],
        "/api/v1/assessments/",
        "PIA-KEN-2001-1",
        [("Title", 1), ("Says.CoverNote", 32), ("Says.Letter", 32), ("Says.Narrative", 32), ("OfficerName", 256)]
    )
    {
        Edits = new EditDesk<DossierForm>(
            Cast.Leila,
            Cast.Dorothea,
            () => [DossierCast.At(DossierStage.Drafting)],
            r => r[0].Reference,
            async (at, of) =>
                await at.Get<DossierService>().Content(of) is var (content, version) ? (DossierForm.Of(content), version) : default,
            (at, of, version, form) => at.Get<DossierService>().Edit(of, version, form.Read(out _)),
            "Letter",
            "Narrative"
        ),
        Keeps = Kept.Of<Dossier.Content>(() => (DossierCast.Content("KEN"), DossierCast.At(DossierStage.Drafting).Says)),
        Walk = new(
            "legal",
            [
                Role.FocalPoint,
                Role.StateContributor,
                Role.ProviderManager,
                Role.ProviderContributor,
                Role.Partner,
                Role.LegalOfficer,
                Role.AssistanceOfficer,
                Role.InformationOfficer,
                Role.ExecutiveDirector,
                Role.Delegate,
                Role.SubcommitteeChair,
                Role.CommitteeChair,
            ],
            [Role.LegalOfficer, Role.ExecutiveDirector],
            Opened: null,
            Edited: "?status=Drafting"
        ),
    };

    private static Dossier Random(World world)
    {
        var (stage, state) = (world.One(Enum.GetValues<DossierStage>()), world.One(States));
        var dossier = DossierCast.At(stage, state, translated: state == "KEN" ? [Language.Fr, Language.Ar] : []);
        if (dossier.SentAt is null)
            return dossier;
        var focalPoint = DossierCast.FocalPointOf(dossier.StateIso3);
        foreach (var audience in new[] { Audience.Providers, Audience.Partners, Audience.Org(world.Provider().Number) })
            if (world.Perhaps(0.5))
            {
                dossier.Share(focalPoint, audience, world.One([DossierParts.Letter, DossierParts.Assessment, dossier.ToShare]), Cast.Now);
                if (world.Perhaps(0.2))
                    dossier.Unshare(focalPoint, audience, null, Cast.Now);
            }
        return dossier;
    }

    private static IEnumerable<(string, int)> OfDossier(IProtected record)
    {
        var dossier = (Dossier)record;
        var talk = dossier.Stage is DossierStage.Sent or DossierStage.Responded or DossierStage.Closed ? 512 : 0;
        // Summary, letter, assessment, cover note, deliberation, draft, answer, what is CTED's own, and what became of it: all but the answer's
        // draft. What it discusses with the State from when the State has it.
        yield return ("cted", 1 + 2 + 4 + 8 + 16 + 32 + 64 + 256 + 1024 + talk);
        var answered = dossier.Stage is DossierStage.Responded or DossierStage.Closed ? 64 : 0;
        var letter = dossier.StateIso3 == "KEN" ? "B" : "C";
        // A draft that was never put before anybody is nobody else's.
        if (dossier.Stage is DossierStage.Drafting or DossierStage.Review or DossierStage.Ready or DossierStage.Abandoned)
            yield break;
        yield return ("subcommittee:" + letter, 1 + 2 + 4 + 8 + 16 + 1024 + answered);
        var inCommittee = dossier.Stage is not (DossierStage.Subcommittee or DossierStage.Endorsed);
        yield return ("committee", inCommittee ? 1 + 2 + 4 + 8 + 16 + 1024 + answered : 1);
        if (dossier.Stage is DossierStage.Sent or DossierStage.Responded or DossierStage.Closed)
            yield return ("state:" + dossier.StateIso3, 1 + 2 + 4 + 64 + 128 + 1024 + talk);
        foreach (var consent in dossier.Consents)
            if (consent.RevokedAt is null)
                yield return (consent.AudienceKey, (int)consent.Parts);
    }
}
