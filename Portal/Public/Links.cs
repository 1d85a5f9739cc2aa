using Portal.Domain.Reference;

namespace Portal.Public;

/// <summary>A body with a counter-terrorism mandate (work programme 2009, links to other bodies).</summary>
/// <param name="Group">Heading it stands under.</param>
/// <param name="Code">Code of the body; its words are <c>link:code</c> where <paramref name="Name"/> is null.</param>
/// <param name="Address">Website.</param>
/// <param name="Name">Name from the reference table, where the body is in it.</param>
public sealed record Link(string Group, string Code, Uri Address, LocalName? Name);

/// <summary>The bodies that the portal points to.</summary>
public static class Links
{
    /// <summary>Every link under its heading.</summary>
    public static IReadOnlyList<IGrouping<string, Link>> Groups { get; } = All().GroupBy(l => l.Group).ToList();

    private static IEnumerable<Link> All()
    {
        yield return Own("council", "ctc", "https://www.un.org/securitycouncil/ctc/");
        yield return Own("council", "1267", "https://main.un.org/securitycouncil/en/sanctions/1267");
        yield return Own("council", "1540", "https://www.un.org/en/sc/1540/");
        yield return Own("system", "strategy", "https://www.un.org/counterterrorism/en/un-global-counter-terrorism-strategy");
        yield return Own("system", "unoct", "https://www.un.org/counterterrorism/");
        yield return Known("system", "UNODC-TPB");
        yield return Own("system", "unicri", "https://unicri.org");
        yield return Own("system", "ohchr", "https://www.ohchr.org");
        foreach (var code in new[] { "UNHCR", "ICAO", "IMO", "IMF", "WB" })
            yield return Known("system", code);
        yield return Own("system", "iaea", "https://www.iaea.org");
        foreach (var code in new[] { "INTERPOL", "WCO", "FATF" })
            yield return Known("international", code);
        yield return Own("international", "opcw", "https://www.opcw.org");
        yield return Own("regional", "au", "https://caert.org.dz");
        yield return Own("regional", "coe", "https://www.coe.int/en/web/counter-terrorism");
        yield return Own("regional", "sco", "https://ecrats.org");
        foreach (var code in new[] { "OAS-CICTE", "OSCE", "EU", "CIS", "COMSEC", "IGAD", "APEC-CTWG", "MONEYVAL" })
            yield return Known("regional", code);
    }

    private static Link Own(string group, string code, string address) => new(group, code, new Uri(address), null);

    private static Link Known(string group, string code)
    {
        var organisation = KnownOrganisations.Find(code)!;
        return new Link(group, code, organisation.Website, organisation.Name);
    }
}
