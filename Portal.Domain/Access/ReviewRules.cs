namespace Portal.Domain.Access;

/// <summary>What a section loses.</summary>
/// <param name="Section">Section.</param>
/// <param name="People">People who can do less in it, or nothing.</param>
/// <param name="Organisations">In how many organisations.</param>
public sealed record ReviewLoss(Section Section, int People, int Organisations);

/// <summary>What lapses if nobody answers, worked out by what decides when it does.</summary>
/// <param name="Memberships">Memberships that end.</param>
/// <param name="Grants">Grants that are revoked.</param>
/// <param name="Spared">Memberships that stay since nobody else would be left.</param>
/// <param name="People">People who can do less, or nothing.</param>
/// <param name="Organisations">In how many organisations.</param>
/// <param name="Sections">The same, section by section.</param>
public sealed record ReviewPreview(
    int Memberships,
    int Grants,
    int Spared,
    int People,
    int Organisations,
    IReadOnlyList<ReviewLoss> Sections
)
{
    /// <summary>Nothing lapses.</summary>
    public static readonly ReviewPreview Nothing = new(0, 0, 0, 0, 0, []);

    /// <summary>Counts who loses what.</summary>
    /// <param name="lapsing">The rows that lapse.</param>
    /// <param name="spared">How many are spared.</param>
    /// <param name="touched">Every membership in force that one of them is about, before and after.</param>
    public static ReviewPreview Of(IReadOnlyCollection<ReviewItem> lapsing, int spared, IReadOnlyCollection<Touched> touched)
    {
        var losses = touched
            .SelectMany(t => Losses(t).Select(section => (section, t.Membership.PersonId, t.Membership.OrganisationId)))
            .ToList();
        return new ReviewPreview(
            lapsing.Count(i => i.MembershipId is not null),
            lapsing.Count(i => i.GrantId is not null),
            spared,
            losses.Select(l => l.PersonId).Distinct().Count(),
            losses.Select(l => l.OrganisationId).Distinct().Count(),
            [
                .. losses
                    .GroupBy(l => l.section)
                    .OrderBy(g => g.Key)
                    .Select(g => new ReviewLoss(
                        g.Key,
                        g.Select(l => l.PersonId).Distinct().Count(),
                        g.Select(l => l.OrganisationId).Distinct().Count()
                    )),
            ]
        );
    }

    private static IEnumerable<Section> Losses(Touched touched) =>
        touched.Before.Claims.GroupBy(c => c.Section).Where(g => g.Any(c => !Covers(touched.After, c))).Select(g => g.Key);

    // One claim of the same audience may reach some of the States and another the rest.
    private static bool Covers(Actor after, Claim claim)
    {
        var alike = after.Claims.Where(c => c.Section == claim.Section && c.Audience == claim.Audience && c.Level >= claim.Level).ToList();
        return alike.Aggregate(claim.Scope, (left, c) => left.Except(c.Scope)).IsEmpty;
    }
}

/// <summary>What a review may not take away.</summary>
public static class ReviewRules
{
    /// <summary>
    /// The rows that stay although nobody confirmed them: the last open access manager and the last open administrator, since without them
    /// nobody could let anybody in again, and in each organisation the last of a role that work waits for there. Of several that lapse
    /// together the one seen last is left.
    /// </summary>
    /// <param name="lapsing">Rows that would lapse.</param>
    /// <param name="needed">When access managers, administrators, and those whom work waits for can do theirs.</param>
    /// <param name="now">UTC.</param>
    public static IReadOnlyList<ReviewItem> Spared(IEnumerable<ReviewItem> lapsing, IReadOnlyCollection<Held> needed, DateTime now)
    {
        var rows = lapsing.Where(i => i.MembershipId is not null).ToDictionary(i => i.MembershipId!.Value);
        var spared = new List<ReviewItem>();
        foreach (
            var role in needed.GroupBy(h =>
                (h.Membership.Role, Vacancy.Needed.Contains(h.Membership.Role) ? h.Membership.OrganisationId : Guid.Empty)
            )
        )
        {
            var kept = role.Where(h => !rows.ContainsKey(h.Membership.Id)).ToList();
            foreach (
                var one in role.Where(h => rows.ContainsKey(h.Membership.Id))
                    .GroupBy(h => h.Membership)
                    .OrderByDescending(m => m.Key.LastUsedAt ?? DateTime.MinValue)
                    .ThenBy(m => m.Key.Id)
            )
            {
                if (!Vacancy.IsSooner(Vacancy.First(kept, now), Vacancy.First(role, now)))
                    break;
                // Somebody who leaves before nobody is there helps nothing.
                if (Vacancy.First(kept.Concat(one), now) == Vacancy.First(kept, now))
                    continue;
                kept.AddRange(one);
                spared.Add(rows[one.Key.Id]);
            }
        }
        return spared;
    }
}
