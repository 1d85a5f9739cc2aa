namespace Portal.Domain.Access;

/// <summary>What somebody may do with people's places, wherever it may be.</summary>
public enum PeopleAct
{
    /// <summary>See people of one's own organisation, or more.</summary>
    See,

    /// <summary>See everyone.</summary>
    SeeAll,

    /// <summary>Invite, end and suspend some memberships.</summary>
    Manage,

    /// <summary>Manage every membership and every account.</summary>
    ManageAll,

    /// <summary>Say how many contributors an organisation may have.</summary>
    Limit,

    /// <summary>Read reviews, and answer for what one manages.</summary>
    Review,
}

/// <summary>
/// Who manages whose place. Access managers and administrators manage everyone's; a focal point the contributors of the State, a provider's
/// manager the contributors of the provider; a contributor nobody's. The gate of a page, the service and the buttons ask here.
/// </summary>
public static class Delegation
{
    /// <summary>The one role whose places in the same organisation a role manages, or null.</summary>
    public static Role? Of(Role role) =>
        role switch
        {
            Role.FocalPoint => Role.StateContributor,
            Role.ProviderManager => Role.ProviderContributor,
            _ => null,
        };

    /// <summary>Whether a role is counted against an organisation's limit.</summary>
    public static bool IsLimited(Role role) => role is Role.StateContributor or Role.ProviderContributor;

    /// <summary>Whether an actor may do something with people at all.</summary>
    public static bool May(Actor actor, PeopleAct act)
    {
        var isManager = actor.LevelIn(Section.Access) >= Level.Manage;
        var isStaff = isManager || actor.LevelIn(Section.Administration) >= Level.Manage;
        var isReader = isStaff || actor.LevelIn(Section.Access) >= Level.View;
        var isDelegate = actor.Role is { } role && Of(role) is not null;
        return act switch
        {
            PeopleAct.See => isReader || isDelegate,
            PeopleAct.SeeAll => isReader,
            PeopleAct.Manage => isStaff || isDelegate,
            PeopleAct.ManageAll => isStaff,
            PeopleAct.Limit => isManager,
            PeopleAct.Review => isDelegate || actor.LevelIn(Section.Access) >= Level.View,
        };
    }

    /// <summary>
    /// Whether an actor manages the places of a role in an organisation. Nobody manages their own place, whatever this says.
    /// </summary>
    public static bool MayManage(Actor actor, Guid organisationId, Role role) =>
        May(actor, PeopleAct.ManageAll) || (actor.Membership is { } own && own.OrganisationId == organisationId && Of(own.Role) == role);

    /// <summary>Whether an actor manages this very place: not their own.</summary>
    public static bool MayManage(Actor actor, Membership membership) =>
        membership.PersonId != actor.PersonId && MayManage(actor, membership.OrganisationId, membership.Role);
}
