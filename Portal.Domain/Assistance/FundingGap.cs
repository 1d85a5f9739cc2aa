namespace Portal.Domain.Assistance;

/// <summary>
/// What programmes bring to a need beyond what its State has accepted. Where it cannot be told whether help is the same, it counts as the
/// same: the gap is
/// sooner told too large than too small, and no money is counted twice.
/// </summary>
public static class FundingGap
{
    /// <summary>What a programme has: committed where it says so, else budgeted; nothing once it is given up.</summary>
    public static decimal Has(ProgrammeStatus status, decimal? budget, decimal? committed) =>
        status switch
        {
            ProgrammeStatus.Pipeline or ProgrammeStatus.Active or ProgrammeStatus.Completed => Math.Max(0, committed ?? budget ?? 0),
            ProgrammeStatus.Cancelled => 0,
        };

    /// <summary>
    /// One need's share: in equal parts among the States that the programme helps, and of each part among the needs of that State that it
    /// serves.
    /// </summary>
    /// <param name="amount">What the programme has.</param>
    /// <param name="states">States it helps.</param>
    /// <param name="needs">Needs of the State that it serves.</param>
    public static decimal Share(decimal amount, int states, int needs) => decimal.Floor(amount / Math.Max(1, states) / Math.Max(1, needs));

    /// <summary>
    /// What programmes bring to a need beyond what was accepted, never more than is lacking. An organisation's programmes first carry out
    /// what was accepted of
    /// that organisation; what was accepted of organisations that are not known is taken off, too, since any programme may carry it out.
    /// </summary>
    /// <param name="cost">Estimated cost.</param>
    /// <param name="accepted">All that was accepted.</param>
    /// <param name="known">Organisation and amount of accepted proposals, as far as they are known.</param>
    /// <param name="shares">Organisation and share of programmes that serve the need.</param>
    public static decimal Programmed(
        decimal cost,
        decimal accepted,
        IEnumerable<(int Organisation, decimal Amount)> known,
        IEnumerable<(int Organisation, decimal Share)> shares
    )
    {
        var of = known.GroupBy(k => k.Organisation).ToDictionary(k => k.Key, k => k.Sum(a => a.Amount));
        var beyond = shares.GroupBy(s => s.Organisation).Sum(s => Math.Max(0, s.Sum(x => x.Share) - of.GetValueOrDefault(s.Key)));
        var unknown = Math.Max(0, accepted - of.Values.Sum());
        return Math.Clamp(beyond - unknown, 0, Math.Max(0, cost - accepted));
    }
}
