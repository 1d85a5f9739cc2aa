using Portal.Domain.Access;

namespace Portal.Domain.Assistance;

/// <summary>What one audience is given of a need.</summary>
/// <param name="Audience">The audience.</param>
/// <param name="Parts">The parts, always with the summary; <see cref="NeedParts.None"/> where it is given nothing.</param>
public readonly record struct Given(Audience Audience, NeedParts Parts);

/// <summary>
/// What a change of consents means for one audience: all that it sees before and after, through its own consent and through those that
/// include it.
/// </summary>
/// <param name="Audience">The audience.</param>
/// <param name="Before">What it sees now.</param>
/// <param name="After">What it would see.</param>
public sealed record ConsentMove(Audience Audience, NeedParts Before, NeedParts After)
{
    /// <summary>Parts that it does not see now.</summary>
    public NeedParts Gains => After & ~Before;

    /// <summary>Parts that it would no longer see.</summary>
    public NeedParts Losses => Before & ~After;
}

/// <summary>What consents add up to. The dialog that gives them and the act itself ask these same functions.</summary>
public static class ConsentRules
{
    /// <summary>What the parts are to begin with when an audience is chosen, as far as it may ever see them.</summary>
    public const NeedParts Usual = NeedParts.Summary | NeedParts.Description | NeedParts.Modality | NeedParts.Timeframe;

    /// <summary>What a State's silence may share: enough for a wider circle to know whether to ask for more.</summary>
    public const NeedParts BySilence = NeedParts.Summary | NeedParts.Description | NeedParts.Modality;

    /// <summary>
    /// All that an audience may ever be shown. The public gets a summary and nothing that a stranger could use against the State.
    /// </summary>
    public static NeedParts MayEverSee(Audience audience) =>
        audience == Audience.Public ? NeedParts.Summary | NeedParts.Description | NeedParts.Modality : NeedPartsSets.Shareable;

    /// <summary>What an audience sees in all: what it is given itself, and what those are given who include it.</summary>
    /// <param name="standing">Consents that stand.</param>
    /// <param name="audience">The audience.</param>
    /// <param name="kind">Its kind, where it is one organisation.</param>
    public static NeedParts Seen(IEnumerable<Given> standing, Audience audience, OrganisationKind? kind) =>
        standing
            .Where(g =>
                g.Audience == audience
                || g.Audience == Audience.Public
                || (kind == OrganisationKind.Provider && g.Audience == Audience.Providers)
                || (kind == OrganisationKind.Partner && g.Audience == Audience.Partners)
            )
            .Aggregate(NeedParts.None, (parts, g) => parts | g.Parts);

    /// <summary>
    /// What a change of consents means, for each audience named before or after whose consent or sight of the need it changes.
    /// </summary>
    /// <param name="before">Consents that stand.</param>
    /// <param name="after">Consents that would.</param>
    /// <param name="kindOf">Kind of an organisation, by its number.</param>
    public static IReadOnlyList<ConsentMove> Moves(
        IReadOnlyCollection<Given> before,
        IReadOnlyCollection<Given> after,
        Func<int, OrganisationKind?> kindOf
    )
    {
        static NeedParts Own(IEnumerable<Given> given, Audience audience) => given.FirstOrDefault(g => g.Audience == audience).Parts;
        return
        [
            .. before
                .Concat(after)
                .Select(g => g.Audience)
                .Distinct()
                .Select(a => (Move: Move(a), IsMeant: Own(before, a) != Own(after, a)))
                .Where(m => m.IsMeant || m.Move.Before != m.Move.After)
                .Select(m => m.Move),
        ];

        ConsentMove Move(Audience audience)
        {
            var kind = audience.OrganisationNumber is { } number ? kindOf(number) : null;
            return new ConsentMove(audience, Seen(before, audience, kind), Seen(after, audience, kind));
        }
    }

    /// <summary>Whether two sets of consents say the same.</summary>
    public static bool Same(IEnumerable<Given> one, IEnumerable<Given> other) => one.ToHashSet().SetEquals(other);
}
