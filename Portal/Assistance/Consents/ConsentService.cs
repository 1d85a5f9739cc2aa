using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Matches;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Consents;

/// <summary>An organisation that may be named in a consent.</summary>
/// <param name="Audience">Key of its audience.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Provider or partner.</param>
/// <param name="Score">How well its best standing offer fits the need, 0 to 100; 0 where none is among the best.</param>
public sealed record ConsentOption(string Audience, LocalName Name, OrganisationKind Kind, int Score);

/// <summary>What a choice of consents begins with.</summary>
/// <param name="Standing">What each audience is given now.</param>
/// <param name="Asked">Audiences for which CTED has asked and the State has not answered.</param>
/// <param name="Options">Organisations, those whose offers fit first and best first.</param>
/// <param name="IsShared">Whether what is given is seen at once.</param>
public sealed record ConsentStart(
    IReadOnlyList<Given> Standing,
    IReadOnlyList<string> Asked,
    IReadOnlyList<ConsentOption> Options,
    bool IsShared
)
{
    /// <summary>Kind of an organisation, by its number.</summary>
    public OrganisationKind? KindOf(int number) => Options.FirstOrDefault(o => o.Audience == Audience.Org(number).Key)?.Kind;
}

/// <summary>Consents of a need, for those who give them and those who ask for them.</summary>
public sealed class ConsentService(
    ActorSource actors,
    Records<Need> needs,
    ActivityService activity,
    ReadingLog readings,
    MatchService matches,
    TimeProvider clock
)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>What stands, and who may be chosen.</summary>
    /// <exception cref="Refusal">Neither a focal point of the State nor an officer who may ask it.</exception>
    public async Task<ConsentStart> Begin(string reference)
    {
        await using var db = await actors.Open();
        var need = await db.WholeNeed(reference);
        Refusal.Unless(need.CanConsent(db.Actor) || need.CanAskConsent(db.Actor), "need.not_yours_to_consent");
        var fit = await matches.Fit(need);
        var options = (
            await db
                .Organisations.Where(o => o.Kind == OrganisationKind.Provider || o.Kind == OrganisationKind.Partner)
                .Select(o => new
                {
                    o.Number,
                    o.Name,
                    o.Kind,
                })
                .ToListAsync()
        ).Select(o => new ConsentOption(Audience.Org(o.Number).Key, o.Name, o.Kind, fit.GetValueOrDefault(o.Number)));
        return new ConsentStart(
            need.Standing(),
            [.. need.Requests.Where(r => r.IsOpen).Select(r => r.AudienceKey)],
            [.. options.OrderByDescending(o => o.Score).ThenBy(o => o.Name[Shell.Culture.Current], StringComparer.CurrentCulture)],
            need.Status.IsShared()
        );
    }

    /// <summary>
    /// The need as an audience would see it with these parts, made by the same code as the real view; what it may never see is not in it.
    /// </summary>
    public async Task<NeedView> Preview(string reference, Audience audience, NeedParts parts)
    {
        await using var db = await actors.Open();
        var need = await db.WholeNeed(reference);
        Refusal.Unless(need.CanConsent(db.Actor), "need.not_yours_to_consent");
        await readings.Note(db, need, (int)NeedParts.Whole);
        return NeedView.Of(
            need,
            (parts | NeedParts.Summary) & ConsentRules.MayEverSee(audience),
            await FileService.Of(db, need.Id),
            [],
            NeedActs.None,
            Now
        );
    }

    /// <summary>How many people of the portal are behind audiences. The public is not counted: it is everyone.</summary>
    public async Task<int> PeopleBehind(string reference, IReadOnlyCollection<Audience> audiences)
    {
        await using var db = await actors.Open();
        var need = await db.WholeNeed(reference);
        Refusal.Unless(need.CanConsent(db.Actor) || need.CanAskConsent(db.Actor), "need.not_yours_to_consent");
        return await activity.PeopleBehind([.. audiences.Where(a => a != Audience.Public)], Section.Needs, need.StateIso3);
    }

    /// <summary>
    /// Brings the consents to what is wanted: all of it or nothing, and only where the consents that stand are those that the choice was
    /// begun with. Whoever sees
    /// the need from now on, or more of it, is told.
    /// </summary>
    /// <returns>What changed for whom.</returns>
    /// <exception cref="Refusal">
    /// <c>need.consents_changed</c> where somebody else changed them meanwhile; what the rules of the need refuse.
    /// </exception>
    public async Task<IReadOnlyList<ConsentMove>> Set(
        string reference,
        IReadOnlyCollection<Given> begunWith,
        IReadOnlyCollection<Given> wanted
    )
    {
        await using var db = await actors.Open();
        var need = await db.WholeNeed(reference);
        var kinds = await Kinds(db, begunWith.Concat(wanted).Select(g => g.Audience));
        var moves = need.SetConsents(db.Actor, begunWith, wanted, number => kinds.TryGetValue(number, out var kind) ? kind : null, Now);
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new Refusal("need.consents_changed");
        }
        return moves;
    }

    /// <summary>Asks the State to share the need, with each audience the parts named: all is asked or nothing.</summary>
    public Task Ask(string reference, IReadOnlyCollection<Given> wanted) =>
        needs.Act(
            reference,
            async (db, need) =>
            {
                Refusal.If(wanted.Count == 0, "need.audience_required", "Audience");
                _ = await Kinds(db, wanted.Select(g => g.Audience));
                foreach (var given in wanted)
                    need.AskConsent(db.Actor, given.Audience, given.Parts, null, Now);
            }
        );

    // Only providers and partners are organisations to consent to.
    internal static async Task<Dictionary<int, OrganisationKind>> Kinds(PortalDb db, IEnumerable<Audience> audiences)
    {
        var numbers = audiences.Select(a => a.OrganisationNumber).OfType<int>().Distinct().ToList();
        var kinds = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Kind);
        Refusal.Unless(
            numbers.TrueForAll(n => kinds.GetValueOrDefault(n) is OrganisationKind.Provider or OrganisationKind.Partner),
            "need.audience_unknown"
        );
        return kinds;
    }
}
