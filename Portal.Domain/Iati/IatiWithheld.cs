using System.Collections.Frozen;
using System.Xml.Linq;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Domain.Iati;

/// <summary>
/// What of an activity leaves where not all of it is published. Everything is named that may go; what is not named stays: elements and
/// attributes of others, the publisher's own tags,
/// remarks beside days and countries. Nobody can say of those which part they speak of.
/// </summary>
internal static class IatiWithheld
{
    // Each element, and the parts that must all be published for it to go. An element that is not here goes with the one it stands in,
    // unless that is the activity.
    private static readonly FrozenDictionary<string, ProgrammeParts> Needed = new Dictionary<string, ProgrammeParts>
    {
        ["iati-identifier"] = ProgrammeParts.Summary,
        ["reporting-org"] = ProgrammeParts.Summary,
        ["title"] = ProgrammeParts.Summary,
        ["activity-status"] = ProgrammeParts.Summary,
        ["activity-date"] = ProgrammeParts.Summary,
        ["recipient-country"] = ProgrammeParts.Summary,
        ["recipient-region"] = ProgrammeParts.Summary,
        ["description"] = ProgrammeParts.Description,
        ["participating-org"] = ProgrammeParts.Description,
        ["other-identifier"] = ProgrammeParts.Description,
        ["contact-info"] = ProgrammeParts.Description,
        ["activity-scope"] = ProgrammeParts.Description,
        ["location"] = ProgrammeParts.Description,
        ["sector"] = ProgrammeParts.Description,
        ["humanitarian-scope"] = ProgrammeParts.Description,
        ["policy-marker"] = ProgrammeParts.Description,
        ["collaboration-type"] = ProgrammeParts.Description,
        ["related-activity"] = ProgrammeParts.Description,
        ["conditions"] = ProgrammeParts.Description,
        ["country-budget-items"] = ProgrammeParts.Finance,
        ["country-budget-items/budget-item/description"] = ProgrammeParts.Finance | ProgrammeParts.Description,
        ["default-flow-type"] = ProgrammeParts.Finance,
        ["default-finance-type"] = ProgrammeParts.Finance,
        ["default-aid-type"] = ProgrammeParts.Finance,
        ["default-tied-status"] = ProgrammeParts.Finance,
        ["budget"] = ProgrammeParts.Finance,
        ["planned-disbursement"] = ProgrammeParts.Finance,
        ["planned-disbursement/provider-org"] = ProgrammeParts.Finance | ProgrammeParts.Description,
        ["planned-disbursement/receiver-org"] = ProgrammeParts.Finance | ProgrammeParts.Description,
        ["capital-spend"] = ProgrammeParts.Finance,
        ["transaction"] = ProgrammeParts.Finance,
        ["transaction/description"] = ProgrammeParts.Finance | ProgrammeParts.Description,
        ["transaction/provider-org"] = ProgrammeParts.Finance | ProgrammeParts.Description,
        ["transaction/receiver-org"] = ProgrammeParts.Finance | ProgrammeParts.Description,
        ["transaction/sector"] = ProgrammeParts.Finance | ProgrammeParts.Description,
        ["crs-add"] = ProgrammeParts.Finance,
        ["fss"] = ProgrammeParts.Finance,
        ["document-link"] = ProgrammeParts.Documents,
        ["result"] = ProgrammeParts.Results,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, ProgrammeParts> NeededAttributes = new Dictionary<string, ProgrammeParts>
    {
        ["xml:lang"] = ProgrammeParts.Summary,
        ["default-currency"] = ProgrammeParts.Finance,
        ["budget-not-provided"] = ProgrammeParts.Finance,
        ["humanitarian"] = ProgrammeParts.Description,
        ["hierarchy"] = ProgrammeParts.Description,
    }.ToFrozenDictionary();

    // What a publisher writes beside a day or a place, and the address of a list of its own.
    private static readonly FrozenSet<string> Remarks = new[]
    {
        "activity-date/narrative",
        "recipient-country/narrative",
        "recipient-region/narrative",
        "transaction/recipient-country/narrative",
        "transaction/recipient-region/narrative",
        "recipient-region/@vocabulary-uri",
        "transaction/recipient-region/@vocabulary-uri",
    }.ToFrozenSet();

    /// <summary>The activity, as far as some parts of its programme go.</summary>
    public static XElement Of(XElement activity, Programme programme, Organisation organisation, ProgrammeParts parts)
    {
        var kept = new XElement(
            "iati-activity",
            activity
                .Attributes()
                .Where(a => NeededAttributes.TryGetValue(Name(a), out var needed) && parts.Has(needed))
                .Select(a => new XAttribute(a))
        );
        foreach (var child in activity.Elements())
            if (child.Name.NamespaceName.Length == 0 && Needed.TryGetValue(child.Name.LocalName, out var needed) && parts.Has(needed))
                kept.Add(
                    Copy(
                        child,
                        IatiStructure.Activity.Children[IatiStructure.Activity.Places[child.Name.LocalName]].Type,
                        child.Name.LocalName,
                        parts
                    )
                );
        // The portal's own tags, by the portal's own words.
        kept.Add(
            programme.Themes.Select(t => IatiWriter.Tag(IatiActivity.ThemeVocabulary, t, Themes.Find(t)?.Name.En)),
            programme.Modalities.Select(m => IatiWriter.Tag(IatiActivity.ModalityVocabulary, m, Modalities.Find(m)?.Name.En))
        );
        if (parts.Has(ProgrammeParts.Description))
            kept.Add(programme.Paragraphs.Select(p => IatiWriter.Tag(IatiActivity.ParagraphVocabulary, p, null)));
        else
            kept.Add(
                new XElement("description", new XAttribute("type", "1"), IatiWriter.Narrative(programme.Title, programme)),
                IatiWriter.Own(organisation)
            );
        // The countries may have stood in transactions that do not go.
        if (
            kept.Element("recipient-country") is null
            && kept.Element("recipient-region") is null
            && !kept.Elements("transaction").Elements("recipient-country").Any()
        )
            kept.Add(IatiWriter.Countries(programme));
        return kept;
    }

    private static XElement Copy(XElement element, IatiType type, string path, ProgrammeParts parts)
    {
        var copy = new XElement(
            element.Name,
            element
                .Attributes()
                .Where(a => type.Attributes.ContainsKey(Name(a)) && !Remarks.Contains($"{path}/@{Name(a)}"))
                .Select(a => new XAttribute(a))
        );
        if (type.Text != '-')
            copy.Add(element.Value);
        foreach (var child in element.Elements())
            if (
                child.Name.NamespaceName.Length == 0
                && type.Places.TryGetValue(child.Name.LocalName, out var at)
                && Goes($"{path}/{child.Name.LocalName}", child.Name.LocalName, parts)
            )
                copy.Add(Copy(child, type.Children[at].Type, $"{path}/{child.Name.LocalName}", parts));
        return copy;
    }

    // Documents of results are documents, and where a result was reached is told with the places of the activity.
    private static bool Goes(string path, string name, ProgrammeParts parts) =>
        !Remarks.Contains(path)
        && (!Needed.TryGetValue(path, out var needed) || parts.Has(needed))
        && (name != "document-link" || parts.Has(ProgrammeParts.Documents))
        && (name != "location" || parts.Has(ProgrammeParts.Description));

    private static string Name(XAttribute attribute) =>
        attribute.IsNamespaceDeclaration ? "xmlns"
        : attribute.Name.Namespace == XNamespace.Xml ? "xml:" + attribute.Name.LocalName
        : attribute.Name.NamespaceName.Length > 0 ? ""
        : attribute.Name.LocalName;
}
