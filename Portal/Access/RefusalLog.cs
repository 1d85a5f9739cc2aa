using Microsoft.AspNetCore.Authorization;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Access;

/// <summary>
/// Notes that somebody who is signed in was refused: a closed section, or a record that is not there or not theirs to see. The two are one
/// note, by section and
/// hour and never by record, so that the log tells no more of what is hidden than the answer did.
/// </summary>
public sealed class RefusalLog(ActorSource actors, CountedActs counted)
{
    /// <summary>Notes a refusal.</summary>
    /// <param name="code"><c>access.refused</c> at a gate, <c>access.nothing_found</c> behind it.</param>
    /// <param name="section">Which section it was in, as far as that is known.</param>
    public async Task Note(string code, Section? section)
    {
        var actor = await actors.Current();
        // In a preview whoever looks sees what others do not; that they look is on the record.
        if (actor.Membership is not { } membership || actor.IsPreview)
            return;
        await counted.Note($"{membership.Id} {section}", new Act(code, 0, Subject: section?.ToString()), section ?? Section.Access, actor);
    }

    /// <summary>The section of a gate, by the policies that pages and endpoints name alike; null where it has none.</summary>
    public static Section? SectionOf(IEnumerable<object> gate) =>
        gate.OfType<IAuthorizeData>().Select(a => a.Policy?.Split(':')).FirstOrDefault(p => p is ["section" or "staff", ..])
            is [_, var name, ..]
            ? Enum.Parse<Section>(name)
            : null;

    /// <summary>The section that an address leads into, by the navigation; null where it has none.</summary>
    public static Section? SectionOf(string path)
    {
        var first = "/" + path.Split('/', '?')[0];
        return Places.All.FirstOrDefault(p => p.Address == first)?.Section;
    }
}
