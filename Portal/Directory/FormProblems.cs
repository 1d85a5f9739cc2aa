using Portal.Domain.Access;

namespace Portal.Directory;

/// <summary>What is wrong with a form, and the attributes that tie each message to its field.</summary>
/// <param name="prefix">Identifiers of the form's fields begin with it.</param>
public sealed class FormProblems(string prefix)
{
    /// <summary>Refusals, in the order of the fields.</summary>
    public IReadOnlyList<Refusal> All { get; set; } = [];

    /// <summary>Identifier of a field's control.</summary>
    public string Id(string field) => $"{prefix}-{field}";

    /// <summary>The refusal of a field, if any.</summary>
    public Refusal? At(string field) => All.FirstOrDefault(p => p.Field == field);

    /// <summary>Identifier and descriptions of a field's control.</summary>
    public Dictionary<string, object> Control(string field, bool hasHelp = false)
    {
        var wrong = At(field) is not null;
        var attributes = new Dictionary<string, object> { ["id"] = Id(field) };
        if (wrong)
            attributes["aria-invalid"] = "true";
        if (wrong || hasHelp)
            attributes["aria-describedby"] = (hasHelp ? Id(field) + "-help " : "") + (wrong ? Id(field) + "-error" : "");
        return attributes;
    }
}
