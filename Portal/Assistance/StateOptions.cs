using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Assistance;

/// <summary>
/// The States that a list offers to filter by: the reader's own, and those it is filtered by, which a press on a State in a row adds. All
/// 193 in every list would be
/// sent with each page; a name is found by the search.
/// </summary>
internal static class StateOptions
{
    /// <summary>Codes with names, the reader's own first.</summary>
    public static IReadOnlyList<(string, string)> Of(ListAddress address, string? own, Say say) =>
        [
            .. new[] { own }
                .Concat(address.All("state"))
                .Select(s => MemberStates.Find(s)?.Iso3)
                .OfType<string>()
                .Distinct()
                .Select(s => (s, say.State(s))),
        ];
}

/// <summary>A provider to filter by.</summary>
public sealed record ProviderOption(string Code, LocalName Name)
{
    /// <summary>
    /// Codes with names, in the order of the reader's language, and those that the list is filtered by besides: a code of nobody filters
    /// too, and leaves nothing.
    /// </summary>
    internal static IReadOnlyList<(string, string)> Of(ListAddress address, IReadOnlyList<ProviderOption>? providers, Say say) =>
        [
            .. (providers ?? [])
                .Select(p => (p.Code, say.Name(p.Name)))
                .OrderBy(p => p.Item2, StringComparer.CurrentCulture)
                .Concat(address.All("provider").Select(code => (code, code)))
                .DistinctBy(p => p.Item1, StringComparer.OrdinalIgnoreCase),
        ];
}
