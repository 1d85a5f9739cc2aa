namespace Portal.Identity;

/// <summary>A browser and its system from how it names itself, for people who look through their sessions.</summary>
internal static class BrowserName
{
    // In this order: most browsers also name those they descend from.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    public static string Of(string userAgent)
    {
        var browser = Browsers.FirstOrDefault(b => userAgent.Contains(b.Mark)).Name;
        var system = Systems.FirstOrDefault(s => userAgent.Contains(s.Mark)).Name;
        return browser is null
            ? userAgent.Split('/', ' ')[0] is { Length: > 0 } first
                ? first
                : "–"
            : system is null
                ? browser
                : $"{browser}, {system}";
    }
}
