using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>The parts of records in words.</summary>
public static class PartWords
{
    /// <summary>The parts that an audience gets of a record of a kind; who misses nothing that the kind holds gets the whole record.</summary>
    public static string Parts(this Say say, RecordKind kind, int view) => IsWhole(kind, view) ? say.Code("part", "Whole") : kind switch
    {
        RecordKind.Need => say.List(NeedPartsSets.Choosable.Where(p => ((NeedParts)view).Has(p)).Prepend(NeedParts.Summary).Select(p => say.Code("part", p))),
        RecordKind.Proposal => say.Code("part", ProposalParts.Content),
        RecordKind.Programme => say.List(ProgrammePartsSets.Choosable.Where(p => ((ProgrammeParts)view).Has(p)).Prepend(ProgrammeParts.Summary).Select(say.Part)),
        RecordKind.Profile or RecordKind.Offer => say.List(new[] { DirectoryParts.Published, DirectoryParts.Contacts }.Where(p => ((DirectoryParts)view).HasFlag(p)).Select(p => say.Code("part", p))),
    };

    /// <summary>A part of a programme.</summary>
    public static string Part(this Say say, ProgrammeParts part) => part == ProgrammeParts.Description ? say.Code("part", "About") : say.Code("part", part);

    /// <summary>The parts of a view that have a name, one by one.</summary>
    public static IReadOnlyList<Enum> Named(RecordKind kind, int view) => kind switch
    {
        RecordKind.Need => [.. NeedPartsSets.Choosable.Prepend(NeedParts.Summary).Where(p => ((NeedParts)view).Has(p)).Cast<Enum>()],
        RecordKind.Proposal => ((ProposalParts)view).HasFlag(ProposalParts.Content) ? [ProposalParts.Content] : [],
        RecordKind.Programme => [.. ProgrammePartsSets.Choosable.Prepend(ProgrammeParts.Summary).Where(p => ((ProgrammeParts)view).Has(p)).Cast<Enum>()],
        RecordKind.Profile or RecordKind.Offer => [.. new[] { DirectoryParts.Published, DirectoryParts.Contacts }.Where(p => ((DirectoryParts)view).HasFlag(p)).Cast<Enum>()],
    };

    /// <summary>
    /// Whether who sees this much of a record may know who else sees it. A proposal that was made is before its provider, its State and CTED by rule: that each
    /// of them is told so gives nothing away.
    /// </summary>
    public static bool KnowsReaders(RecordKind kind, int view) => kind == RecordKind.Proposal ? view != (int)ProposalParts.None : IsWhole(kind, view);

    /// <summary>The parts of a need in a set, by name; the summary only where it is in it.</summary>
    public static string Parts(this Say say, NeedParts parts) => say.List(NeedPartsSets.Choosable.Prepend(NeedParts.Summary).Where(p => parts.Has(p)).Select(p => say.Code("part", p)));

    /// <summary>Whether a view holds what only those who see the record whole are shown.</summary>
    public static bool IsWhole(RecordKind kind, int view) => kind switch
    {
        RecordKind.Need => ((NeedParts)view).Has(NeedParts.Inner),
        RecordKind.Proposal => ((ProposalParts)view).HasFlag(ProposalParts.Own),
        RecordKind.Programme => ((ProgrammeParts)view).Has(ProgrammeParts.Inner),
        RecordKind.Profile or RecordKind.Offer => ((DirectoryParts)view).HasFlag(DirectoryParts.Own),
    };
}
