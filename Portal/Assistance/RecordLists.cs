using Portal.Assistance.Needs;
using Portal.Assistance.Programmes;
using Portal.Assistance.Proposals;
using Portal.Domain.Access;
using Portal.Lists;

namespace Portal.Assistance;

/// <summary>The lists of records of which each is one row.</summary>
public static class RecordLists
{
    /// <summary>All.</summary>
    public static readonly IReadOnlyList<RecordList> All = [NeedList.List, ProposalList.List, ProgrammeList.List];

    /// <summary>The list of a kind.</summary>
    public static RecordList Of(Kind kind) => All.Single(l => l.Kind == kind);
}
