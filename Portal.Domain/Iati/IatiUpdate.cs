using System.Globalization;
using System.Xml.Linq;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Domain.Iati;

/// <summary>
/// Writes into an activity what was changed in the portal since it was imported, and nothing else: of each element that the portal read
/// something from, what it read. What stands beside it,
/// other languages, remarks, references, baselines, stays word for word.
/// </summary>
internal sealed class IatiUpdate
{
    private static readonly XName Lang = XNamespace.Xml + "lang";

    private readonly XElement activity;
    private readonly Programme programme;
    private readonly Organisation organisation;
    private readonly IatiActivity then;
    private readonly Programme.Content was;
    private readonly Programme.Content now;
    private bool touched;

    private IatiUpdate(XElement activity, Programme programme, Organisation organisation)
    {
        (this.activity, this.programme, this.organisation) = (activity, programme, organisation);
        then = IatiActivity.Of(activity);
        (was, now) = (then.Content, programme.Present);
    }

    /// <summary>Changes an activity.</summary>
    public static void Apply(XElement activity, Programme programme, Organisation organisation) =>
        new IatiUpdate(activity, programme, organisation).Run();

    private void Run()
    {
        Identifier();
        Title();
        Description();
        Participants();
        Status();
        Dates();
        Places();
        Sectors();
        // What would be guessed from other sectors is not what was guessed before.
        var themes = was.Sectors.SequenceEqual(now.Sectors) ? was.Themes : IatiActivity.Of(activity).Content.Themes;
        Tags(IatiActivity.ThemeVocabulary, themes, now.Themes, t => Themes.Find(t)?.Name.En);
        Tags(IatiActivity.ModalityVocabulary, was.Modalities, now.Modalities, m => Modalities.Find(m)?.Name.En);
        Tags(IatiActivity.ParagraphVocabulary, was.Paragraphs, now.Paragraphs, _ => null);
        Money();
        Documents();
        Results();
        if (!touched)
            return;
        if (
            was.Currency != now.Currency
            && now.Currency is not null
            && !activity
                .Elements("budget")
                .Concat(activity.Elements("transaction"))
                .Concat(activity.Elements("planned-disbursement"))
                .Any(l => l.Element("value")!.Attribute("currency") is null)
        )
            activity.SetAttributeValue("default-currency", now.Currency);
        // Of a file that came later than the edit, the later of both.
        if (then.Updated is not { } published || programme.UpdatedAt > published.UtcDateTime)
            activity.SetAttributeValue("last-updated-datetime", IatiWriter.Moment(programme.UpdatedAt));
    }

    private void Set(XElement element, XName attribute, string? value)
    {
        if (IatiActivity.Code(element, attribute.LocalName) == value)
            return;
        touched = true;
        element.SetAttributeValue(attribute, value);
    }

    private void Add(XElement parent, XElement child)
    {
        touched = true;
        parent.Add(child);
    }

    private void Remove(XElement element)
    {
        touched = true;
        element.Remove();
    }

    // The narrative that the portal read says the new text; those in other languages stay.
    private void Say(XElement words, string text)
    {
        if (then.Spoken(words) is not { } spoken)
        {
            touched = true;
            words.AddFirst(IatiWriter.Narrative(text, programme));
        }
        else if (then.In(words) != text && then.InLines(words) != text)
        {
            touched = true;
            spoken.Value = text;
        }
    }

    // It is in another language now: it comes first, where it is read from, and takes the place of what there was in that language.
    private void Speak(XElement words)
    {
        if (was.Language == now.Language || then.Spoken(words) is not { } spoken)
            return;
        touched = true;
        foreach (
            var other in words
                .Elements("narrative")
                .Where(n =>
                    n != spoken
                    && IatiChecker.Mended(n.Attribute(Lang)?.Value ?? activity.Attribute(Lang)?.Value) is { } tag
                    && Languages.TryParse(tag, out var language)
                    && language == now.Language
                )
                .ToList()
        )
            other.Remove();
        spoken.SetAttributeValue(Lang, now.Language.Tag());
        spoken.Remove();
        words.AddFirst(spoken);
    }

    // What it was called until now is said as the standard asks, so that readers know it again.
    private void Identifier()
    {
        var identifier = IatiWriter.IdentifierOf(programme, organisation);
        if (identifier == then.Identifier)
            return;
        touched = true;
        activity.Element("iati-identifier")!.Value = identifier;
        if (!then.FormerIdentifiers.Contains(then.Identifier))
            activity.Add(new XElement("other-identifier", new XAttribute("ref", then.Identifier), new XAttribute("type", "A3")));
    }

    private void Title()
    {
        var title = activity.Element("title")!;
        if (was.Title != now.Title)
            Say(title, now.Title);
        Speak(title);
    }

    // Several descriptions are read as one text. Those that are in it still, from its beginning and from its end, stay; the rest is said by
    // what is between them.
    private void Description()
    {
        var parts = then.Descriptions().ToList();
        if (was.Description != now.Description)
        {
            const string gap = "\n\n";
            var texts = parts.ConvertAll(then.InLines);
            var text = Whole(string.Join(gap, texts), now.Description.Length > 0 ? now.Description : now.Title);
            var (first, last) = (0, parts.Count);
            while (first < last - 1 && text.StartsWith(texts[first] + gap, StringComparison.Ordinal))
                text = text[(texts[first++].Length + gap.Length)..];
            while (last - 1 > first && text.EndsWith(gap + texts[last - 1], StringComparison.Ordinal))
                text = text[..^(texts[--last].Length + gap.Length)];
            var between = parts[first..last];
            var one = between.Find(p => then.InLines(p) == text) ?? between.FirstOrDefault() ?? activity.Elements("description").First();
            foreach (var gone in between.Where(p => p != one))
            {
                Remove(then.Spoken(gone)!);
                if (gone.Elements("narrative").All(n => string.IsNullOrWhiteSpace(n.Value)))
                    gone.Remove();
            }
            Say(one, text);
        }
        foreach (var part in parts)
            Speak(part);
    }

    // A text that was too long to be shown has its end still, unless that was edited too.
    private string Whole(string all, string text)
    {
        var shown = was.Description;
        return
            all.Length > shown.Length
            && shown.EndsWith('…')
            && text.EndsWith(shown[^Math.Min(200, shown.Length)..], StringComparison.Ordinal)
            ? text[..^1] + all[(shown.Length - 1)..]
            : text;
    }

    private sealed record Matched<T>(
        IReadOnlyList<(XElement At, T Was, T Now)> Changed,
        IReadOnlyList<T> New,
        IReadOnlyList<(XElement At, T Was)> Gone
    );

    // Lines that are as they were are left alone; others are the same line where what they are known by is.
    private static Matched<T> Match<T>(
        IEnumerable<(XElement At, T Line)> was,
        IEnumerable<T> now,
        params IReadOnlyList<Func<T, object?>> keys
    )
        where T : class
    {
        var (left, fresh, changed) = (was.ToList(), now.ToList(), new List<(XElement, T, T)>());
        foreach (var key in keys.Prepend(x => x))
        {
            if (left.Count == 0 || fresh.Count == 0)
                break;
            var known = left.Where(l => key(l.Line) is not null)
                .GroupBy(l => key(l.Line)!)
                .ToDictionary(g => g.Key, g => new Queue<(XElement At, T Line)>(g));
            var rest = new List<T>();
            var found = new HashSet<XElement>();
            foreach (var line in fresh)
                if (key(line) is { } k && known.TryGetValue(k, out var queue) && queue.TryDequeue(out var one))
                {
                    found.Add(one.At);
                    if (one.Line != line)
                        changed.Add((one.At, one.Line, line));
                }
                else
                    rest.Add(line);
            left.RemoveAll(l => found.Contains(l.At));
            fresh = rest;
        }
        return new Matched<T>(changed, fresh, left);
    }

    private void Participants()
    {
        if (was.Participants.SequenceEqual(now.Participants))
            return;
        var lines = Match(
            then.Participants,
            now.Participants,
            p => p.Identifier is null ? null : (p.Identifier, p.Role),
            p => (p.Name, p.Role),
            p => p.Identifier,
            p => p.Name
        );
        foreach (var (at, before, after) in lines.Changed)
        {
            Set(at, "role", ((int)after.Role).ToString(CultureInfo.InvariantCulture));
            if (before.Identifier != after.Identifier)
                Set(at, "ref", after.Identifier);
            if (before.Name != after.Name)
                Say(at, after.Name);
        }
        foreach (var (at, _) in lines.Gone)
            Remove(at);
        foreach (var one in lines.New)
            Add(activity, IatiWriter.Participant(programme, one));
        if (activity.Element("participating-org") is null)
            Add(activity, IatiWriter.Own(organisation));
    }

    // Two stages of the standard are one of the portal's.
    private void Status()
    {
        if (then.Status != programme.Status)
            Set(activity.Element("activity-status")!, "code", IatiWriter.Status(programme.Status));
    }

    private void Dates()
    {
        foreach (
            var (type, before, after) in new[]
            {
                ("1", was.StartPlanned, now.StartPlanned),
                ("2", was.StartActual, now.StartActual),
                ("3", was.EndPlanned, now.EndPlanned),
                ("4", was.EndActual, now.EndActual),
            }
        )
        {
            if (before == after)
                continue;
            var there = activity.Elements("activity-date").Where(d => IatiActivity.Code(d, "type") == type).ToList();
            if (after is not { } day)
                there.ForEach(Remove);
            else if (there is [var first, ..])
                Set(first, "iso-date", IatiWriter.Day(day));
            else
                Add(activity, IatiWriter.Date(type, day));
        }
        if (activity.Element("activity-date") is null)
            foreach (var date in IatiWriter.Dates(programme))
                Add(activity, date);
    }

    private void Places()
    {
        if (was.States.ToHashSet().SetEquals(now.States))
            return;
        Lift("recipient-country", "recipient-region");
        var there = activity.Elements("recipient-country").ToList();
        var gone = there
            .Where(c => MemberStates.FindIso2(IatiActivity.Code(c, "code"))?.Iso3 is { } iso3 && !now.States.Contains(iso3))
            .ToList();
        var wholes = Wholes(there, activity.Elements("recipient-region").ToList());
        wholes.ForEach(w => w.RemoveAll(gone.Contains));
        gone.ForEach(Remove);
        List<XElement> added =
        [
            .. now
                .States.Where(s => !there.Exists(c => IatiActivity.Code(c, "code") == MemberStates.Get(s).Iso2))
                .Select(s => IatiWriter.Country(s, "0")),
        ];
        Share(wholes, added, gone.Count > 0);
        added.ForEach(a => Add(activity, a));
    }

    // What stands beside the countries to make the whole: the regions of all vocabularies, or of each by itself.
    private static List<List<XElement>> Wholes(IReadOnlyList<XElement> countries, IReadOnlyList<XElement> regions)
    {
        List<XElement> all = [.. countries, .. regions];
        var vocabularies = regions.GroupBy(r => IatiActivity.Code(r, "vocabulary") ?? "1").Select(g => g.ToList()).ToList();
        return vocabularies.Count < 2 || all.Sum(Percentage) <= 101
            ? [all]
            :
            [
                [.. countries, .. vocabularies[0]],
                .. vocabularies.Skip(1),
            ];
    }

    private void Sectors()
    {
        if (was.Sectors.ToHashSet().SetEquals(now.Sectors))
            return;
        Lift("sector");
        foreach (
            var (vocabulary, codes) in new[]
            {
                ("1", now.Sectors.Where(s => s.Length == 5).ToList()),
                ("2", now.Sectors.Where(s => s.Length != 5).ToList()),
            }
        )
        {
            var there = activity.Elements("sector").Where(s => (IatiActivity.Code(s, "vocabulary") ?? "1") == vocabulary).ToList();
            var gone = there
                .Where(s => IatiActivity.Code(s, "code") is { } code && was.Sectors.Contains(code) && !now.Sectors.Contains(code))
                .ToList();
            var known = activity
                .Elements("sector")
                .Where(s => IatiActivity.Code(s, "vocabulary") is null or "1" or "2")
                .Select(s => IatiActivity.Code(s, "code"))
                .ToHashSet();
            List<XElement> added = [.. codes.Where(c => !known.Contains(c)).Select(c => IatiWriter.Sector(c, "0"))];
            if (gone.Count == 0 && added.Count == 0)
                continue;
            gone.ForEach(Remove);
            Share(
                [
                    [.. there.Except(gone)],
                ],
                added,
                gone.Count > 0
            );
            added.ForEach(a => Add(activity, a));
        }
    }

    // Where each transaction says it for itself, an edit of the whole cannot be said there: it is said of the whole from now on, in the
    // shares that the transactions make.
    private void Lift(params string[] names)
    {
        var transactions = activity.Elements("transaction").Where(t => names.Any(n => t.Element(n) is not null)).ToList();
        if (transactions.Count == 0)
            return;
        touched = true;
        static (string, string?, string) Key(XElement e) =>
            (e.Name.LocalName, IatiActivity.Code(e, "code"), IatiActivity.Code(e, "vocabulary") ?? "1");
        var isOneCurrency = transactions.Select(t => IatiActivity.Code(t.Element("value"), "currency")).Distinct().Count() == 1;
        var weights = new Dictionary<(string, string?, string), (XElement Element, decimal Weight)>();
        foreach (var transaction in transactions)
        foreach (var element in names.SelectMany(n => transaction.Elements(n)).ToList())
        {
            var weight = isOneCurrency ? Math.Abs(IatiRules.Number(transaction.Element("value")!.Value) ?? 0) : 1;
            weights[Key(element)] = weights.TryGetValue(Key(element), out var known)
                ? (known.Element, known.Weight + weight)
                : (new XElement(element), weight);
            element.Remove();
        }
        var whole = names.SelectMany(n => activity.Elements(n)).Select(Key).ToHashSet();
        foreach (var vocabulary in weights.Where(w => !whole.Contains(w.Key)).GroupBy(w => names.Length > 1 ? "" : w.Key.Item3))
        {
            var (all, isBeside) = (vocabulary.Sum(w => w.Value.Weight), whole.Any(w => names.Length > 1 || w.Item3 == vocabulary.Key));
            foreach (var (_, (element, weight)) in vocabulary)
            {
                element.SetAttributeValue(
                    "percentage",
                    IatiWriter.Number(
                        isBeside ? 0
                        : all == 0 ? 1
                        : weight
                    )
                );
                activity.Add(element);
            }
            if (!isBeside)
                Scale([.. vocabulary.Select(w => w.Value.Element)], 100);
        }
    }

    private static decimal Percentage(XElement part) => IatiRules.Number(part.Attribute("percentage")?.Value) ?? 0;

    // Published shares stay as they are, and what is new has none that is known: 0. Where something went, the rest grow to the whole, each
    // by its share.
    private void Share(IReadOnlyList<List<XElement>> wholes, List<XElement> added, bool isFewer)
    {
        var there = wholes[0];
        if (there.Count == 0)
        {
            added.ForEach(a => a.SetAttributeValue("percentage", "1"));
            Scale(added, 100);
        }
        else if (there.TrueForAll(p => p.Attribute("percentage") is not null))
        {
            if (!isFewer)
                return;
            Scale(there, 100);
            // Each further vocabulary tells by itself what the countries leave over.
            foreach (var other in wholes.Skip(1))
                Scale(other, 100 - there.Where(p => p.Name.LocalName == "recipient-country").Sum(Percentage));
        }
        else if (there is [var only] && added.Count > 0)
        {
            Set(only, "percentage", "100");
        }
        else
        {
            added.ForEach(a => a.Attribute("percentage")!.Remove());
        }
    }

    private void Scale(List<XElement> parts, decimal to)
    {
        var sum = parts.Sum(Percentage);
        // The last that has any takes what rounding left.
        var last = parts.FindLastIndex(p => sum == 0 || Percentage(p) != 0);
        var left = to;
        foreach (var (i, part) in parts.Index())
        {
            var share = i == last ? left : Math.Floor(10_000 * (sum == 0 ? to / parts.Count : Percentage(part) * to / sum) / 100) / 100;
            if (i < last)
                left -= share;
            Set(part, "percentage", IatiWriter.Number(share));
        }
    }

    private void Tags(string vocabulary, IReadOnlyList<string> before, IReadOnlyList<string> after, Func<string, string?> name)
    {
        if (before.ToHashSet().SetEquals(after))
            return;
        var there = activity.Elements("tag").Where(t => IatiActivity.Code(t, "vocabulary-uri") == vocabulary).ToList();
        foreach (var tag in there.Where(t => !after.Contains(IatiActivity.Code(t, "code")!)))
            Remove(tag);
        foreach (var code in after.Where(c => !there.Exists(t => IatiActivity.Code(t, "code") == c)))
            Add(activity, IatiWriter.Tag(vocabulary, code, name(code)));
    }

    private void Money()
    {
        if (was.Money.SequenceEqual(now.Money))
            return;
        var budgets = Match(
            then.Money.Where(m => m.Line.Kind == MoneyKind.Budget),
            now.Money.Where(m => m.Kind == MoneyKind.Budget),
            m => (m.Date, m.Until, m.Currency),
            m => (m.Date, m.Until),
            m => (m.Amount, m.Currency)
        );
        foreach (var (at, before, after) in budgets.Changed)
        {
            if (before.Date != after.Date || before.Until != after.Until)
                Originals(at).ForEach(Remove);
            if (before.Date != after.Date)
                Set(at.Element("period-start")!, "iso-date", IatiWriter.Day(after.Date));
            if (before.Until != after.Until)
                Set(at.Element("period-end")!, "iso-date", IatiWriter.Day(IatiWriter.Until(after)));
            Amount(at, before, after);
        }
        foreach (var (at, _) in budgets.Gone)
        {
            Originals(at).ForEach(Remove);
            Remove(at);
        }
        List<XElement> added = [.. budgets.New.Select(IatiWriter.Budget)];
        added.ForEach(a => Add(activity, a));
        // Beside a revised budget of the same period another one is revised too, or it would be taken for the original.
        var revised = activity.Elements("budget").Where(b => IatiActivity.Code(b, "type") == "2").Select(IatiActivity.Period).ToHashSet();
        foreach (var one in budgets.Changed.Select(c => c.At).Concat(added).Where(b => revised.Contains(IatiActivity.Period(b))))
            Set(one, "type", "2");

        var lines = Match(
            then.Money.Where(m => m.Line.Kind != MoneyKind.Budget),
            now.Money.Where(m => m.Kind != MoneyKind.Budget),
            m => (m.Kind, m.Date, m.Currency),
            m => (m.Kind, m.Amount, m.Currency),
            m => (m.Date, m.Amount, m.Currency),
            m => (m.Kind, m.Date)
        );
        foreach (var (at, before, after) in lines.Changed)
        {
            Set(at.Element("transaction-type")!, "code", IatiWriter.Type(after.Kind));
            if (before.Date != after.Date)
                Set(at.Element("transaction-date")!, "iso-date", IatiWriter.Day(after.Date));
            Amount(at, before, after);
        }
        foreach (var (at, _) in lines.Gone)
            Remove(at);
        // Where every transaction says the same place or sector, a new one of the same programme does too: some may not lack what others
        // have.
        var common = Common("recipient-country", "recipient-region").Concat(Common("sector")).ToList();
        foreach (var one in lines.New)
        {
            var transaction = IatiWriter.Transaction(one);
            transaction.Add(common.Select(c => new XElement(c)));
            IatiWriter.InOrder(transaction, Type("transaction"));
            Add(activity, transaction);
        }
    }

    // The original budgets that a revised one has taken the place of: they do not come back where it goes.
    private List<XElement> Originals(XElement budget) =>
        IatiActivity.Code(budget, "type") != "2"
            ? []
            :
            [
                .. activity
                    .Elements("budget")
                    .Where(b =>
                        b != budget && IatiActivity.Code(b, "type") != "2" && IatiActivity.Period(b) == IatiActivity.Period(budget)
                    ),
            ];

    private IReadOnlyList<XElement> Common(params string[] names)
    {
        var each = activity.Elements("transaction").Select(t => names.SelectMany(n => t.Elements(n)).ToList()).ToList();
        return
            each is [{ Count: > 0 } first, ..]
            && each.TrueForAll(e => e.Select(x => x.ToString()).SequenceEqual(first.Select(x => x.ToString())))
            ? first
            : [];
    }

    private void Amount(XElement at, MoneyLine before, MoneyLine after)
    {
        var value = at.Element("value")!;
        if (before.Amount != after.Amount)
        {
            touched = true;
            value.Value = IatiWriter.Number(after.Amount);
        }
        if (before.Currency != after.Currency)
            Set(value, "currency", after.Currency);
        if (before.Date != after.Date && IatiChecker.Day(IatiActivity.Code(value, "value-date")) == before.Date)
            Set(value, "value-date", IatiWriter.Day(after.Date));
    }

    private void Documents()
    {
        if (was.Documents.SequenceEqual(now.Documents))
            return;
        var lines = Match(then.Documents, now.Documents, d => d.Address, d => d.Title);
        foreach (var (at, before, after) in lines.Changed)
        {
            Set(at, "url", after.Address);
            if (before.Title != after.Title)
                Say(at.Element("title")!, after.Title);
        }
        foreach (var (at, _) in lines.Gone)
            Remove(at);
        foreach (var one in lines.New)
            Add(activity, IatiWriter.Document(programme, one));
    }

    private void Results()
    {
        if (was.Results.SequenceEqual(now.Results))
            return;
        var lines = Match(
            then.Results,
            now.Results,
            r => (r.Kind, r.Title),
            r => r.Title,
            r => r.Target is null && r.Actual is null ? null : (r.Kind, r.Target, r.Actual)
        );
        foreach (var (at, before, after) in lines.Changed)
        {
            if (before.Title != after.Title)
                Name(at, after.Title);
            if (before.Kind != after.Kind)
                Set(Alone(at), "type", ((int)after.Kind).ToString(CultureInfo.InvariantCulture));
            Figures(at, before, after);
        }
        foreach (var (at, _) in lines.Gone)
        {
            var result = at.Parent!;
            Remove(at);
            if (result.Element("indicator") is null)
                result.Remove();
        }
        foreach (var one in lines.New)
            Add(activity, IatiWriter.Result(programme, one));
    }

    // A line is called by its result and its indicator, which may have other lines beside it.
    private void Name(XElement indicator, string title)
    {
        var (result, own) = (then.In(indicator.Parent!.Element("title")), then.In(indicator.Element("title")));
        if (result is { Length: > 0 } && title.StartsWith(result + ": ", StringComparison.Ordinal))
        {
            Say(indicator.Element("title")!, title[(result.Length + 2)..]);
        }
        else if (own is { Length: > 0 } && own != result && title.EndsWith(": " + own, StringComparison.Ordinal))
        {
            Say(Alone(indicator).Element("title")!, title[..^(own.Length + 2)]);
        }
        else
        {
            Say(Alone(indicator).Element("title")!, title);
            Say(indicator.Element("title")!, title);
        }
    }

    // The result of an indicator, or one of its own where it shares it with others.
    private XElement Alone(XElement indicator)
    {
        var result = indicator.Parent!;
        if (result.Elements("indicator").Count() == 1)
            return result;
        var own = new XElement(result.Name, result.Attributes(), result.Element("title"));
        Remove(indicator);
        own.Add(indicator);
        result.AddAfterSelf(own);
        return own;
    }

    // What the portal shows is of the last period, and is said of that.
    private void Figures(XElement indicator, ResultLine before, ResultLine after)
    {
        if ((before.Target, before.Actual) == (after.Target, after.Actual))
            return;
        if (indicator.Elements("period").LastOrDefault() is not { } period)
        {
            if (IatiWriter.Period(programme, after) is { } life)
                Add(indicator, life);
            return;
        }
        foreach (var (name, from, to) in new[] { ("target", before.Target, after.Target), ("actual", before.Actual, after.Actual) })
        {
            var there = period.Elements(name).ToList();
            if (from == to)
                continue;
            if (to is null && there is [{ HasElements: false } only])
                Remove(only);
            else if (there is [var first, ..])
                Set(first, "value", to);
            else
                Add(period, new XElement(name, new XAttribute("value", to!)));
        }
        IatiWriter.InOrder(period, Type("result", "indicator", "period"));
        IatiWriter.InOrder(indicator, Type("result", "indicator"));
    }

    private static IatiType Type(params string[] path) =>
        path.Aggregate(IatiStructure.Activity, (type, name) => type.Children[type.Places[name]].Type);
}
