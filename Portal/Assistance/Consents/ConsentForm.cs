using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Assistance.Consents;

/// <summary>
/// A choice of consents while it is made: who is to see what, audience by audience, beside what stands. Every tick sets a value and none
/// turns one around, so
/// that an event which is lost or comes twice leaves nothing the wrong way round.
/// </summary>
public sealed class ConsentForm(ConsentStart start)
{
    private Dictionary<string, NeedParts> wanted = start.Standing.ToDictionary(g => g.Audience.Key, g => g.Parts);

    /// <summary>What it began with.</summary>
    public ConsentStart Start { get; private set; } = start;

    /// <summary>Audiences chosen, with their parts.</summary>
    public IReadOnlyList<Given> Wanted => [.. wanted.Select(w => new Given(new Audience(w.Key), w.Value))];

    /// <summary>Whether an audience is to see the need.</summary>
    public bool Has(string audience) => wanted.ContainsKey(audience);

    /// <summary>Whether an audience is to get a part.</summary>
    public bool Has(string audience, NeedParts part) => wanted.GetValueOrDefault(audience).Has(part);

    /// <summary>The parts that an audience can be given, beyond the summary.</summary>
    public static IReadOnlyList<NeedParts> Offered(string audience) =>
        [.. NeedPartsSets.Choosable.Where(p => ConsentRules.MayEverSee(new Audience(audience)).Has(p))];

    /// <summary>
    /// Says whether an audience is to see the need; what it is given comes back with it, or else begins with what is usual.
    /// </summary>
    public void Choose(string audience, bool chosen)
    {
        if (!chosen)
            wanted.Remove(audience);
        else if (!Has(audience))
            wanted[audience] =
                Standing(audience) is var stood && stood != NeedParts.None
                    ? stood
                    : ConsentRules.Usual & ConsentRules.MayEverSee(new Audience(audience));
    }

    /// <summary>Says whether an audience that is to see the need gets a part.</summary>
    public void Choose(string audience, NeedParts part, bool chosen)
    {
        if (wanted.TryGetValue(audience, out var parts))
            wanted[audience] = chosen
                ? (parts | part) & ConsentRules.MayEverSee(new Audience(audience))
                : parts & ~(part & ~NeedParts.Summary);
    }

    /// <summary>What each audience gains and loses.</summary>
    public IReadOnlyList<ConsentMove> Moves => ConsentRules.Moves(Start.Standing, Wanted, Start.KindOf);

    /// <summary>All that an audience would see.</summary>
    public NeedParts Seen(string audience) =>
        ConsentRules.Seen(
            Wanted,
            new Audience(audience),
            new Audience(audience).OrganisationNumber is { } number ? Start.KindOf(number) : null
        );

    /// <summary>The boxes that are ticked, by the values they have in the page.</summary>
    public IReadOnlySet<string> Ticked =>
        wanted.SelectMany(w => Offered(w.Key).Where(p => w.Value.Has(p)).Select(p => Box(w.Key, p)).Prepend(w.Key)).ToHashSet();

    /// <summary>Value of the box of a part.</summary>
    public static string Box(string audience, NeedParts part) => $"{audience}/{part}";

    /// <summary>Takes over what is ticked in the page, where ticks never arrived.</summary>
    /// <returns>Whether anything was different.</returns>
    public bool Take(IReadOnlyCollection<string> ticked)
    {
        if (Ticked.SetEquals(ticked))
            return false;
        var shown = wanted.Keys.ToHashSet();
        foreach (var gone in shown.Where(a => !ticked.Contains(a)))
            Choose(gone, false);
        foreach (var audience in ticked.Where(t => !t.Contains('/')))
        {
            Choose(audience, true);
            // Of an audience that was ticked while nothing arrived the page has no boxes for its parts yet.
            if (shown.Contains(audience))
                foreach (var part in Offered(audience))
                    Choose(audience, part, ticked.Contains(Box(audience, part)));
        }
        return true;
    }

    /// <summary>Begins anew with other consents, keeping what was changed here and taking over the rest.</summary>
    public void Rebase(ConsentStart now)
    {
        var changed = wanted
            .Keys.Concat(Start.Standing.Select(g => g.Audience.Key))
            .Distinct()
            .Where(a => wanted.GetValueOrDefault(a) != Standing(a))
            .ToDictionary(a => a, a => wanted.GetValueOrDefault(a));
        Start = now;
        wanted = now.Standing.ToDictionary(g => g.Audience.Key, g => g.Parts);
        foreach (var (audience, parts) in changed)
            if (parts == NeedParts.None)
                wanted.Remove(audience);
            else
                wanted[audience] = parts;
    }

    private NeedParts Standing(string audience) => Start.Standing.FirstOrDefault(g => g.Audience.Key == audience).Parts;
}
