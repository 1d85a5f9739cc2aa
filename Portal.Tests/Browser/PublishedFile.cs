using System.Text;

namespace Portal.Tests.Browser;

/// <summary>
/// An activity file as a donor publishes it: several languages, several currencies, work that has nothing to do with terrorism, and one
/// activity with a mistake.
/// </summary>
internal static class PublishedFile
{
    public const string Name = "norad-activities.xml";

    /// <summary>Title and budget of the one that helps Kenya's customs.</summary>
    public const string Customs = "Risk-based control of cargo at East African border posts";

    /// <summary>Titles in the language that they are shown in, with the amount that is shown.</summary>
    public static readonly IReadOnlyList<(string Title, string Amount)> Taken =
    [
        (Customs, "200,000"),
        ("Appui aux cellules de renseignement financier du Sahel", "1,250,000"),
        ("Protección de testigos en causas de terrorismo", "310,500"),
        ("Vedlikehold av fylkesveier i nord", "42,000,000"),
    ];

    /// <summary>How many are refused: the last names a stage that the standard does not know.</summary>
    public const int Refused = 1;

    private const string Reporter = "NO-BRC-971277882";

    public static byte[] Bytes =>
        Encoding.UTF8.GetBytes(
            $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <iati-activities version="2.03" generated-datetime="2026-10-01T04:00:12Z">
        {Activity("KEN-23-0117", "2", Narratives((null, Customs), ("fr", "Contrôle des cargaisons aux frontières")), "Customs officers at three posts learn to select consignments by risk.", """
          <recipient-country code="KE" percentage="100" />
          <sector vocabulary="1" code="33120" percentage="60" /><sector vocabulary="1" code="15130" percentage="40" />
          <tag vocabulary="99" vocabulary-uri="urn:technical-assistance-portal:themes" code="BORDER_CUSTOMS"><narrative>Borders: customs and cargo</narrative></tag>
          <default-aid-type code="D02" vocabulary="1" />
        """, """
          <budget type="1" status="2"><period-start iso-date="2026-01-01" /><period-end iso-date="2026-12-31" /><value value-date="2026-01-01">90000</value></budget>
          <budget type="1" status="1"><period-start iso-date="2027-01-01" /><period-end iso-date="2027-12-31" /><value value-date="2027-01-01">110000</value></budget>
          <transaction ref="C-1"><transaction-type code="2" /><transaction-date iso-date="2026-02-01" /><value value-date="2026-02-01">180000</value></transaction>
          <transaction ref="D-1"><transaction-type code="3" /><transaction-date iso-date="2026-06-15" /><value value-date="2026-06-15">45000.50</value></transaction>
        """, """
          <result type="1"><title><narrative>Officers trained</narrative></title>
            <indicator measure="1"><title><narrative>Officers who passed the examination</narrative></title>
              <period><period-start iso-date="2026-01-01" /><period-end iso-date="2026-12-31" /><target value="60" /><actual value="42" /></period></indicator></result>
        """)}
        {Activity("REG-24-0032", "2", Narratives(("fr", "Appui aux cellules de renseignement financier du Sahel"), ("en", "Support to financial intelligence units of the Sahel")), "Analystes formés au financement du terrorisme.", """
          <recipient-country code="ML" percentage="55" /><recipient-country code="NE" percentage="45" />
          <sector vocabulary="1" code="24010" />
        """, """
          <transaction><transaction-type code="2" /><transaction-date iso-date="2026-03-01" /><value currency="EUR" value-date="2026-03-01">1250000</value></transaction>
        """, "", "fr", "EUR")}
        {Activity("LAC-21-0009", "4", Narratives(("es", "Protección de testigos en causas de terrorismo")), "Normas y formación para la fiscalía.", """
          <recipient-country code="PE" />
          <sector vocabulary="1" code="15130" />
        """, """
          <transaction><transaction-type code="2" /><transaction-date iso-date="2022-05-01" /><value value-date="2022-05-01">310500</value></transaction>
          <transaction><transaction-type code="4" /><transaction-date iso-date="2024-11-30" /><value value-date="2024-11-30">310500</value></transaction>
        """, """
          <result type="2"><title><narrative>Testigos con medidas de protección</narrative></title>
            <indicator measure="1"><title><narrative>Testigos</narrative></title>
              <period><period-start iso-date="2022-01-01" /><period-end iso-date="2024-12-31" /><target value="25" /><actual value="31" /></period></indicator></result>
        """, "es")}
        {Activity("ROAD-20-0001", "2", Narratives(("no", "Vedlikehold av fylkesveier i nord")), "Grus og asfalt.", """
          <recipient-region code="298" vocabulary="1" />
          <sector vocabulary="1" code="21020" />
        """, """
          <budget><period-start iso-date="2026-01-01" /><period-end iso-date="2026-12-31" /><value value-date="2026-01-01">42000000</value></budget>
        """, "", "no", "NOK")}
        {Activity("KEN-26-0200", "17", Narratives((null, "Laboratory for forensic accounting")), "Planned.", """
          <recipient-country code="KE" />
          <sector vocabulary="1" code="15130" />
        """, "", "")}
        </iati-activities>
        """
        );

    private static string Narratives(params (string? Language, string Text)[] texts) =>
        string.Concat(texts.Select(t => $"<narrative{(t.Language is null ? "" : $" xml:lang=\"{t.Language}\"")}>{t.Text}</narrative>"));

    private static string Activity(
        string number,
        string status,
        string title,
        string description,
        string where,
        string money,
        string results,
        string language = "en",
        string currency = "USD"
    ) =>
        $"""
            <iati-activity xml:lang="{language}" default-currency="{currency}" last-updated-datetime="2026-09-30T12:00:00Z" hierarchy="1">
              <iati-identifier>{Reporter}-{number}</iati-identifier>
              <reporting-org ref="{Reporter}" type="10"><narrative xml:lang="en">Norwegian Agency for Development Cooperation</narrative></reporting-org>
              <title>{title}</title>
              <description type="1"><narrative>{description}</narrative></description>
              <participating-org role="1" ref="{Reporter}" type="10"><narrative xml:lang="en">Norwegian Agency for Development Cooperation</narrative></participating-org>
              <participating-org role="4" type="40"><narrative xml:lang="en">Regional training institute</narrative></participating-org>
              <activity-status code="{status}" />
              <activity-date type="1" iso-date="2022-01-01" />
              <activity-date type="2" iso-date="2022-02-01" />
              <activity-date type="3" iso-date="2028-12-31" />
              {where.Trim()}
              {money.Trim()}
              {results.Trim()}
            </iati-activity>
            """;
}
