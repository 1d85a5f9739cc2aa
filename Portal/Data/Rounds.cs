namespace Portal.Data;

/// <summary>
/// What a service does again and again for as long as the portal runs. A service that throws stops the portal, and one thing that cannot be
/// done would keep all behind it
/// waiting: so whatever fails is logged, and the next thing, or the next round, comes all the same.
/// </summary>
internal static class Rounds
{
    /// <summary>Does something after each period until the portal stops.</summary>
    /// <param name="period">Between two rounds.</param>
    /// <param name="round">One round.</param>
    /// <param name="failing">What the log says where it fails, such as "Mail could not be sent".</param>
    /// <param name="log">The log.</param>
    /// <param name="stopping">The portal stops.</param>
    /// <param name="clock">By whose clock; in real time where it is left out, since how often to look is no date.</param>
    public static async Task Every(
        TimeSpan period,
        Func<Task> round,
        string failing,
        ILogger log,
        CancellationToken stopping,
        TimeProvider? clock = null
    )
    {
        using var timer = new PeriodicTimer(period, clock ?? TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                await Try(round, failing, log, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is left is found by the next start, or by another node.
        }
    }

    /// <summary>Does one thing of a round.</summary>
    /// <returns>Whether it was done.</returns>
    public static async Task<bool> Try(Func<Task> act, string failing, ILogger log, CancellationToken stopping = default)
    {
        try
        {
            await act();
            return true;
        }
        catch (Exception e)
        {
            // Broken off by the end of the portal is no failure.
            if (!stopping.IsCancellationRequested)
                log.LogWarning(e, "{Failing}; trying again", failing);
            return false;
        }
    }
}
