using Portal.Domain;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>Says what the log holds in codes: stages, parts, places and what a check found.</summary>
internal static class AuditSay
{
    /// <summary>A value before or after an act; a code that is not known stays as it is.</summary>
    public static string Value(Say say, string code, string? value) =>
        value switch
        {
            null or "" => "",
            _ when code == "audit.verified" => say.Code("fault", value),
            _ when code == "account.signed_in" => say.Code("factor", value),
            _ when code == "viewing.ended" && Enum.TryParse<ViewingEnd>(value, out var end) => say.Code("viewing", end),
            _ when code == "programme.shared" => Sharing(say, code, value),
            _ when Kinds.All.Any(k => k.Stages.Contains(value)) => say.Code("status", value),
            _ when value.Split(' ', '@') is [var role, var organisation, ..]
                    && value.Contains('@')
                    && Enum.TryParse<Role>(role, out var known) => $"{say.Code("role", known)} ({organisation})",
            _ when Parts(say, code, value) is { } parts => parts,
            _ when Enum.GetNames<Section>().Contains(value) => say.Code("section", value),
            _ => value,
        };

    /// <summary>What an act concerned, in words; empty where that is an identifier, which tells a reader nothing.</summary>
    public static string Subject(Say say, AuditLine line) =>
        line switch
        {
            { About.Person: { } person } => person,
            { About.Organisation: { } organisation } => say.Name(organisation),
            { Subject: null } => "",
            { Code: "audit.verified" } => line.To == AuditService.Whole ? "" : line.Subject,
            _ when Parts(say, line.Code, line.Subject) is { } parts => parts,
            _ when Enum.GetNames<Section>().Contains(line.Subject) => say.Code("section", line.Subject),
            _ when Guid.TryParse(line.Subject, out _) => "",
            _ when line.Code.Contains(".consent_", StringComparison.Ordinal) => say.Audience(
                new Audience(line.Subject),
                number => "org:" + number
            ),
            _ => line.Subject,
        };

    // "States: Summary, Finance; Providers: None; …", as the programme notes it.
    private static string Sharing(Say say, string code, string value) =>
        string.Join(
            "; ",
            value
                .Split("; ")
                .Select(line =>
                    line.Split(": ") is [var audience, var names] && Parts(say, code, names) is { } parts
                        ? say.Labelled(
                            say.Code("audience", audience == "Everyone" ? Audience.Public.Key : audience.ToLowerInvariant()),
                            parts
                        )
                        : line
                )
        );

    // The parts of the kind of record that the act was done on; null where the text names none of them.
    private static string? Parts(Say say, string code, string text) =>
        Kinds.OfAct(code) is { } kind && kind.Parts.Read(text) is { } view
            ? view == 0
                ? say.Code("part", "None")
                : kind.Parts.IsWhole(view)
                    ? say.Code("part", "Whole")
                    : say.Named(kind, view)
            : null;
}
