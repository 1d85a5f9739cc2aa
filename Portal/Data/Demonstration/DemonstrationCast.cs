using Portal.Domain.Access;
using Portal.Domain.Committee;

namespace Portal.Data.Demonstration;

/// <summary>A place that somebody of the cast holds.</summary>
/// <param name="Email">Address signed in with; one person may hold several places.</param>
/// <param name="Person">Invented name.</param>
/// <param name="Organisation">Code of the organisation.</param>
/// <param name="Role">Role in it.</param>
/// <param name="States">States assigned, for a legal officer.</param>
public sealed record Place(string Email, string Person, string Organisation, Role Role, params string[] States);

/// <summary>The people of the demonstration: every role at least once, all with one password.</summary>
public static class DemonstrationCast
{
    /// <summary>The password of all of them. It is published: demonstration data is refused outside Development.</summary>
    public const string Password = "Demonstration-2009!";

    /// <summary>The provider that few needs are shared with.</summary>
    public const string FirstDonor = "norad";

    /// <summary>The provider that many needs are shared with.</summary>
    public const string SecondDonor = "jica";

    /// <summary>The States that file needs, each with the language it writes in.</summary>
    public static readonly IReadOnlyList<(string Iso3, Domain.Reference.Language Language)> States =
    [
        ("KEN", Domain.Reference.Language.En),
        ("PER", Domain.Reference.Language.Es),
        ("SEN", Domain.Reference.Language.Fr),
        ("JOR", Domain.Reference.Language.Ar),
        ("KAZ", Domain.Reference.Language.Ru),
        ("CHN", Domain.Reference.Language.Zh),
        ("FJI", Domain.Reference.Language.En),
        ("CRI", Domain.Reference.Language.Es),
        ("MDG", Domain.Reference.Language.Fr),
        ("TUN", Domain.Reference.Language.Ar),
        ("KGZ", Domain.Reference.Language.Ru),
        ("JPN", Domain.Reference.Language.En),
    ];

    /// <summary>Which delegation chairs which body.</summary>
    public static readonly IReadOnlyList<(string Delegation, Body Body)> Chairs =
    [
        ("committee-a", Body.SubcommitteeA),
        ("committee-b", Body.SubcommitteeB),
        ("committee-c", Body.SubcommitteeC),
        ("committee-d", Body.Committee),
    ];

    /// <summary>Everyone. The first of a role is the one to try it with.</summary>
    public static readonly IReadOnlyList<Place> All =
    [
        new("focal.ken@demo.example", "Amina Tarimo", "ken", Role.FocalPoint),
        new("contributor.ken@demo.example", "Daniel Oketa", "ken", Role.StateContributor),
        new("focal.per@demo.example", "Lucía Quispara", "per", Role.FocalPoint),
        new("contributor.per@demo.example", "Mateo Villarán", "per", Role.StateContributor),
        new("focal.sen@demo.example", "Awa Diagne-Sarr", "sen", Role.FocalPoint),
        new("focal.jor@demo.example", "ليلى الرواشي", "jor", Role.FocalPoint),
        new("focal.kaz@demo.example", "Айгуль Сериккали", "kaz", Role.FocalPoint),
        new("focal.chn@demo.example", "林若溪", "chn", Role.FocalPoint),
        new("focal.fji@demo.example", "Mere Tuivaga", "fji", Role.FocalPoint),
        new("focal.cri@demo.example", "Elena Solórzano", "cri", Role.FocalPoint),
        new("focal.mdg@demo.example", "Hery Rakotoson", "mdg", Role.FocalPoint),
        new("focal.tun@demo.example", "سامي البجاوي", "tun", Role.FocalPoint),
        new("focal.kgz@demo.example", "Нурлан Асанбек", "kgz", Role.FocalPoint),
        // One person, two places: the State as it files its own needs, and the agency through which it gives.
        new("both.jpn@demo.example", "Haruka Minase", "jpn", Role.FocalPoint),
        new("both.jpn@demo.example", "Haruka Minase", SecondDonor, Role.ProviderContributor),
        new("manager.norad@demo.example", "Ingrid Solvang", FirstDonor, Role.ProviderManager),
        new("contributor.norad@demo.example", "Eirik Haugdal", FirstDonor, Role.ProviderContributor),
        new("manager.jica@demo.example", "Kenji Morioka", SecondDonor, Role.ProviderManager),
        new("contributor.jica@demo.example", "Yui Hasegata", SecondDonor, Role.ProviderContributor),
        new("partner.igad@demo.example", "Selam Bekuret", "igad", Role.Partner),
        new("partner.osce@demo.example", "Marta Lindqvist-Rey", "osce", Role.Partner),
        new("legal@demo.example", "Clara Duvernay", ReferenceOrganisations.Cted, Role.LegalOfficer, "KEN", "PER", "SEN"),
        new("legal.second@demo.example", "Omar Benhaddi", ReferenceOrganisations.Cted, Role.LegalOfficer, "JOR", "TUN", "KAZ"),
        new("assistance@demo.example", "Tomás Iriarte", ReferenceOrganisations.Cted, Role.AssistanceOfficer),
        new("assistance.second@demo.example", "Nadia Volkonina", ReferenceOrganisations.Cted, Role.AssistanceOfficer),
        new("information@demo.example", "Priya Raghunand", ReferenceOrganisations.Cted, Role.InformationOfficer),
        new("access@demo.example", "Jonas Ekberg-Lund", ReferenceOrganisations.Cted, Role.AccessManager),
        new("access.second@demo.example", "Beatriz Okonjo", ReferenceOrganisations.Cted, Role.AccessManager),
        new("director@demo.example", "Miriam Achterberg", ReferenceOrganisations.Cted, Role.ExecutiveDirector),
        new("auditor@demo.example", "Samuel Adjeikum", ReferenceOrganisations.Cted, Role.Auditor),
        new("delegate@demo.example", "Paula Ferreiro", "committee-a", Role.Delegate),
        new("delegate.second@demo.example", "Nikolai Dragunev", "committee-b", Role.Delegate),
        new("subcommittee@demo.example", "Thandi Mokwena", "committee-c", Role.SubcommitteeChair),
        new("committee@demo.example", "Sofía Arrieta", "committee-d", Role.CommitteeChair),
        new("expert.1267@demo.example", "Henrik Aaltola", "experts-1267", Role.Expert),
        new("expert.1540@demo.example", "Mei Tanaguchi", "experts-1540", Role.Expert),
        new("administrator@demo.example", "Robin Castellane", ReferenceOrganisations.Operations, Role.Administrator),
    ];
}
