using Portal.Calendar;
using Portal.Data;
using Portal.Domain.Committee;

namespace Portal.Committee;

/// <summary>
/// Days and closing hour of Headquarters: <c>Committee:TimeZone</c> (IANA, America/New_York unless set) and <c>Committee:Closes</c> (18:00
/// unless set), with the holidays that staff have entered.
/// </summary>
public sealed class HeadquartersTime(IConfiguration configuration)
{
    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(configuration["Committee:TimeZone"] ?? "America/New_York");

    /// <summary>The closing hour there.</summary>
    public TimeOnly Closes { get; } =
        TimeOnly.Parse(configuration["Committee:Closes"] ?? "18:00", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>As it stands.</summary>
    public async Task<Headquarters> Of(PortalDb db, CancellationToken ct = default) => new(await db.UnCalendar(ct), zone, Closes);
}
