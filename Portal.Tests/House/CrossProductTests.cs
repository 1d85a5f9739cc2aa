using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Tests.Access;
using Portal.Tests.Api;
using static Portal.Tests.House.CrossRows;

namespace Portal.Tests.House;

/// <summary>
/// Every role × every route × every record of the demonstration, in pages, API, exports and files, against a table of its own
/// (<see cref="CrossReference"/>): nobody receives what they may not read, and nobody is denied what they may.
/// </summary>
public sealed class CrossProductTests
{
    /// <summary>Pages of one record: each is walked below, or is about no record.</summary>
    private static readonly string[] RecordPages =
    [
        "/needs/{Reference}",
        "/needs/{Reference}/edit",
        "/needs/{Reference}/translate",
        "/needs/{NeedReference}/propose",
        "/matches/{Reference}",
        "/needs/{Reference}/reply",
        "/assessments/{Reference}/answer",
        "/assessments/{Reference}/translate",
        "/programmes/import/{Id:guid}",
        "/needs/import/{Id:guid}",
        "/providers/{Slug}",
        "/providers/{Slug}/edit",
        "/providers/{Slug}/offers/new",
        "/providers/{Slug}/offers/{Reference}/edit",
        "/account/invitation/{Token}",
        "/account/security/identity/{Provider}",
        "/error/{Status:int}",
        "/access/people/{Id:guid}",
        "/access/people/{Id:guid}/add",
        "/access/people/{Id:guid}/transfer/{MembershipId:guid}",
        "/access/organisations/{Code}",
        "/access/reviews/{Id:guid}",
        "/access/view-as/{Id:guid}",
        "/trace/{Reference}",
        "/states/{Iso3}",
        "/account/reset",
        "/not-found",
        .. Access
            .Specimens.All.Where(s => s.Walk is not null)
            .SelectMany(s => new[] { "{Reference}", "{Reference}/edit" }.Select(s.Kind.Path)),
    ];

    internal static readonly string[] AllRoutes =
    [
        .. typeof(PortalDb)
            .Assembly.GetTypes()
            .SelectMany(t => t.GetCustomAttributes<RouteAttribute>(false))
            .Select(r => r.Template)
            .Order(StringComparer.Ordinal),
    ];

    internal static readonly string[] Languages = ["ar", "zh-hans", "en", "fr", "ru", "es"];

    private static bool IsPublic(string route) => Languages.Contains(route.Split('/')[1]);

    [Fact]
    public void Every_page_is_in_the_table() =>
        Sources.None(
            AllRoutes.Where(r => !IsPublic(r)).Except(RecordPages).Except(CrossReference.Pages.Keys),
            "Pages that the cross-product does not know; say in its table who may open them:"
        );

    [Fact, Trait("Pace", "Slow")]
    public async Task Everyone_gets_what_the_rules_give_them_and_nothing_else()
    {
        await using var host = await CrossHost.Start();
        CrossRows rows;
        await using (var db = await host.AsSystem())
            rows = await Of(db);
        var lookers = new List<(Looker Who, HttpClient Client)> { await host.As(null) };
        // Every role, and of those whose organisation or States matter one for each; two of one role and organisation see the same.
        foreach (
            var place in DemonstrationCast
                .All.Where(p => p.Role != Role.FocalPoint || p.Organisation is "ken" or "per" or "jpn")
                .DistinctBy(p =>
                    (
                        p.Role,
                        p.Role.Kind() is OrganisationKind.Committee or OrganisationKind.ExpertGroup ? "" : p.Organisation,
                        string.Join(' ', p.States)
                    )
                )
        )
            lookers.Add(await host.As(place));
        Assert.Equal(Enum.GetValues<Role>().Length, lookers.Select(l => l.Who.Role).OfType<Role>().Distinct().Count());

        var findings = new ConcurrentBag<string>();
        var checks = 0;
        await Parallel.ForEachAsync(
            lookers,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (looker, _) =>
            {
                var walk = new CrossWalk(rows, looker.Who, looker.Client, findings);
                await walk.Needs();
                await walk.Files();
                await walk.Proposals();
                await walk.Programmes();
                await walk.Chains();
                await walk.Directory();
                await walk.Reviews();
                await walk.Lists();
                await walk.Searches();
                await walk.Gates(AllRoutes.Where(r => !r.Contains('{')).Except(RecordPages));
                Interlocked.Add(ref checks, walk.Checks);
            }
        );
        Assert.True(
            findings.IsEmpty,
            $"{findings.Count} differences in {checks} checks:\n{string.Join('\n', findings.Order(StringComparer.Ordinal).Take(50))}"
        );
        Assert.True(checks > 10_000, $"Only {checks} checks were made.");
    }

    /// <summary>
    /// The same of records as the specimens make them, so of every kind from its first day: at the address of each, on its page and in the
    /// API, and in its list. What an address tells of one record to one reader it tells of every other to whoever sees the part.
    /// </summary>
    [Fact, Trait("Pace", "Slow")]
    public async Task Of_every_kind_everyone_is_told_what_they_see_of_it_and_nothing_else()
    {
        await using var host = await ApiHost.Start();
        var records = Specimens.Some(new World(30), each: 4);
        await host.Db.Save(records);
        var marks = await Marks.Put(host.Db, records);
        var told = new List<(string Where, Kind Kind, Mark Mark, bool IsTold)>();
        var findings = new List<string>();
        foreach (var player in Cast.All.DistinctBy(p => p.Role))
        {
            var client = await host.As(player);
            var own = marks.Where(m => m.IsFor(player)).Select(m => m.Word).ToHashSet();
            foreach (var specimen in Specimens.All)
            {
                var enters = player.Actor.LevelIn(specimen.Section) >= Level.View;
                foreach (var record in records.Where(r => r.Kind == specimen.Kind))
                foreach (var address in (string[])[record.Kind.Path("*"), specimen.Path + "*"])
                {
                    var answer = await Ask(address.Replace("*", record.Reference));
                    if (enters && Decision.On(record, player).Visible)
                        Note(answer, address, marks.Where(m => m.Record == record));
                    // An organisation's offers stand on the page of its profile, also where it has none.
                    else if (specimen.Kind.Series is not null)
                    {
                        var (got, nothing) = (
                            CrossWalk.Comparable(answer, record.Reference),
                            CrossWalk.Comparable(await Ask(address.Replace("*", specimen.Missing)), specimen.Missing)
                        );
                        if (got != nothing)
                            findings.Add($"LEAK {player}: {address} answers {answer.Status} for the hidden {record.Reference}");
                    }
                }
                if (enters && specimen.ListedAs == specimen.Kind)
                    foreach (var address in (string[])[specimen.Kind.List, specimen.Path.TrimEnd('/')])
                        Note(
                            await Ask(address + (specimen.Kind.Views == Views.Told ? "?pageSize=200" : "")),
                            address,
                            marks.Where(m => Specimens.Of(m.Record) is var s && s.ListedAs == specimen.Kind && s.IsListed(m.Record))
                        );
            }

            async Task<Answer> Ask(string address)
            {
                var accept = address.StartsWith("/api/", StringComparison.Ordinal) ? "application/json" : "text/html";
                var answer = await client.Ask(HttpMethod.Get, address, headers: ("Accept", accept));
                if (answer.Headers.Location is { } elsewhere && !elsewhere.OriginalString.StartsWith("/account", StringComparison.Ordinal))
                    answer = await client.Ask(HttpMethod.Get, elsewhere.OriginalString.Split('#')[0], headers: ("Accept", accept));
                findings.AddRange(
                    Marks.In(answer.Body).Except(own).Select(w => $"LEAK {player}: {address} tells {marks.Single(m => m.Word == w)}")
                );
                return answer;
            }

            void Note(Answer answer, string where, IEnumerable<Mark> of)
            {
                if (answer.Status != 200)
                    findings.Add($"DENIED {player}: {where} answers {answer.Status}");
                var words = Marks.In(answer.Body);
                told.AddRange(of.Where(m => m.IsFor(player)).Select(m => (where, m.Record.Kind, m, words.Contains(m.Word))));
            }
        }
        Sources.None(findings.Distinct(), "Differences:");
        foreach (var texts in told.GroupBy(t => (t.Where, t.Kind, t.Mark.Column)).Where(t => t.Any(m => m.IsTold)))
            Sources.None(texts.Where(t => !t.IsTold).Select(t => $"{t.Where}: {t.Mark}").Distinct(), "Told of others, and not of:");
        // At every address a record is told by what it is called.
        foreach (var specimen in Specimens.All)
        foreach (var where in (string[])[specimen.Kind.Path("*"), specimen.Path + "*", specimen.ListedAs.List])
            Assert.Contains(
                told,
                t => (t.Where, t.Kind, t.Mark.Column, t.IsTold) == (where, specimen.Kind, specimen.Texts[0].Column, true)
            );
    }
}

/// <summary>One looker's way through everything.</summary>
internal sealed partial class CrossWalk(CrossRows rows, Looker who, HttpClient client, ConcurrentBag<string> findings)
{
    private readonly HashSet<string> allowed = Allowed(rows, who);
    private readonly Dictionary<string, string> numbers = Numbers(rows);
    private readonly Dictionary<string, string> missing = [];

    public int Checks { get; private set; }

    private void Check(bool holds, Func<string> otherwise)
    {
        Checks++;
        if (!holds)
            findings.Add($"{who}: {otherwise()}");
    }

    // ---- What may be seen anywhere ----

    private static HashSet<string> Allowed(CrossRows rows, Looker who)
    {
        var all = new HashSet<string>();
        foreach (var need in rows.Needs)
            if (CrossReference.Parts(who, need) is not NeedParts.None and var parts)
            {
                all.UnionWith([need.Reference, Mark("nt", need.Number), Mark("nu", need.Number)]);
                all.UnionWith(Texts(need, parts));
                if (parts.HasFlag(NeedParts.Description))
                    all.UnionWith([Mark("nd", need.Number), Mark("ne", need.Number)]);
                if (parts.HasFlag(NeedParts.Inner))
                    all.Add(Mark("nr", need.Number));
            }
        foreach (var proposal in rows.Proposals.Where(p => CrossReference.Reads(who, p)))
        {
            // A proposal names the need it answers, also when that need is no longer shown to its provider; no more than the reference.
            all.UnionWith([proposal.Reference, proposal.Need]);
            all.UnionWith(Texts(proposal, who));
        }
        foreach (var programme in rows.Programmes)
            if (CrossReference.Parts(who, programme) is not ProgrammeParts.None and var parts)
                all.UnionWith([programme.Reference, .. Texts(programme, parts)]);
        foreach (var profile in rows.Profiles)
            all.UnionWith(Texts(profile, who));
        foreach (var offer in rows.Offers.Where(o => CrossReference.Reads(who, o)))
            all.UnionWith(Texts(offer));
        all.UnionWith(rows.Reviews.Where(r => CrossReference.Reads(who, r)).Select(r => Mark("rw", r.Number)));
        return all;
    }

    // All but title, description and note, which depend on the language and stage.
    private static IEnumerable<string> Texts(NeedFacts need, NeedParts parts)
    {
        if (parts.HasFlag(NeedParts.Beneficiary))
            yield return Mark("nb", need.Number);
        if (parts.HasFlag(NeedParts.Cost))
            foreach (var amount in new[] { need.Cost, need.Gap }.OfType<decimal>())
                yield return Figure(amount);
        if (parts.HasFlag(NeedParts.Attachments))
            foreach (var file in need.Files)
                yield return Mark("nf", file.Number);
        foreach (var (number, part) in need.Reasons)
            if (parts.HasFlag((NeedParts)part))
                yield return Mark("aw", number);
    }

    private static IEnumerable<string> Texts(ProposalFacts proposal, Looker who)
    {
        foreach (var field in new[] { "pt", "pd", "pc", "pa" })
            yield return Mark(field, proposal.Number);
        if (proposal.Amount is { } amount)
            yield return Figure(amount);
        foreach (var (number, part) in proposal.Reasons)
            if (part == (int)ProposalParts.Content || CrossReference.ReadsAsProvider(who, proposal))
                yield return Mark("aw", number);
    }

    // A need it serves is named only to who sees that need.
    private static IEnumerable<string> Texts(ProgrammeFacts programme, ProgrammeParts parts)
    {
        yield return Mark("gt", programme.Number);
        if (parts.HasFlag(ProgrammeParts.Description))
            foreach (var field in new[] { "gd", "gi", "gp" })
                yield return Mark(field, programme.Number);
        if (parts.HasFlag(ProgrammeParts.Finance) && programme.Budget is { } budget)
            yield return Figure(budget);
        if (parts.HasFlag(ProgrammeParts.Results))
            yield return Mark("gr", programme.Number);
        if (parts.HasFlag(ProgrammeParts.Documents))
            foreach (var mark in programme.Files.Select(f => Mark("nf", f.Number)).Append(Mark("gf", programme.Number)))
                yield return mark;
        foreach (var (number, part) in programme.Reasons)
            if (parts.HasFlag((ProgrammeParts)part))
                yield return Mark("aw", number);
    }

    private static IEnumerable<string> Texts(ProfileFacts profile, Looker who)
    {
        if (CrossReference.Reads(who, profile))
            yield return Mark("ss", profile.Number);
        if (!CrossReference.ReadsContacts(who, profile))
            yield break;
        yield return Mark("sn", profile.Number);
        yield return Mark("se", profile.Number);
    }

    private static IEnumerable<string> Texts(OfferFacts offer) => [offer.Reference, Mark("ot", offer.Number), Mark("od", offer.Number)];

    private static string Figure(decimal amount) => amount.ToString("0", CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Numbers(CrossRows rows) =>
        rows
            .Needs.Where(n => n.Cost is not null)
            .SelectMany(n => new[] { n.Cost, n.Gap }.OfType<decimal>().Select(Figure))
            .Concat(rows.Programmes.Where(p => p.Budget is not null).Select(p => Figure(p.Budget!.Value)))
            .Concat(rows.Proposals.Where(p => p.Amount is not null).Select(p => Figure(p.Amount!.Value)))
            .Distinct()
            .ToDictionary(f => f);

    // ---- Asking ----

    private static readonly Regex Telling = new(
        $@"zqk[a-z]{{2}}\d{{4}}|(?:{string.Join('|', Kinds.All.Select(k => k.Series).OfType<string>())})-\d{{4}}-\d{{4}}|"
            + @"\b[0-9]{1,2},\d{3},\d{3}\b|\b\d{7,8}\b",
        RegexOptions.Compiled | RegexOptions.CultureInvariant
    );

    private static bool IsReference(string word) => word.Contains('-');

    /// <summary>
    /// Every word in a text that tells a field of a record. What only the server can read tells nothing, and among so many letters a word
    /// comes up by chance.
    /// </summary>
    private HashSet<string> Told(string text) =>
        [
            .. Telling
                .Matches(Sealed().Replace(text, ""))
                .Select(m => m.Value)
                .Select(t => char.IsDigit(t[0]) ? numbers.GetValueOrDefault(t.Replace(",", "")) : t)
                .OfType<string>(),
        ];

    /// <summary>
    /// Asks for an address; whatever the answer is, it must tell nothing that this looker may not read, the address asked for apart.
    /// </summary>
    public async Task<(Answer Answer, HashSet<string> Told)> Ask(string address)
    {
        var isProgram = address.StartsWith("/api/", StringComparison.Ordinal) || address.StartsWith("/files/", StringComparison.Ordinal);
        var answer = await client.Ask(HttpMethod.Get, address, headers: ("Accept", isProgram ? "application/json" : "text/html"));
        var told = Told(answer.Body + "\n" + string.Join('\n', answer.Headers.Concat(answer.ContentHeaders).SelectMany(h => h.Value)));
        var leaked = told.Where(t =>
                !allowed.Contains(t)
                && !address.Contains(t, StringComparison.Ordinal)
                && !(CrossReference.ReadsReferences(who, address) && IsReference(t))
            )
            .ToList();
        Check(leaked.Count == 0, () => $"LEAK {address} tells {string.Join(' ', leaked)}");
        Check(answer.Status < 500, () => $"FAULT {address} answers {answer.Status}");
        return (answer, told);
    }

    /// <summary>What is hidden answers as what is not there.</summary>
    private async Task Hidden(string address, string name, string nothing)
    {
        var (answer, _) = await Ask(address.Replace("*", name));
        var there = address.Replace("*", nothing);
        if (!missing.TryGetValue(there, out var expected))
            missing[there] = expected = Comparable((await Ask(there)).Answer, nothing);
        Check(
            answer.Status is 401 or 403 or 404 || answer.Headers.Location is not null,
            () => $"LEAK {address.Replace("*", name)} answers {answer.Status} for what is not there"
        );
        var got = Comparable(answer, name);
        Check(got == expected, () => $"LEAK {address.Replace("*", name)} differs from what is not there: {Difference(got, expected)}");
    }

    /// <summary>What may be read is there, and tells exactly what it should.</summary>
    private async Task<Answer?> Shown(string address, IEnumerable<string> tells)
    {
        var (answer, told) = await Ask(address);
        Check(answer.Status == 200, () => $"DENIED {address} answers {answer.Status}");
        if (answer.Status != 200)
            return null;
        var expected = tells.ToHashSet();
        Check(expected.IsSubsetOf(told), () => $"DENIED {address} lacks {string.Join(' ', expected.Except(told))}");
        Check(told.IsSubsetOf(expected), () => $"LEAK {address} tells {string.Join(' ', told.Except(expected))}");
        return answer;
    }

    internal static string Comparable(Answer answer, string name) =>
        // Sealed parts first: a short name may stand in one by chance.
        Sealed()
            .Replace(
                Fingerprint().Replace(Once().Replace(answer.Everything, "~"), "~"),
                m => $"<!--{m.Value.Replace("\\u002B", "+").Length}-->"
            )
            .Replace(name, "*");

    // A short name may stand in the name of a stylesheet by chance.
    [GeneratedRegex(@"(?<=\.)[a-z0-9]{10}(?=\.(css|js|svg|woff2)\b)")]
    private static partial Regex Fingerprint();

    private static string Difference(string a, string b)
    {
        var at = a.Zip(b).TakeWhile(x => x.First == x.Second).Count();
        string Around(string s) => s[Math.Max(0, Math.Min(s.Length, at) - 40)..Math.Min(s.Length, at + 80)];
        return $"«{Around(a)}» for «{Around(b)}»".ReplaceLineEndings(" ");
    }

    // Made anew for each answer, whatever is asked.
    [GeneratedRegex("""(?<=nonce="|'nonce-|__RequestVerificationToken" value=")[^"']*|(?<=Set-Cookie: )[^\n]*""")]
    private static partial Regex Once();

    // What only the server can read still has a length; a plus sign in it is written in six characters, and where one stands is chance.
    [GeneratedRegex("<!--Blazor[^>]*-->")]
    private static partial Regex Sealed();

    // ---- Needs ----

    private static string Title(NeedFacts need) => Mark(need.InEnglish ? "nu" : "nt", need.Number);

    public async Task Needs()
    {
        foreach (var need in rows.Needs)
        {
            var parts = CrossReference.Parts(who, need);
            string[] addresses =
            [
                "/needs/*",
                "/api/v1/needs/*",
                "/matches/*",
                .. need.Number % 5 == 0
                    ? (string[])
                        [
                            "/api/v1/needs/*/readers",
                            "/api/v1/needs/*/calendar",
                            "/needs/*/edit",
                            "/needs/*/translate",
                            "/needs/*/propose",
                            "/needs/*/reply",
                        ]
                    : [],
            ];
            if (parts == NeedParts.None || !CrossReference.EntersNeeds(who))
            {
                foreach (var address in addresses)
                    await Hidden(address, need.Reference, "NEED-2001-9999");
                continue;
            }
            foreach (var address in addresses[2..])
                await Ask(address.Replace("*", need.Reference));
            await Shown("/needs/" + need.Reference, OnPage(need, parts));
            if (await Shown("/api/v1/needs/" + need.Reference, InJson(need, parts)) is { } answer)
                Fields(need, parts, CrossReference.Gap(who, need, rows), answer.Json);
        }
    }

    private IEnumerable<string> OnPage(NeedFacts need, NeedParts parts)
    {
        yield return need.Reference;
        yield return Title(need);
        if (parts.HasFlag(NeedParts.Description))
            yield return Mark(need.InEnglish ? "ne" : "nd", need.Number);
        if (parts.HasFlag(NeedParts.Inner) && need.Status == NeedStatus.Returned)
            yield return Mark("nr", need.Number);
        foreach (var text in Texts(need, parts))
            yield return text;
        foreach (var proposal in rows.Proposals.Where(p => p.Need == need.Reference && CrossReference.Reads(who, p)))
        {
            yield return proposal.Reference;
            yield return Mark("pt", proposal.Number);
            if (proposal.Amount is { } amount)
                yield return Figure(amount);
        }
        foreach (
            var programme in rows.Programmes.Where(p =>
                p.Needs.Contains(need.Reference) && CrossReference.Parts(who, p) != ProgrammeParts.None
            )
        )
        {
            yield return programme.Reference;
            yield return Mark("gt", programme.Number);
        }
    }

    private static IEnumerable<string> InJson(NeedFacts need, NeedParts parts)
    {
        yield return need.Reference;
        yield return Mark("nt", need.Number);
        if (need.IsTranslated)
            yield return Mark("nu", need.Number);
        foreach (var text in Texts(need, parts).Where(t => !t.StartsWith("zqkaw", StringComparison.Ordinal)))
            yield return text;
        if (parts.HasFlag(NeedParts.Description))
        {
            yield return Mark("nd", need.Number);
            if (need.IsTranslated)
                yield return Mark("ne", need.Number);
        }
        if (parts.HasFlag(NeedParts.Inner))
            yield return Mark("nr", need.Number);
    }

    // Every field of the answer: what is shared is the row's own value, what is not is null.
    private void Fields(NeedFacts need, NeedParts parts, decimal? gap, JsonNode json)
    {
        void Field(string name, NeedParts part, object? value) =>
            Same(need.Reference, name, parts.HasFlag(part) ? value : null, json[name]);
        Field("state", NeedParts.Summary, need.State);
        Field("status", NeedParts.Summary, need.Status);
        Same(need.Reference, "parts", Names(parts), json["parts"]);
        Field("paragraphs", NeedParts.Background, need.Paragraphs);
        Field("origin", NeedParts.Background, need.Origin);
        Field("modalities", NeedParts.Modality, need.Modalities);
        Field("sectors", NeedParts.Modality, need.Sectors);
        Field("beneficiary", NeedParts.Beneficiary, need.Beneficiary);
        Field("urgency", NeedParts.Timeframe, need.Urgency);
        Field("from", NeedParts.Timeframe, need.From);
        Field("to", NeedParts.Timeframe, need.To);
        Field("estimatedCost", NeedParts.Cost, need.Cost);
        Field("acceptedAmount", NeedParts.Cost, need.Accepted);
        Field("fundingGap", NeedParts.Cost, gap);
        Field("currency", NeedParts.Cost, need.Currency);
        Field("returnNote", NeedParts.Inner, need.ReturnNote);
        Check((json["files"] is not null) == parts.HasFlag(NeedParts.Attachments), () => $"{need.Reference}: files");
        Check((json["consents"] is not null) == parts.HasFlag(NeedParts.Inner), () => $"{need.Reference}: consents");
        Check((json["lastConfirmedAt"] is not null) == parts.HasFlag(NeedParts.Inner), () => $"{need.Reference}: lastConfirmedAt");
        Check(
            json["texts"]!.AsArray().All(t => (t!["description"] is not null) == parts.HasFlag(NeedParts.Description)),
            () => $"{need.Reference}: description"
        );
    }

    private static IReadOnlyList<string> Names(NeedParts parts) =>
        [.. Enum.GetValues<NeedParts>().Where(p => int.PopCount((int)p) == 1 && (parts & p) != 0).Select(p => p.ToString())];

    private void Same(string reference, string name, object? expected, JsonNode? got)
    {
        static string Text(object? value) =>
            value switch
            {
                null => "null",
                decimal number => number.ToString("0.##", CultureInfo.InvariantCulture),
                DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                IEnumerable<string> list => string.Join(',', list),
                _ => value.ToString()!,
            };
        var found = got switch
        {
            null => "null",
            JsonArray list => string.Join(',', list.Select(x => x!.GetValue<string>())),
            JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => Text(value.GetValue<decimal>()),
            var value => value.GetValue<string>(),
        };
        Check(
            Text(expected) == found,
            () => $"{(expected is null ? "LEAK" : "DENIED")} API {reference}: {name} is {found}, not {Text(expected)}"
        );
    }

    public async Task Files()
    {
        foreach (var need in rows.Needs)
        foreach (var file in need.Files)
        {
            if (who.Place is not null && CrossReference.Parts(who, need).HasFlag(NeedParts.Attachments))
            {
                var (answer, told) = await Ask("/files/" + file.Id);
                Check(
                    answer.Status == 200 && answer.Bytes.Length > 0,
                    () => $"DENIED file {file.Number} of {need.Reference}: {answer.Status}"
                );
                Check(told.Contains(Mark("nf", file.Number)), () => $"DENIED the name of file {file.Number} of {need.Reference}");
            }
            else
            {
                await Hidden("/files/*", file.Id.ToString(), Nothing.ToString());
            }
        }
        foreach (var programme in rows.Programmes)
        foreach (var file in programme.Files)
        {
            if (who.Place is not null && CrossReference.Parts(who, programme).HasFlag(ProgrammeParts.Documents))
            {
                var (answer, told) = await Ask("/files/" + file.Id);
                Check(
                    answer.Status == 200 && answer.Bytes.Length > 0 && told.Contains(Mark("nf", file.Number)),
                    () => $"DENIED file {file.Number} of {programme.Reference}: {answer.Status}"
                );
            }
            else
            {
                await Hidden("/files/*", file.Id.ToString(), Nothing.ToString());
            }
        }
    }

    private static readonly Guid Nothing = new("019a0000-0000-7000-8000-000000000000");

    // ---- Proposals ----

    public async Task Proposals()
    {
        foreach (var proposal in rows.Proposals)
        {
            if (!CrossReference.Reads(who, proposal) || !CrossReference.EntersProposals(who))
            {
                foreach (
                    var address in (string[])
                        ["/proposals/*", "/api/v1/proposals/*", .. proposal.Number % 5 == 0 ? (string[])["/proposals/*/edit"] : []]
                )
                    await Hidden(address, proposal.Reference, "PROP-2001-9999");
                continue;
            }
            if (proposal.Number % 5 == 0)
                await Ask($"/proposals/{proposal.Reference}/edit");
            var need = rows.Needs.Single(n => n.Reference == proposal.Need);
            string[] texts = [proposal.Reference, proposal.Need, .. Texts(proposal, who)];
            await Shown(
                "/proposals/" + proposal.Reference,
                CrossReference.Parts(who, need) != NeedParts.None ? [.. texts, Mark("nt", need.Number), .. Like(proposal.Help)] : texts
            );
            await Shown("/api/v1/proposals/" + proposal.Reference, texts.Where(t => !t.StartsWith("zqkaw", StringComparison.Ordinal)));
        }
    }

    // ---- Programmes ----

    // Help that is the same, of what this looker sees both of.
    private IEnumerable<string> Like(HelpFacts? help) =>
        help is null
            ? []
            :
            [
                .. rows
                    .Programmes.Where(p =>
                        p.WasShared && p.Help is { } h && h.IsLike(help) && CrossReference.Parts(who, p) != ProgrammeParts.None
                    )
                    .SelectMany(p => new[] { p.Reference, p.Help!.Mark }),
                .. rows
                    .Proposals.Where(p =>
                        p.WasMade
                        && p.IsOpen
                        && p.Help!.IsLike(help)
                        && CrossReference.Reads(who, p)
                        && CrossReference.Parts(who, rows.Needs.Single(n => n.Reference == p.Need)) != NeedParts.None
                    )
                    .SelectMany(p => new[] { p.Reference, p.Help!.Mark }),
            ];

    public async Task Programmes()
    {
        foreach (var programme in rows.Programmes)
        {
            var parts = CrossReference.Parts(who, programme);
            string[] addresses = ["/programmes/*", "/api/v1/programmes/*", "/programmes/*/edit"];
            if (parts == ProgrammeParts.None || !CrossReference.EntersProgrammes(who))
            {
                foreach (var address in addresses)
                    await Hidden(address, programme.Reference, "PRG-2001-9999");
                continue;
            }
            await Ask($"/programmes/{programme.Reference}/edit");
            var needs = rows
                .Needs.Where(n => programme.Needs.Contains(n.Reference) && CrossReference.Parts(who, n) != NeedParts.None)
                .ToList();
            string[] texts = [programme.Reference, .. Texts(programme, parts), .. needs.Select(n => n.Reference)];
            await Shown(
                "/programmes/" + programme.Reference,
                [.. texts, .. needs.Select(n => Mark("nt", n.Number)), .. Like(programme.Help)]
            );
            if (
                await Shown(
                    "/api/v1/programmes/" + programme.Reference,
                    texts.Where(t => !t.StartsWith("zqkaw", StringComparison.Ordinal))
                ) is
                { } answer
            )
                foreach (
                    var (name, part) in new[]
                    {
                        ("description", ProgrammeParts.Description),
                        ("participants", ProgrammeParts.Description),
                        ("money", ProgrammeParts.Finance),
                        ("results", ProgrammeParts.Results),
                        ("documents", ProgrammeParts.Documents),
                        ("files", ProgrammeParts.Documents),
                    }
                )
                    Check((answer.Json[name] is not null) == parts.HasFlag(part), () => $"{programme.Reference}: {name}");
        }
    }

    // ---- The chain ----

    // Of what is seen it tells what this looker reads anywhere; by a name that is hidden it answers as by none.
    public async Task Chains()
    {
        foreach (var need in rows.Needs.Where(n => n.Number % 3 == 0))
            await Chain(
                need.Reference,
                CrossReference.EntersNeeds(who) && CrossReference.Parts(who, need) != NeedParts.None,
                "NEED-2001-9999"
            );
        foreach (var proposal in rows.Proposals.Where(p => p.Number % 3 == 0))
            await Chain(proposal.Reference, CrossReference.EntersNeeds(who) && CrossReference.Reads(who, proposal), "PROP-2001-9999");
        foreach (var programme in rows.Programmes.Where(p => p.Number % 3 == 0))
            await Chain(
                programme.Reference,
                CrossReference.EntersNeeds(who) && CrossReference.Parts(who, programme) != ProgrammeParts.None,
                "PRG-2001-9999"
            );
        foreach (var paragraph in new[] { "1373-1a", "1373-2g" })
            await Ask("/api/v1/trace/" + paragraph);
    }

    private async Task Chain(string reference, bool isSeen, string nothing)
    {
        foreach (var address in new[] { "/trace/*", "/api/v1/trace/*" })
            if (!isSeen)
                await Hidden(address, reference, nothing);
            else if (await Ask(address.Replace("*", reference)) is var (answer, told))
                Check(answer.Status == 200 && told.Contains(reference), () => $"DENIED {address} for {reference}: {answer.Status}");
    }

    // ---- The directory ----

    public async Task Directory()
    {
        foreach (var (slug, number) in rows.Bodies)
        {
            var profiles = rows.Profiles.Where(p => p.Slug == slug && CrossReference.Reads(who, p)).ToList();
            var offers = rows.Offers.Where(o => o.Slug == slug && CrossReference.Reads(who, o)).ToList();
            var nothing = new string('q', slug.Length);
            if (who.Place is null || (profiles.Count + offers.Count == 0 && !CrossReference.Writes(who, number)))
            {
                await Hidden("/providers/*", slug, nothing);
                await Hidden("/api/v1/directory/providers/*", slug, nothing);
                if (who.Place is null)
                    await InPublic(slug, nothing);
                continue;
            }
            string[] texts = [.. profiles.SelectMany(p => Texts(p, who)), .. offers.SelectMany(Texts)];
            await Shown("/providers/" + slug, texts);
            await Shown("/api/v1/directory/providers/" + slug, texts);
        }
        foreach (var offer in rows.Offers)
        {
            if (who.Place is not null && CrossReference.Reads(who, offer))
                await Shown("/api/v1/directory/offers/" + offer.Reference, Texts(offer));
            else
                await Hidden("/api/v1/directory/offers/*", offer.Reference, "OFFER-2001-9999");
        }
    }

    private async Task InPublic(string slug, string nothing)
    {
        string[] texts =
        [
            .. rows.Profiles.Where(p => p.Slug == slug).SelectMany(p => Texts(p, who)),
            .. rows.Offers.Where(o => o.Slug == slug && CrossReference.Reads(who, o)).SelectMany(Texts),
        ];
        if (texts.Length == 0)
            await Hidden("/en/directory/*", slug, nothing);
        else
            await Shown("/en/directory/" + slug, texts);
    }

    // ---- Reviews ----

    public async Task Reviews()
    {
        foreach (var review in rows.Reviews.GroupBy(r => r.Campaign))
        {
            var texts = review.Where(r => CrossReference.Reads(who, r)).Select(r => Mark("rw", r.Number)).ToList();
            foreach (var address in (string[])["/access/reviews/*", "/access/reviews/*/export?format=csv"])
                if (texts.Count == 0)
                    await Hidden(address, review.Key.ToString(), Nothing.ToString());
                else
                    await Shown(address.Replace("*", review.Key.ToString()), texts);
        }
    }

    // ---- Lists, exports, home, notices ----

    private static HashSet<string> Of(IEnumerable<string> told, string series) =>
        [.. told.Where(t => t.StartsWith(series, StringComparison.Ordinal))];

    private async Task Holds(string address, string series, IEnumerable<string> references)
    {
        var (answer, told) = await Ask(address);
        var (found, expected) = (Of(told, series), references.ToHashSet());
        Check(answer.Status == 200, () => $"DENIED {address} answers {answer.Status}");
        Check(found.IsSubsetOf(expected), () => $"LEAK {address} lists {string.Join(' ', found.Except(expected))}");
        Check(expected.IsSubsetOf(found), () => $"DENIED {address} does not list {string.Join(' ', expected.Except(found))}");
        if (answer.Status == 200 && answer.ContentHeaders.ContentType?.MediaType == "application/json")
            Check((int?)answer.Json["total"] == expected.Count, () => $"{address} counts {answer.Json["total"]}, not {expected.Count}");
    }

    public async Task Lists()
    {
        string[] needs = [.. rows.Needs.Where(n => CrossReference.Parts(who, n) != NeedParts.None).Select(n => n.Reference)];
        string[] proposals = [.. rows.Proposals.Where(p => CrossReference.Reads(who, p)).Select(p => p.Reference)];
        foreach (
            var address in new[]
            {
                "/needs?pageSize=200",
                "/api/v1/needs?pageSize=200",
                "/needs/export?format=csv",
                "/needs?pageSize=200&sort=State",
            }
        )
            if (CrossReference.EntersNeeds(who))
                await Holds(address, "NEED", needs);
            else
                Check((await Ask(address)).Answer.Status != 200, () => $"LEAK {address} is open");
        foreach (var address in new[] { "/proposals?pageSize=200", "/api/v1/proposals?pageSize=200", "/proposals/export?format=csv" })
            if (CrossReference.EntersProposals(who))
                await Holds(address, "PROP", proposals);
            else
                Check((await Ask(address)).Answer.Status != 200, () => $"LEAK {address} is open");
        string[] programmes = [.. rows.Programmes.Where(p => CrossReference.Parts(who, p) != ProgrammeParts.None).Select(p => p.Reference)];
        foreach (
            var address in new[]
            {
                "/programmes?pageSize=200",
                "/api/v1/programmes?pageSize=200",
                "/programmes/export?format=csv",
                "/programmes?pageSize=200&sort=Start",
                "/programmes?pageSize=200&view=Timeline",
            }
        )
            if (CrossReference.EntersProgrammes(who))
                await Holds(address, "PRG", programmes);
            else
                Check((await Ask(address)).Answer.Status != 200, () => $"LEAK {address} is open");
        if (CrossReference.EntersProgrammes(who))
            await Holds(
                "/api/v1/programmes?pageSize=200&state=KEN",
                "PRG",
                rows.Programmes.Where(p => p.States.Contains("KEN")).Select(p => p.Reference).Intersect(programmes)
            );
        await Ask("/programmes?view=Pipeline");
        await Ask("/programmes/iati/export");
        await Ask("/programmes/iati/organisation/export");
        foreach (var state in new[] { "KEN", "PER", "JPN" })
            if (CrossReference.EntersNeeds(who))
                await Holds(
                    "/api/v1/needs?pageSize=200&state=" + state,
                    "NEED",
                    rows.Needs.Where(n => n.State == state).Select(n => n.Reference).Intersect(needs)
                );
        if (CrossReference.EntersNeeds(who))
            await Matches();
        foreach (
            var address in new[]
            {
                "/home",
                "/matches",
                "/matches?only=NotForUs",
                "/funding-gap",
                "/funding-gap?by=Need",
                "/funding-gap/export?format=csv&by=Need",
                "/api/v1/funding-gap?by=Need",
                "/matches/export?format=csv",
                "/notifications",
                "/providers",
                "/providers/export?format=csv",
                "/api/v1/assistance",
                "/api/v1/views",
                "/search?q=training",
                "/en",
                "/fr",
                "/en/directory",
                "/sitemap.xml",
                "/needs/export?format=xlsx",
                "/audit/export?format=csv",
            }
        )
            await Ask(address);
        foreach (var state in new[] { "KEN", "PER", "JPN" })
            await State(state);
        if (who.Place is not null)
            await Members();
    }

    // Of a State: every record that this looker sees of it, and no other.
    private async Task State(string iso3)
    {
        await Ask("/states/" + iso3);
        await Ask($"/api/v1/states/{iso3}/picture");
        if (!CrossReference.EntersNeeds(who))
            return;
        var export = $"/states/{iso3}/export?format=csv";
        await Holds(
            export,
            "NEED",
            rows.Needs.Where(n => n.State == iso3 && CrossReference.Parts(who, n) != NeedParts.None).Select(n => n.Reference)
        );
        await Holds(export, "PROP", rows.Proposals.Where(p => p.State == iso3 && CrossReference.Reads(who, p)).Select(p => p.Reference));
        await Holds(
            export,
            "PRG",
            rows.Programmes.Where(p => p.States.Contains(iso3) && CrossReference.Parts(who, p) != ProgrammeParts.None)
                .Select(p => p.Reference)
        );
    }

    // Every need that is listed with an offer is one that is matched for this looker, with an offer that they may read; a provider's are
    // its own.
    private async Task Matches()
    {
        var (_, told) = await Ask("/matches?pageSize=200");
        var own = who.IsProvider || who.IsPartner;
        var needs = rows
            .Needs.Where(n =>
                CrossReference.Parts(who, n) != NeedParts.None
                && n.Status is NeedStatus.Authenticated or NeedStatus.Circulated or NeedStatus.Matched
            )
            .Select(n => n.Reference);
        var offers = rows.Offers.Where(o => o.IsOpen && (!own || o.Organisation == who.Organisation)).Select(o => o.Reference);
        Check(Of(told, "NEED").IsSubsetOf(needs), () => $"LEAK /matches lists {string.Join(' ', Of(told, "NEED").Except(needs))}");
        Check(Of(told, "OFFER").IsSubsetOf(offers), () => $"LEAK /matches lists {string.Join(' ', Of(told, "OFFER").Except(offers))}");
        if (who.Role is Role.AssistanceOfficer)
            Check(Of(told, "NEED").Count > 5, () => "DENIED /matches lists next to nothing");
    }

    // Organisations with a profile or an open offer, page by page.
    private async Task Members()
    {
        var expected = rows
            .Bodies.Where(b =>
                rows.Profiles.Any(p => p.Slug == b.Slug && CrossReference.Reads(who, p))
                || rows.Offers.Any(o => o.Slug == b.Slug && o.IsOpen && CrossReference.Reads(who, o))
            )
            .Select(b => b.Slug)
            .Order(StringComparer.Ordinal)
            .ToList();
        var found = new List<string>();
        for (var page = 1; page <= 1 + (expected.Count / 20) && page < 20; page++)
        {
            var (answer, _) = await Ask("/api/v1/directory/providers?page=" + page);
            Check((int?)answer.Json["total"] == expected.Count, () => $"the directory counts {answer.Json["total"]}, not {expected.Count}");
            found.AddRange(answer.Json["items"]!.AsArray().Select(i => (string)i!["code"]!));
        }
        Check(
            expected.SequenceEqual(found.Distinct().Order(StringComparer.Ordinal)),
            () => $"the directory lists {string.Join(' ', found)}, not {string.Join(' ', expected)}"
        );
    }

    // ---- Search ----

    // Words are found by their beginning, so one search asks for the same field of every record.
    public async Task Searches()
    {
        if (CrossReference.EntersNeeds(who))
            foreach (var (field, part) in new[] { ("nt", NeedParts.Summary), ("nd", NeedParts.Description), ("nb", NeedParts.Beneficiary) })
            {
                var found = rows.Needs.Where(n => CrossReference.Parts(who, n).HasFlag(part)).Select(n => n.Reference).ToList();
                await Holds($"/api/v1/needs?pageSize=200&q=zqk{field}", "NEED", found);
                await Holds($"/needs?pageSize=200&q=zqk{field}", "NEED", found);
            }
        if (CrossReference.EntersProposals(who))
            foreach (var field in new[] { "pt", "pd" })
                await Holds(
                    $"/api/v1/proposals?pageSize=200&q=zqk{field}",
                    "PROP",
                    rows.Proposals.Where(p => CrossReference.Reads(who, p)).Select(p => p.Reference)
                );
        if (CrossReference.EntersProgrammes(who))
            foreach (
                var (field, part) in new[]
                {
                    ("gt", ProgrammeParts.Summary),
                    ("gd", ProgrammeParts.Description),
                    ("gp", ProgrammeParts.Description),
                }
            )
                await Holds(
                    $"/api/v1/programmes?pageSize=200&q=zqk{field}",
                    "PRG",
                    rows.Programmes.Where(p => CrossReference.Parts(who, p).HasFlag(part)).Select(p => p.Reference)
                );
        foreach (var need in rows.Needs.Where(n => n.Number % 6 == 0))
        {
            var isSeen = CrossReference.EntersNeeds(who) && CrossReference.Parts(who, need) != NeedParts.None;
            var (_, told) = await Ask("/search?q=" + Mark("nt", need.Number));
            Check(
                told.Contains(need.Reference) == isSeen,
                () => $"{(isSeen ? "DENIED" : "LEAK")} search for the title of {need.Reference}"
            );
        }
        if (who.Place is null)
            return;
        var (answer, _) = await Ask("/api/v1/directory/providers?q=zqkss");
        var profiles = rows.Profiles.Count(p => CrossReference.Reads(who, p));
        Check((int?)answer.Json["total"] == profiles, () => $"search for profiles counts {answer.Json["total"]}, not {profiles}");
    }

    // ---- Pages of no record ----

    public async Task Gates(IEnumerable<string> routes)
    {
        // What is public is one page for everyone, from one cache.
        foreach (var route in routes.Where(r => CrossReference.Pages.ContainsKey(r) || who.Place is null))
        {
            var (answer, _) = await Ask(route);
            var roles = CrossReference.Pages.GetValueOrDefault(route);
            var expected = roles is null || (who.Role is { } role && roles.Contains(role));
            var toSignIn = answer.Headers.Location?.OriginalString.StartsWith("/account/sign-in", StringComparison.Ordinal) == true;
            var isOpen = answer.Status is 200 or 302 && !toSignIn;
            Check(isOpen == expected, () => $"{(expected ? "DENIED" : "LEAK")} {route} answers {answer.Status} {answer.Headers.Location}");
        }
    }
}
