using System.Text;
using System.Xml.Linq;
using Portal.Domain.Iati;
using Portal.Domain.Imports;

namespace Portal.Tests.Iati;

/// <summary>Activity files made for the tests.</summary>
internal static class IatiFiles
{
    public static readonly DateOnly Today = DateOnly.FromDateTime(Cast.Now);

    /// <summary>An activity in order; <paramref name="more"/> stands after the days, <paramref name="end"/> at the end.</summary>
    public static string Activity(string id = "XX-TEST-1", string title = "Courses against the financing of terrorism", string more = "", string end = "", string status = "2", string others = "", string reporter = "XX-TEST",
        string attributes = "xml:lang=\"en\" default-currency=\"USD\"") => $"""
        <iati-activity {attributes}>
          <iati-identifier>{id}</iati-identifier>
          <reporting-org ref="{reporter}" type="10"><narrative>Agency</narrative></reporting-org>
          <title><narrative>{title}</narrative><narrative xml:lang="fr">Cours</narrative></title>
          <description type="1"><narrative>Two courses for investigators.</narrative></description>
          <participating-org role="4" ref="XX-DOES"><narrative>Training Institute</narrative></participating-org>
          {others}
          <activity-status code="{status}" />
          <activity-date type="1" iso-date="2026-01-01" />
          <activity-date type="3" iso-date="2028-12-31" />
          {(more.Length > 0 ? more : """<recipient-country code="KE" percentage="60" /><recipient-country code="UG" percentage="40" /><sector vocabulary="1" code="15130" />""")}
          {(end.Length > 0 ? end : Money)}
        </iati-activity>
        """;

    public const string Money = """
        <budget type="1" status="1"><period-start iso-date="2026-01-01" /><period-end iso-date="2026-12-31" /><value value-date="2026-01-01">100000.50</value></budget>
        <transaction ref="a"><transaction-type code="2" /><transaction-date iso-date="2026-02-01" /><value currency="EUR" value-date="2026-02-01">90000</value></transaction>
        <transaction><transaction-type code="3" /><transaction-date iso-date="2026-03-01" /><value value-date="2026-03-01">-250</value></transaction>
        <document-link format="application/pdf" url="https://example.org/plan.pdf"><title><narrative>Plan</narrative></title><category code="A01" /></document-link>
        <result type="1"><title><narrative>Officials trained</narrative></title><indicator measure="1"><title><narrative>Number</narrative></title>
          <period><period-start iso-date="2026-01-01" /><period-end iso-date="2026-12-31" /><target value="40" /><actual value="25" /></period></indicator></result>
        """;

    public static string File(params string[] activities) => Versioned("2.03", activities);

    public static string Versioned(string version, params string[] activities) =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<iati-activities version=\"{version}\" xmlns:x=\"https://example.org/x\">\n{string.Join('\n', activities)}\n</iati-activities>";

    public static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    public static List<XElement> Read(string text)
    {
        using var reader = new IatiReader(Stream(text));
        return [.. reader.Activities()];
    }

    public static IReadOnlyList<ImportProblem> Check(string activity) => IatiChecker.Check(Read(File(activity))[0], Today);
}
