using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Committee;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Data;

/// <summary>
/// The organisations every portal starts with: the Member States, the known providers and partners, CTED, the delegations of the Committee,
/// the expert groups and those who run the portal. Numbers are part of stored audience names, so they never change.
/// </summary>
public static class ReferenceOrganisations
{
    /// <summary>Code of the Executive Directorate.</summary>
    public const string Cted = "cted";

    /// <summary>Code of those who run the portal.</summary>
    public const string Operations = "operations";

    // Resolution 1373 (2001), which set the Committee up.
    private static readonly DateTime Begun = new(2001, 9, 28, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Registers those that are missing and leaves the others as they are.</summary>
    /// <returns>How many were added.</returns>
    public static async Task<int> Register(PortalDb db, CancellationToken ct = default)
    {
        var present = (await db.Organisations.Select(o => o.Number).ToListAsync(ct)).ToHashSet();
        var missing = All().Where(o => !present.Contains(o.Number)).ToList();
        db.Organisations.AddRange(missing);
        await db.SaveChangesAsync(ct);
        return missing.Count;
    }

    /// <summary>All of them, newly made. A known organisation is numbered by its place in its table, a State by that of its code.</summary>
    public static IEnumerable<Organisation> All()
    {
        foreach (var (i, o) in KnownOrganisations.All.Index())
            yield return Organisation.Register(
                i + 1,
                o.Kind == KnownOrganisationKind.Provider ? OrganisationKind.Provider : OrganisationKind.Partner,
                o.Code,
                o.Name,
                o.StateIso3,
                o.Website.AbsoluteUri,
                o.IatiIdentifier
            );
        foreach (var (i, s) in MemberStates.All.Index())
            yield return Organisation.Register(1001 + i, OrganisationKind.MemberState, s.Iso3, s.Name, s.Iso3);
        yield return Organisation.Register(
            2001,
            OrganisationKind.Cted,
            Cted,
            new LocalName(
                "المديرية التنفيذية للجنة مكافحة الإرهاب",
                "反恐怖主义委员会执行局",
                "Counter-Terrorism Committee Executive Directorate",
                "Direction exécutive du Comité contre le terrorisme",
                "Исполнительный директорат Контртеррористического комитета",
                "Dirección Ejecutiva del Comité contra el Terrorismo"
            )
        );
        // Who sits on the Council changes every year; the delegations are named by letter and renamed by the access managers.
        for (var (letter, number) = ('A', 2101); letter <= 'O'; letter++, number++)
            yield return Organisation.Register(
                number,
                OrganisationKind.Committee,
                $"committee-{letter}",
                new LocalName(
                    $"الوفد {letter} لدى اللجنة",
                    $"委员会代表团{letter}",
                    $"Committee delegation {letter}",
                    $"Délégation {letter} au Comité",
                    $"Делегация {letter} в Комитете",
                    $"Delegación {letter} ante el Comité"
                ),
                // Which delegation sits in which subcommittee is not published: five in each until the access managers say otherwise.
                seats: [new Seat(Body.Committee, Begun), new Seat(Bodies.Subcommittees[(letter - 'A') % 3], Begun)]
            );
        foreach (var (number, resolution) in new[] { (2201, 1267), (2202, 1540) })
            yield return Organisation.Register(
                number,
                OrganisationKind.ExpertGroup,
                $"experts-{resolution}",
                new LocalName(
                    $"فريق الخبراء التابع للجنة {resolution}",
                    $"{resolution}委员会专家组",
                    $"Expert group of the {resolution} Committee",
                    $"Groupe d’experts du Comité {resolution}",
                    $"Группа экспертов Комитета {resolution}",
                    $"Grupo de expertos del Comité {resolution}"
                )
            );
        yield return Organisation.Register(
            2301,
            OrganisationKind.Operations,
            Operations,
            new LocalName(
                "تشغيل البوابة",
                "门户网站运行部门",
                "Portal operations",
                "Exploitation du portail",
                "Эксплуатация портала",
                "Operaciones del portal"
            )
        );
    }
}
