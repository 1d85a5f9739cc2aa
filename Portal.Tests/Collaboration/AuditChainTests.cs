using Portal.Domain.Access;
using Portal.Domain.Collaboration;

namespace Portal.Tests.Collaboration;

/// <summary>Whatever is done to the log after it was written is found, and where.</summary>
public sealed class AuditChainTests
{
    private static readonly System.Reflection.PropertyInfo[] Fields = typeof(AuditEntry).GetProperties();

    private static readonly string?[] Texts =
    [
        "",
        null,
        "Draft",
        "Submitted",
        "a",
        "ab",
        "b",
        "org:9001",
        "反恐",
        "مكافحة",
        "😀",
        "a\nb",
        "\u0001",
    ];

    private static AuditEntry Made(Random random, int i)
    {
        var act = new Act(
            Pick(random, "need.read", "need.submitted", "account.signed_in"),
            0,
            Pick(random, Texts),
            Pick(random, Texts),
            "never logged",
            Pick(random, Texts)
        );
        return AuditEntry.Of(
            act,
            Pick(random, Enum.GetValues<Section>()),
            Pick(random, Cast.Need(), null),
            Pick(random, [.. Cast.All]).Actor,
            Cast.Now.AddMinutes(i)
        );
    }

    private static T Pick<T>(Random random, params T[] values) => values[random.Next(values.Length)];

    private static (List<AuditEntry> Log, AuditHead Head) Log(Random random, int length)
    {
        var (log, head) = (new List<AuditEntry>(), AuditHead.Start());
        for (var i = 0; i < length; i++)
        {
            log.Add(Made(random, i));
            head.Append(log[^1]);
        }
        return (log, head);
    }

    private static AuditBreak? Verify(IEnumerable<AuditEntry> log, AuditHead head, params AuditAnchor[] anchors)
    {
        var verifier = new AuditVerifier(head, anchors);
        foreach (var entry in log)
            if (verifier.Next(entry) is { } found)
                return found;
        return verifier.End(head);
    }

    private static AuditEntry Copy(AuditEntry entry)
    {
        var copy = (AuditEntry)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(AuditEntry));
        foreach (var field in Fields)
            field.SetValue(copy, field.GetValue(entry));
        return copy;
    }

    /// <summary>Another value for a field: of whatever type a field that is added one day has.</summary>
    private static object? Another(Random random, Type type, object? value)
    {
        for (; ; )
        {
            var other =
                type == typeof(string) ? Pick(random, [.. Texts, $"{value}x", $" {value}"])
                : type == typeof(long) ? (long)value! + random.Next(1, 5) * Pick(random, 1, -1)
                : type == typeof(DateTime) ? ((DateTime)value!).AddMicroseconds(random.Next(1, 10))
                : type == typeof(Guid) ? Guid.NewGuid()
                : type == typeof(Guid?) ? Pick<object?>(random, null, Guid.NewGuid(), Guid.Empty)
                : type == typeof(Section) ? Pick(random, Enum.GetValues<Section>())
                : type == typeof(Role?) ? Pick<object?>(random, null, Pick(random, Enum.GetValues<Role>()))
                : type == typeof(byte[]) ? Flip(random, (byte[])value!)
                : throw new NotSupportedException($"A field of type {type}: say here how to change it");
            if (!Equals(other, value))
                return other;
        }
    }

    private static byte[] Flip(Random random, byte[] bytes)
    {
        var copy = bytes.ToArray();
        copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    [Fact]
    public void A_log_as_it_was_written_holds_with_and_without_an_anchor()
    {
        for (var length = 0; length < 30; length++)
        {
            var (log, head) = Log(new Random(length), length);
            Assert.Null(Verify(log, head));
            Assert.Null(Verify(log, head, AuditAnchor.Of(head, Cast.Now)));
            Assert.Equal(Enumerable.Range(1, length).Select(i => (long)i), log.Select(e => e.Id));
        }
    }

    [Fact]
    public void An_anchor_holds_while_the_log_grows()
    {
        var random = new Random(1);
        var (log, head) = Log(random, 10);
        var anchor = AuditAnchor.Of(head, Cast.Now);
        for (var i = 0; i < 10; i++)
        {
            log.Add(Made(random, 10 + i));
            head.Append(log[^1]);
        }
        Assert.Null(Verify(log, head, anchor));
    }

    [Fact]
    public void Ten_thousand_tamperings_are_all_found_and_where()
    {
        var missed = new List<string>();
        for (var seed = 0; seed < 10_000; seed++)
        {
            var random = new Random(seed);
            var (log, head) = Log(random, random.Next(2, 25));
            var anchor = AuditAnchor.Of(head, Cast.Now);
            var at = random.Next(log.Count);
            long? where = at + 1;
            string what;
            AuditBreak? found;
            switch (random.Next(7))
            {
                case 0 or 1: // a field of an entry, each of them in turn
                    var field = Fields[seed % Fields.Length];
                    (what, log[at]) = ("edit " + field.Name, Copy(log[at]));
                    field.SetValue(log[at], Another(random, field.PropertyType, field.GetValue(log[at])));
                    found = Verify(log, head);
                    break;
                case 2: // an entry taken out; the last one by way of the noted end
                    what = "delete";
                    log.RemoveAt(at);
                    found = Verify(log, head);
                    break;
                case 3: // two entries that changed places, with or without their numbers
                    var other = (at + 1 + random.Next(log.Count - 1)) % log.Count;
                    (what, where) = ("reorder", Math.Min(at, other) + 1);
                    (log[at], log[other]) = (Copy(log[other]), Copy(log[at]));
                    if (random.Next(2) == 0)
                    {
                        Number(log[at], at + 1);
                        Number(log[other], other + 1);
                    }
                    found = Verify(log, head);
                    break;
                case 4: // one put in: a stranger that fits itself, or a copy; the others make room or do not
                    what = "insert";
                    var stranger = AuditHead.Start();
                    var put = random.Next(2) == 0 ? Copy(log[at]) : Made(random, at);
                    if (put.Id == 0)
                        stranger.Append(put);
                    Number(put, at + 1);
                    log.Insert(at, put);
                    if (random.Next(2) == 0)
                        for (var i = at + 1; i < log.Count; i++)
                            Number(log[i] = Copy(log[i]), i + 1);
                    // A copy in front of what it is a copy of fits there; what comes after does not.
                    where = null;
                    found = Verify(log, head);
                    break;
                case 5: // the end cut off, and the noted end with it
                    what = "cut";
                    log.RemoveRange(at, log.Count - at);
                    found = Verify(log, Noted(log), anchor);
                    break;
                default: // an entry changed and all of the chain made anew from there
                    what = "rewrite";
                    var remade = log.Take(at).ToList();
                    var end = Noted(remade);
                    for (var i = at; i < log.Count; i++)
                    {
                        var again = i == at ? Made(random, 1000 + i) : Unchained(log[i]);
                        end.Append(again);
                        remade.Add(again);
                    }
                    where = null;
                    found = Verify(remade, end, anchor);
                    break;
            }
            if (found is null || (where is { } w && found.Sequence != w))
                missed.Add($"seed {seed}: {what} at {at + 1} of {log.Count}: {found}");
        }
        Assert.True(missed.Count == 0, $"{missed.Count} of 10,000 were missed or misplaced:\n{string.Join('\n', missed.Take(20))}");
    }

    private static void Number(AuditEntry entry, long number) =>
        typeof(AuditEntry).GetProperty(nameof(AuditEntry.Id))!.SetValue(entry, number);

    private static AuditEntry Unchained(AuditEntry entry)
    {
        var copy = Copy(entry);
        Number(copy, 0);
        return copy;
    }

    /// <summary>The end that somebody with all rights over the database would note for a log.</summary>
    private static AuditHead Noted(List<AuditEntry> log)
    {
        var head = AuditHead.Start();
        foreach (var entry in log)
            head.Append(Unchained(entry));
        return head;
    }

    [Fact]
    public void Without_an_anchor_a_chain_made_anew_would_pass_which_is_why_there_are_anchors()
    {
        var (log, head) = Log(new Random(7), 10);
        var remade = log.Take(5).ToList();
        Assert.Null(Verify(remade, Noted(remade)));
        Assert.Equal(new AuditBreak(AuditFault.CutOff, 6), Verify(remade, Noted(remade), AuditAnchor.Of(head, Cast.Now)));
        Assert.Equal(new AuditBreak(AuditFault.CutOff, 6), Verify(remade, head));
    }

    [Fact]
    public void Fields_do_not_run_into_each_other()
    {
        static byte[] HashOf(string? from, string? to, string? subject)
        {
            var head = AuditHead.Start();
            head.Append(AuditEntry.Of(new Act("a", 0, from, to, null, subject), Section.Needs, null, Actor.Anonymous, Cast.Now));
            return head.Hash;
        }
        (string?, string?, string?)[] alike =
        [
            ("ab", "c", null),
            ("a", "bc", null),
            ("abc", null, null),
            (null, "abc", null),
            (null, null, "abc"),
            ("abc", "", null),
            ("", "abc", null),
            ("", "", "abc"),
            (null, null, null),
            ("", null, null),
        ];
        Assert.Equal(alike.Length, alike.Select(a => Convert.ToHexString(HashOf(a.Item1, a.Item2, a.Item3))).Distinct().Count());
    }

    [Fact]
    public void An_entry_is_appended_once()
    {
        var head = AuditHead.Start();
        var entry = Made(new Random(1), 1);
        head.Append(entry);
        Assert.Throws<InvalidOperationException>(() => head.Append(entry));
    }
}
