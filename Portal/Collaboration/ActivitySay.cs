using Microsoft.Extensions.Localization;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>Says whom and what an act on a record concerned, to those who see the act.</summary>
internal static class ActivitySay
{
    /// <summary>Whom or what: an audience, a file, another record; null where the act says it all.</summary>
    public static string? Concerned(ActivityLine line, Say say) =>
        line.Subject switch
        {
            null or "" => null,
            _ when IsConsent(line.Code) => say.Audience(
                new Audience(line.Subject),
                _ => line.Concerned is { } name ? say.Name(name) : line.Subject
            ),
            _ when line.Code
                    is "need.file_added"
                        or "need.file_removed"
                        or "programme.file_added"
                        or "programme.file_removed"
                        or "need.part_accepted"
                        or "milestone.set"
                        or "milestone.delivered"
                        or "milestone.confirmed" => line.Subject,
            _ => null,
        };

    /// <summary>What consent gave and took, or what was asked for.</summary>
    public static IEnumerable<string> Consent(ActivityLine line, IStringLocalizer<CollaborationWords> words, Say say)
    {
        if (!IsConsent(line.Code))
            yield break;
        var kind = Kinds.OfAct(line.Code)!;
        var (before, after) = (kind.Parts.Read(line.From) ?? 0, kind.Parts.Read(line.To) ?? 0);
        if (line.Code is "need.consent_asked" or "need.tacit_begun")
        {
            yield return words["activity.asked", say.Parts(kind, after | (int)NeedParts.Summary)];
            yield break;
        }
        if (line.Code is "need.request_refused" or "need.request_dropped")
            yield break;
        if ((after & ~before) is var gains and not 0)
            yield return words["activity.gains", say.Parts(kind, gains)];
        if ((before & ~after) is var losses and not 0)
            yield return words["activity.loses", say.Parts(kind, losses)];
    }

    private static bool IsConsent(string code) =>
        code
            is "need.consent_given"
                or "need.consent_changed"
                or "need.consent_revoked"
                or "need.consent_asked"
                or "need.tacit_begun"
                or "need.tacit_consented"
                or "need.request_refused"
                or "need.request_dropped"
                or "dossier.consent_given"
                or "dossier.consent_changed"
                or "dossier.consent_revoked";
}
