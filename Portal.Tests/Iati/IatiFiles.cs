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
    public static string Activity(
        string id = "XX-TEST-1",
        string title = "Courses against the financing of terrorism",
        string more = "",
        string end = "",
        string status = "2",
        string others = "",
        string reporter = "XX-TEST",
        string attributes = "xml:lang=\"en\" default-currency=\"USD\""
    ) =>
        $"""
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
              {(
                more.Length > 0
                    ? more
                    : """<recipient-country code="KE" percentage="60" /><recipient-country code="UG" percentage="40" /><sector vocabulary="1" code="15130" />"""
            )}
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

    /// <summary>An activity that uses much of the standard, in order in every way.</summary>
    public const string Rich = """
        <iati-activity xml:lang="en" default-currency="USD" humanitarian="1" hierarchy="1" last-updated-datetime="2026-05-01T00:00:00Z">
          <iati-identifier>XX-TEST-1</iati-identifier>
          <reporting-org ref="XX-TEST" type="10"><narrative>Agency</narrative></reporting-org>
          <title><narrative>Courses for investigators</narrative><narrative xml:lang="fr">Cours pour enquêteurs</narrative></title>
          <description type="1"><narrative>Two courses.</narrative><narrative xml:lang="fr">Deux cours.</narrative></description>
          <description type="2"><narrative>Objectives.</narrative></description>
          <description type="3"><narrative>Groups.</narrative></description>
          <participating-org role="1" ref="XX-MIN" type="40" activity-id="XX-ACT" crs-channel-code="21000"><narrative>Ministry</narrative><narrative xml:lang="fr">Ministère</narrative></participating-org>
          <other-identifier ref="17" type="A1"><owner-org ref="XX-TEST"><narrative>Agency</narrative></owner-org></other-identifier>
          <activity-status code="2" />
          <activity-date type="1" iso-date="2024-01-01"><narrative>Agreed with the ministry</narrative></activity-date>
          <activity-date type="3" iso-date="2026-12-31"><narrative>May be extended</narrative></activity-date>
          <contact-info type="1"><organisation><narrative>Agency</narrative></organisation><email>office@example.org</email></contact-info>
          <activity-scope code="4" />
          <recipient-country code="KE" percentage="50"><narrative>Coast</narrative></recipient-country>
          <recipient-country code="UG" percentage="30" />
          <recipient-region code="298" vocabulary="1" percentage="20" />
          <location ref="here"><name><narrative>Harbour</narrative></name></location>
          <sector vocabulary="1" code="15130" percentage="100"><narrative>Law</narrative></sector>
          <sector vocabulary="99" vocabulary-uri="https://example.org/own" code="A1" percentage="100"><narrative>Own</narrative></sector>
          <tag vocabulary="99" vocabulary-uri="https://example.org/tags" code="T"><narrative>Tag</narrative></tag>
          <country-budget-items vocabulary="2"><budget-item code="1.1.1" percentage="100"><description><narrative>Justice</narrative></description></budget-item></country-budget-items>
          <policy-marker vocabulary="1" code="2" significance="1" />
          <collaboration-type code="1" />
          <default-flow-type code="10" />
          <budget type="1" status="1"><period-start iso-date="2025-01-01" /><period-end iso-date="2025-12-31" /><value currency="USD" value-date="2025-01-01">900</value></budget>
          <budget type="2" status="1"><period-start iso-date="2025-01-01" /><period-end iso-date="2025-12-31" /><value currency="USD" value-date="2025-01-01">1000</value></budget>
          <transaction ref="t1" humanitarian="1"><transaction-type code="2" /><transaction-date iso-date="2024-02-01" /><value value-date="2024-02-01">1000</value><description><narrative>First</narrative></description>
            <provider-org ref="XX-TEST" provider-activity-id="XX-TEST-PARENT"><narrative>Agency</narrative></provider-org><flow-type code="10" /><finance-type code="110" /><aid-type code="C01" /></transaction>
          <transaction ref="t2"><transaction-type code="3" /><transaction-date iso-date="2024-03-01" /><value value-date="2024-03-01">500</value></transaction>
          <transaction ref="t3"><transaction-type code="11" /><transaction-date iso-date="2024-03-01" /><value value-date="2024-03-01">5</value></transaction>
          <document-link format="application/pdf" url="https://example.org/plan.pdf"><title><narrative>Plan</narrative><narrative xml:lang="fr">Plan d’action</narrative></title><category code="A01" /><language code="EN" /></document-link>
          <related-activity ref="XX-TEST-PARENT" type="1" />
          <result type="1" aggregation-status="1"><title><narrative>Officials trained</narrative></title><description><narrative>By sex</narrative></description>
            <indicator measure="1" ascending="1"><title><narrative>Number</narrative></title><baseline year="2023" value="1" />
              <period><period-start iso-date="2024-01-01" /><period-end iso-date="2024-12-31" /><target value="10" /><actual value="3" /></period>
              <period><period-start iso-date="2025-01-01" /><period-end iso-date="2025-12-31" /><target value="20"><comment><narrative>As agreed</narrative></comment></target></period></indicator></result>
        </iati-activity>
        """;

    /// <summary>An activity each word of which says of what part it is; what others wrote into it may be of any.</summary>
    public const string Marked = """
        <iati-activity xml:lang="en" default-currency="USD" x:budget="OTHERS" budget-not-provided="1" linked-data-uri="https://example.org/OTHERS" humanitarian="1">
          <iati-identifier>XX-TEST-1</iati-identifier>
          <reporting-org ref="XX-TEST" type="10" x:note="OTHERS"><narrative>Agency</narrative></reporting-org>
          <title><narrative x:cost="OTHERS">Title</narrative></title>
          <description><narrative>OF-DESCRIPTION</narrative></description>
          <participating-org role="1" ref="OF-DESCRIPTION"><narrative>OF-DESCRIPTION funder</narrative></participating-org>
          <other-identifier ref="OF-DESCRIPTION" type="A9" />
          <activity-status code="2" />
          <activity-date type="1" iso-date="2024-01-01"><narrative>OTHERS budget 5m</narrative></activity-date>
          <contact-info><email>OF-DESCRIPTION@example.org</email></contact-info>
          <recipient-country code="KE" percentage="100"><narrative>OTHERS remark</narrative></recipient-country>
          <location ref="OF-DESCRIPTION"><name><narrative>OF-DESCRIPTION</narrative></name></location>
          <sector code="15130"><narrative>OF-DESCRIPTION</narrative></sector>
          <tag vocabulary="99" vocabulary-uri="https://example.org/OTHERS" code="OTHERS"><narrative>OTHERS</narrative></tag>
          <country-budget-items vocabulary="2"><budget-item code="OF-FINANCE" percentage="100"><description><narrative>OF-DESCRIPTION</narrative></description></budget-item></country-budget-items>
          <budget><period-start iso-date="2024-01-01" /><period-end iso-date="2024-12-31" /><value value-date="2024-01-01">424242</value></budget>
          <planned-disbursement><period-start iso-date="2024-01-01" /><value value-date="2024-01-01">5</value><provider-org><narrative>OF-DESCRIPTION</narrative></provider-org></planned-disbursement>
          <transaction ref="OF-FINANCE"><transaction-type code="2" /><transaction-date iso-date="2024-02-28" /><value value-date="2024-02-28">515151</value><description><narrative>OF-DESCRIPTION</narrative></description>
            <receiver-org ref="OF-DESCRIPTION"><narrative>OF-DESCRIPTION</narrative></receiver-org></transaction>
          <document-link format="text/html" url="https://example.org/OF-DOCUMENTS"><title><narrative>OF-DOCUMENTS</narrative></title><category code="A01" /></document-link>
          <legacy-data name="OTHERS" value="OTHERS" />
          <result type="1"><title><narrative>OF-RESULTS</narrative></title><document-link format="text/html" url="https://example.org/OF-DOCUMENTS"><title><narrative>OF-DOCUMENTS</narrative></title><category code="A01" /></document-link>
            <indicator measure="1"><title><narrative>OF-RESULTS</narrative></title>
              <period><period-start iso-date="2024-01-01" /><period-end iso-date="2024-12-31" /><actual value="3"><location ref="OF-DESCRIPTION" /><comment><narrative>OF-RESULTS</narrative></comment></actual></period></indicator></result>
          <x:foreign>OTHERS</x:foreign>
        </iati-activity>
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
