using System.Globalization;
using Portal.Domain.Access;

namespace Portal.Data;

/// <summary>
/// Notes acts that can be repeated as often as somebody likes, and that the log, which is never pruned, must not be filled with: a wrong
/// password, a refused
/// page. The first of an hour is an entry at once; those that follow by the same hand are counted, and the entry at the end of the hour
/// says how many
/// (<c>+27</c>). Beyond a number of different hands an hour all others are counted together. Each node counts for itself; one that dies
/// forgets its hour's count.
/// </summary>
public sealed class CountedActs(PortalStore store, TimeProvider clock, ILogger<CountedActs> log) : BackgroundService
{
    /// <summary>
    /// Most hands of one act that are told apart within an hour where nobody is signed in, who would have to be somebody.
    /// </summary>
    public const int MostOfStrangers = 60;

    /// <summary>The same of people who are signed in.</summary>
    public const int MostOfPeople = 600;

    private const string Failing = "What happened often could not be written down";
    private readonly Lock gate = new();
    private readonly SemaphoreSlim writing = new(1);
    private Dictionary<(string Code, string Hand), Counted> counted = [];
    private long hour;

    private sealed class Counted(Act act, Section section, Actor actor, Guid? person)
    {
        public Act Act => act;
        public Section Section => section;
        public Actor Actor => actor;
        public Guid? Person => person;
        public int More { get; set; }
    }

    /// <summary>Notes an act.</summary>
    /// <param name="hand">
    /// What tells one hand from another: a network and what was typed, a person and a section. Only compared, never kept.
    /// </param>
    /// <param name="act">The act.</param>
    /// <param name="section">In which section.</param>
    /// <param name="actor">Who did it; nobody in particular where nobody is signed in.</param>
    /// <param name="person">The account, where it acts under no membership.</param>
    public async Task Note(string hand, Act act, Section section, Actor? actor = null, Guid? person = null)
    {
        var by = actor ?? Actor.Anonymous;
        if (Volatile.Read(ref hour) != Hour)
            await WriteDown();
        bool isFirst;
        lock (gate)
        {
            var key = (act.Code, hand);
            if (
                !counted.ContainsKey(key)
                && counted.Keys.Count(k => k.Code == act.Code) >= (by.IsSignedIn || person is not null ? MostOfPeople : MostOfStrangers)
            )
                (key, act, by, person) = ((act.Code, ""), new Act(act.Code, 0), Actor.Anonymous, null);
            isFirst = counted.TryAdd(key, new Counted(act, section, by, person));
            if (!isFirst)
                counted[key].More++;
        }
        if (isFirst)
            await Write([new Counted(act, section, by, person)]);
    }

    /// <summary>Writes down how often things happened in hours that are over; whoever calls while that is done waits for it.</summary>
    public Task WriteDown() => WriteDown(always: false);

    private async Task WriteDown(bool always)
    {
        await writing.WaitAsync();
        try
        {
            await Write(TurnTheHour(always));
        }
        finally
        {
            writing.Release();
        }
    }

    private long Hour => clock.GetUtcNow().Ticks / TimeSpan.TicksPerHour;

    private List<Counted> TurnTheHour(bool always)
    {
        var now = Hour;
        lock (gate)
        {
            if (now == hour && !always)
                return [];
            var past = counted.Values.Where(c => c.More > 0).ToList();
            (hour, counted) = (now, []);
            return past;
        }
    }

    private async Task Write(IReadOnlyList<Counted> acts)
    {
        if (acts.Count == 0)
            return;
        await using var db = await store.OpenAsSystem("note what happened often");
        foreach (var one in acts)
        {
            db.Actor = one.Actor;
            db.Audit(
                one.More > 0 ? one.Act with { To = "+" + one.More.ToString(CultureInfo.InvariantCulture) } : one.Act,
                one.Section,
                one.Person
            );
        }
        db.Actor = Actor.Anonymous;
        await db.SaveChangesAsync();
    }

    /// <inheritdoc/>
    // StopAsync writes what was counted.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.Every(TimeSpan.FromMinutes(1), () => WriteDown(), Failing, log, stoppingToken, clock);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Rounds.Try(() => WriteDown(always: true), Failing, log);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        writing.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
