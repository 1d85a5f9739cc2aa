namespace Portal.Identity;

/// <summary>
/// Places for work that keeps a core busy. Where they are taken one waits, and who has failed least lately is next, whenever they came: a
/// flood of wrong guesses
/// waits behind everybody who made none. The line is bounded; beyond it those who have failed most are sent away.
/// </summary>
internal sealed class WaitingLine(int places)
{
    /// <summary>Most that wait for one place: some ten seconds of hashing.</summary>
    public const int MostForAPlace = 50;

    private readonly Lock gate = new();
    private readonly SortedSet<Waiting> waiting = new(
        Comparer<Waiting>.Create((a, b) => (a.Failures, a.Number).CompareTo((b.Failures, b.Number)))
    );
    private readonly int most = MostForAPlace * places;
    private int free = places;
    private long number;

    private sealed record Waiting(int Failures, long Number)
    {
        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Waits for a place; false where too many wait who have failed less. Whoever gets one calls <see cref="Leave"/>.</summary>
    public Task<bool> Enter(int failures)
    {
        Waiting? sentAway = null;
        Waiting mine;
        lock (gate)
        {
            if (free > 0)
            {
                free--;
                return Task.FromResult(true);
            }
            waiting.Add(mine = new Waiting(failures, number++));
            if (waiting.Count > most)
                waiting.Remove(sentAway = waiting.Max!);
        }
        sentAway?.Turn.SetResult(false);
        return mine.Turn.Task;
    }

    /// <summary>Gives the place to whoever is next.</summary>
    public void Leave()
    {
        Waiting? next;
        lock (gate)
        {
            next = waiting.Min;
            if (next is null)
                free++;
            else
                waiting.Remove(next);
        }
        next?.Turn.SetResult(true);
    }
}
