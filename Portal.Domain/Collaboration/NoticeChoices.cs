namespace Portal.Domain.Collaboration;

/// <summary>How somebody wants to be told of one kind of event.</summary>
public enum NoticeWay
{
    /// <summary>In the portal.</summary>
    App,

    /// <summary>In the portal, and by e-mail at once.</summary>
    AtOnce,

    /// <summary>In the portal, and in the e-mail digest.</summary>
    Digest,

    /// <summary>Not at all.</summary>
    Off,
}

/// <summary>How often a digest is sent.</summary>
public enum DigestRhythm
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>Each morning at six (UTC), if there is something to tell.</summary>
    Daily,

    /// <summary>On Mondays at six (UTC), if there is something to tell.</summary>
    Weekly,
}

/// <summary>
/// How a membership wants to be told, event by event. What was not chosen is told in the portal. It also remembers up to which moment its
/// notices were handed to the mail, so that each is mailed once.
/// </summary>
public sealed class NoticeChoices
{
    /// <summary>Hour of the day at which digests go out (UTC).</summary>
    public const int DigestHour = 6;

    private NoticeChoices() { }

    /// <summary>The membership; under another one it does not exist.</summary>
    public Guid MembershipId { get; private set; }

    /// <summary>How often a digest is sent.</summary>
    public DigestRhythm Rhythm { get; private set; }

    /// <summary>Codes of events and how each is told.</summary>
    public Dictionary<string, NoticeWay> Ways { get; private set; } = [];

    /// <summary>Whether anything may have to be mailed.</summary>
    public bool WantsMail { get; private set; }

    /// <summary>UTC; notices up to here were handed to the mail at once.</summary>
    public DateTime MailedUntil { get; private set; }

    /// <summary>UTC; notices up to here were handed to a digest.</summary>
    public DateTime DigestedUntil { get; private set; }

    /// <summary>UTC; the next digest is due then.</summary>
    public DateTime NextDigestAt { get; private set; }

    /// <summary>Concurrency token: of two nodes that hand over at once, one is late.</summary>
    public Guid Version { get; private set; } = Guid.CreateVersion7();

    /// <summary>Those of a membership that has chosen nothing: told in the portal only.</summary>
    public static NoticeChoices Of(Guid membershipId, DateTime now) =>
        new()
        {
            MembershipId = membershipId,
            MailedUntil = now,
            DigestedUntil = now,
            NextDigestAt = DateTime.MaxValue,
        };

    /// <summary>How an event is told.</summary>
    public NoticeWay WayOf(string code) => Ways.GetValueOrDefault(code, NoticeWay.App);

    /// <summary>The events told in a way other than in the portal alone.</summary>
    public IReadOnlyList<string> Told(NoticeWay way) => [.. Ways.Where(w => w.Value == way).Select(w => w.Key)];

    /// <summary>Chooses. What happened before is not mailed.</summary>
    public void Choose(DigestRhythm rhythm, IEnumerable<KeyValuePair<string, NoticeWay>> ways, DateTime now)
    {
        var before = (Mails(), Digests());
        Ways = ways.Where(w => w.Value != NoticeWay.App).ToDictionary(w => w.Key, w => w.Value);
        (var was, Rhythm) = (Rhythm, rhythm);
        if (Mails() && !before.Item1)
            MailedUntil = now;
        if (Digests() && (!before.Item2 || rhythm != was))
            (DigestedUntil, NextDigestAt) = (before.Item2 ? DigestedUntil : now, After(rhythm, now));
        Changed();
    }

    /// <summary>Ends every mail of notices; they go on in the portal.</summary>
    public void Unsubscribe()
    {
        Ways = Ways.Where(w => w.Value == NoticeWay.Off).ToDictionary();
        Rhythm = DigestRhythm.Off;
        Changed();
    }

    /// <summary>Notes that notices up to a moment were handed to the mail at once.</summary>
    public void Mailed(DateTime until) => (MailedUntil, Version) = (until, Guid.CreateVersion7());

    /// <summary>Notes that notices up to a moment were handed to a digest.</summary>
    public void Digested(DateTime until) => (DigestedUntil, NextDigestAt, Version) = (until, After(Rhythm, until), Guid.CreateVersion7());

    /// <summary>Whether some event is mailed at once.</summary>
    public bool Mails() => Ways.ContainsValue(NoticeWay.AtOnce);

    /// <summary>Whether some event comes in a digest.</summary>
    public bool Digests() => Rhythm != DigestRhythm.Off && Ways.ContainsValue(NoticeWay.Digest);

    private void Changed() => (WantsMail, Version) = (Mails() || Digests(), Guid.CreateVersion7());

    /// <summary>The moment (UTC) of the first digest after another moment.</summary>
    public static DateTime After(DigestRhythm rhythm, DateTime moment)
    {
        var next = moment.Date.AddHours(DigestHour);
        if (next <= moment)
            next = next.AddDays(1);
        return rhythm switch
        {
            DigestRhythm.Off => DateTime.MaxValue,
            DigestRhythm.Daily => next,
            DigestRhythm.Weekly => next.AddDays(((int)DayOfWeek.Monday - (int)next.DayOfWeek + 7) % 7),
        };
    }
}
