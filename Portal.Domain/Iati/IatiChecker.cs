using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Portal.Domain.Imports;

namespace Portal.Domain.Iati;

/// <summary>Holds an activity against the structure, the order, the lists of codes and the rules of IATI 2.03.</summary>
public static partial class IatiChecker
{
    /// <summary>Most problems kept of one activity.</summary>
    public const int MostProblems = 40;

    /// <summary>Everything wrong with an activity; the structure first, and the rules where the structure holds.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="today">The day it is checked on.</param>
    public static IReadOnlyList<ImportProblem> Check(XElement activity, DateOnly today)
    {
        var problems = new Problems();
        Structure(activity, IatiStructure.Activity, "iati-activity", problems);
        if (!problems.Refuse)
            IatiRules.Check(activity, today, problems);
        return problems.All;
    }

    /// <summary>Problems, up to a number that a person would read.</summary>
    internal sealed class Problems
    {
        private readonly List<ImportProblem> all = [];
        public IReadOnlyList<ImportProblem> All => all;
        public bool Refuse { get; private set; }

        public void Add(string code, XObject? at, string where, string? value = null, bool refuses = true)
        {
            Refuse |= refuses;
            // One that refuses is always kept.
            if (all.Count < MostProblems || (refuses && all.Count < MostProblems * 2))
                all.Add(new ImportProblem(code, IatiLine.Of(at), where, value is { Length: > 100 } ? value[..100] + "…" : value, refuses));
        }
    }

    private static void Structure(XElement element, IatiType type, string path, Problems problems)
    {
        Attributes(element, type, path, problems);
        Text(element, type, path, problems);
        var (place, count, foreign) = (0, 0, false);
        foreach (var child in element.Elements())
        {
            if (child.Name.NamespaceName.Length > 0)
            {
                // Others' elements may stand at the end of any element that has no text of its own.
                if (type.Text != '-')
                    problems.Add("iati.unexpected_element", child, $"{path}/{child.Name.LocalName}");
                foreign = true;
                continue;
            }
            var name = child.Name.LocalName;
            if (!type.Places.TryGetValue(name, out var at))
            {
                problems.Add("iati.unexpected_element", child, $"{path}/{name}");
                continue;
            }
            var kind = type.Children[at];
            if (foreign || at < place)
                problems.Add(
                    at < place && !kind.IsMany && element.Elements(child.Name).First() != child ? "iati.too_many" : "iati.wrong_order",
                    child,
                    $"{path}/{name}"
                );
            else if (at == place)
            {
                if (++count > 1 && !kind.IsMany)
                    problems.Add("iati.too_many", child, $"{path}/{name}");
            }
            else
            {
                Missing(place, at, count);
                (place, count) = (at, 1);
            }
            Structure(child, kind.Type, $"{path}/{name}", problems);
        }
        Missing(place, type.Children.Count, count);

        void Missing(int from, int until, int already)
        {
            for (var i = from; i < until; i++)
                // One that stands in the wrong place is told of there.
                if (type.Children[i].IsNeeded && !(i == from && already > 0) && element.Element(type.Children[i].Name) is null)
                    problems.Add("iati.missing_element", element, $"{path}/{type.Children[i].Name}");
        }
    }

    private static void Attributes(XElement element, IatiType type, string path, Problems problems)
    {
        foreach (var attribute in element.Attributes())
        {
            if (attribute.IsNamespaceDeclaration)
                continue;
            if (
                attribute.Name == XNamespace.Xml + "lang"
                && attribute.Value.Trim() is { Length: > 0 } said
                && !LanguageForm().IsMatch(said)
            )
            {
                // A value that is none makes the whole file invalid where it is published.
                problems.Add(
                    Mended(said) is null ? "iati.language_left_out" : "iati.language_mended",
                    attribute,
                    $"{path}/@xml:lang",
                    said,
                    refuses: false
                );
                continue;
            }
            var name = attribute.Name.Namespace == XNamespace.Xml ? "xml:" + attribute.Name.LocalName : attribute.Name.LocalName;
            if (
                !type.Attributes.TryGetValue(name, out var known)
                || (attribute.Name.NamespaceName.Length > 0 && name[..Math.Min(4, name.Length)] != "xml:")
            )
            {
                if (attribute.Name.NamespaceName.Length > 0)
                    continue;
                // Activities of two versions in one file: the version was once said here.
                if (name == "version" && path == "iati-activity")
                    problems.Add("iati.mixed_version", attribute, $"{path}/@{name}", attribute.Value);
                else if (IatiStructure.IsRead(path))
                    problems.Add("iati.unexpected_attribute", attribute, $"{path}/@{name}", attribute.Value);
                else
                    problems.Add("iati.attribute_left_out", attribute, $"{path}/@{name}", attribute.Value, refuses: false);
                continue;
            }
            if (!IsOf(known.Value, attribute.Value))
                problems.Add("iati.bad_value", attribute, $"{path}/@{name}", attribute.Value);
            else if (known.Value == 'l')
            {
                if (!IatiCodes.Has("Language", attribute.Value.Trim().Split('-')[0].ToLowerInvariant()))
                    problems.Add("iati.unknown_code", attribute, $"{path}/@{name}", attribute.Value, refuses: false);
            }
            else if (
                known.Codes is { } codes
                && !IatiCodes.Has(codes, codes == "Language" ? attribute.Value.Trim().ToLowerInvariant() : attribute.Value.Trim())
                && (known.InVocabulary is not { } vocabulary || (element.Attribute("vocabulary")?.Value ?? vocabulary) == vocabulary)
            )
                problems.Add("iati.unknown_code", attribute, $"{path}/@{name}", attribute.Value, IatiCodes.IsCore(codes));
        }
        foreach (var needed in type.Attributes.Values)
            if (needed.IsNeeded && element.Attribute(needed.Name) is null)
                problems.Add("iati.missing_attribute", element, $"{path}/@{needed.Name}");
    }

    private static void Text(XElement element, IatiType type, string path, Problems problems)
    {
        if (type.Text == '-')
        {
            if (element.Nodes().OfType<XText>().FirstOrDefault(t => !string.IsNullOrWhiteSpace(t.Value)) is { } text)
                problems.Add("iati.unexpected_text", element, path, text.Value.Trim());
        }
        else if (type.Text != 's' && !IsOf(type.Text, element.Value))
            problems.Add("iati.bad_value", element, path, element.Value.Trim());
    }

    private static bool IsOf(char kind, string value) =>
        kind switch
        {
            's' or 'l' => true,
            'd' => Day(value) is not null,
            'm' => IsMoment(value),
            'n' => Number().IsMatch(value.Trim()),
            'i' => Whole().IsMatch(value.Trim())
                && int.TryParse(value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            'p' => Whole().IsMatch(value.Trim()) && value.Trim().TrimStart('+', '0').Length > 0 && value.Trim()[0] != '-',
            'c' => Whole().IsMatch(value.Trim()) && (value.Trim()[0] != '-' || value.Trim().Trim('-', '0').Length == 0),
            'b' => value.Trim() is "true" or "false" or "1" or "0",
            'u' => Uri.TryCreate(value.Trim(), UriKind.RelativeOrAbsolute, out _),
            'k' => value.Trim() is { Length: > 0 } token && token.All(XmlConvert.IsNCNameChar),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of value"),
        };

    /// <summary>
    /// A language as the standard writes it; where a value is written otherwise what was meant, and null where nothing can be made of it.
    /// </summary>
    internal static string? Mended(string? language) =>
        language?.Trim().Replace('_', '-') is { } meant && (meant.Length == 0 || LanguageForm().IsMatch(meant)) ? meant : null;

    /// <summary>A day of XML, with or without a time zone; null where it is none.</summary>
    internal static DateOnly? Day(string? value) =>
        value?.Trim() is { } text
        && DayForm().IsMatch(text)
        && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    internal static bool IsMoment(string value) =>
        MomentForm().IsMatch(value.Trim())
        && DateTimeOffset.TryParse(value.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    [GeneratedRegex(@"^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*\z")]
    private static partial Regex LanguageForm();

    [GeneratedRegex(@"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[+-]?[0-9]+\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?\z")]
    private static partial Regex DayForm();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?\z")]
    private static partial Regex MomentForm();
}
