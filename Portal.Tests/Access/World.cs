using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Tests.Access;

/// <summary>Random members with random grants over the cast's organisations, from a seed.</summary>
internal sealed class World(int seed)
{
    private static readonly string[] Iso3 = ["KEN", "PER", "UGA", "NOR", "JPN"];
    private static readonly Section[] RecordSections = [.. Specimens.All.Select(s => s.Section).Distinct()];
    private int newcomers;

    public Random Random { get; } = new(seed);

    public T One<T>(IReadOnlyList<T> of) => of[Random.Next(of.Count)];

    public bool Perhaps(double chance) => Random.NextDouble() < chance;

    public string[] SomeStates() => [.. Iso3.Where(_ => Perhaps(0.4))];

    public Organisation Provider() => One(Cast.Helpers);

    /// <summary>Of those an organisation has one of: one that none was made for yet.</summary>
    public Organisation Newcomer() => Cast.Helpers[newcomers++];

    public Membership Member()
    {
        var player = One(Cast.All);
        return Membership.Of(
            player.Id,
            player.Organisation,
            player.Role,
            Cast.Now.AddDays(Random.Next(-3, 1)),
            Perhaps(0.1) ? Cast.Now.AddDays(Random.Next(1, 3)) : null,
            SomeStates()
        );
    }

    public List<Grant> Grants(Membership member, int most = 5) =>
        [.. Enumerable.Range(0, Random.Next(most + 1)).Select(_ => Grant(member))];

    private Grant Grant(Membership member)
    {
        var section = Perhaps(0.9) ? One(RecordSections) : One(Enum.GetValues<Section>());
        var to = Random.Next(4) switch
        {
            0 when !Baseline.Forbids(member.Role, section) => Principal.Of(member.Role),
            1 => Principal.Organisation(member.OrganisationId),
            2 => Principal.Organisation(One(Cast.Organisations).Id),
            _ => Principal.Person(member.PersonId),
        };
        var from = Cast.Now.AddDays(Random.Next(-3, 2));
        var region = Perhaps(0.2) ? One(Enum.GetValues<RegionalGroup>()) : (RegionalGroup?)null;
        var states = Perhaps(0.5) ? [] : SomeStates();
        // States outside the region would leave nothing, which is refused.
        if (region is { } r && !states.Any(s => MemberStates.In(r).Any(m => m.Iso3 == s)))
            states = [];
        var terms = new Domain.Access.Grant.Terms(
            section,
            One([Level.View, Level.Contribute, Level.Decide, Level.Manage]),
            Perhaps(0.4),
            states,
            region,
            Perhaps(0.3),
            from,
            Perhaps(0.3) ? from.AddDays(Random.Next(1, 4)) : null,
            "Asked for by letter."
        );
        var grant = Domain.Access.Grant.To(to, terms, Cast.Malik.Id, from);
        if (grant.NeedsSecond && Perhaps(0.8))
            grant.Approve(Cast.Noor.Id, from);
        if (Perhaps(0.1))
            grant.Revoke(Cast.Now.AddHours(-1));
        return grant;
    }

    /// <summary>A random record of any kind.</summary>
    public IProtected Record()
    {
        var at = Random.Next(Specimens.All.Sum(s => s.Often));
        return Specimens.All.First(s => (at -= s.Often) < 0).Make(this);
    }

    public Need Need()
    {
        var owner = One([Cast.Amina, Cast.Rosa]);
        var status = One(Enum.GetValues<NeedStatus>());
        var need = Cast.Need(owner);
        Share(need, 0.7);
        if (status == NeedStatus.Draft)
            return need;
        if (status == NeedStatus.Withdrawn && Perhaps(0.3))
            return need.WithdrawnBy(owner);
        need.SubmittedBy(owner);
        if (status == NeedStatus.Returned)
            return need.ReturnedBy(Cast.Andrei);
        if (status is NeedStatus.Submitted)
            return need;
        need.AuthenticatedBy(Cast.Andrei);
        if (status is not NeedStatus.Authenticated)
        {
            if (!need.Consents.Any(c => c.Stands))
                need.SharedWith(Audience.Providers);
            need.CirculatedBy(Cast.Andrei);
            Share(need, 0.3);
        }
        if (status is NeedStatus.Matched or NeedStatus.InDelivery || status.IsConcluded())
        {
            if (!Decision.On(need, Cast.Ingrid).Visible)
                return need;
            var proposal = Cast.ProposalAt(ProposalStatus.Accepted, need);
            if (status == NeedStatus.Matched)
                return need;
            need.BeginDelivery(owner, [], Cast.Now);
            if (status == NeedStatus.InDelivery)
                return need;
            need.ConfirmDelivery(owner, DateOnly.FromDateTime(Cast.Now), [], Cast.Now);
            need.Conclude(owner, status, "As it was.", [proposal], Cast.Now);
        }
        if (status == NeedStatus.Withdrawn)
            need.WithdrawnBy(owner);
        return need;
    }

    private void Share(Need need, double chance)
    {
        foreach (
            var audience in new[]
            {
                Cast.NorthernAgency.Audience,
                Cast.PacificFund.Audience,
                Cast.LegalNetwork.Audience,
                Audience.Providers,
                Audience.Partners,
                Audience.Public,
            }
        )
        {
            if (!Perhaps(chance * 0.6) || need.Consents.Any(c => c.Stands && c.Audience == audience))
                continue;
            var parts = (NeedParts)Random.Next(1 << 8);
            need.SharedWith(audience, audience == Audience.Public ? parts & (NeedParts.Description | NeedParts.Modality) : parts);
            if (Perhaps(0.3))
                need.NoLongerSharedWith(audience);
        }
    }
}
