using Portal.Assessments;
using Portal.Assistance.Needs;
using Portal.Assistance.Programmes;
using Portal.Assistance.Proposals;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Lists;

namespace Portal;

/// <summary>What the portal does with each kind of record: the one list, in the order of the navigation.</summary>
public static class RecordRooms
{
    /// <summary>One for each card of <see cref="Domain.Kinds"/>.</summary>
    public static readonly IReadOnlyList<RecordRoom> All =
    [
        NeedList.Room,
        ProposalList.Room,
        ProgrammeList.Room,
        DirectoryList.ProfileRoom,
        DirectoryList.OfferRoom,
        DossierList.Room,
        RecommendationList.Room,
    ];

    /// <summary>The lists of records of which each is one row.</summary>
    public static readonly IReadOnlyList<RecordList> Lists = [.. All.Select(r => r.List).OfType<RecordList>()];

    /// <summary>Adds the services of each.</summary>
    public static WebApplicationBuilder AddRecordRooms(this WebApplicationBuilder builder)
    {
        foreach (var room in All)
            room.Services(builder.Services);
        return builder;
    }

    /// <summary>What the portal does with a kind.</summary>
    public static RecordRoom Of(Kind kind) => All.Single(r => r.Kind == kind);
}
