using System.Reflection;
using System.Text.RegularExpressions;
using Portal.Access;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Calendar;
using Portal.Domain.Collaboration;
using Portal.Domain.Committee;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Identity;
using Portal.Imports;
using Portal.Shell;

namespace Portal.Tests.House;

/// <summary>Every word on a screen exists in the six official languages.</summary>
public sealed partial class WordLaws
{
    private static readonly string[] Tags = ["ar", "zh-Hans", "fr", "ru", "es"];

    private static readonly IReadOnlyList<string> Neutral =
    [
        .. Sources.Of(".resx").Select(f => f.Path).Where(p => !Tags.Any(t => p.EndsWith($".{t}.resx", StringComparison.Ordinal))),
    ];

    private static string In(string neutral, string tag) => neutral[..^5] + $".{tag}.resx";

    [Fact]
    public void Every_file_of_words_exists_in_six_languages_and_belongs_to_a_marker()
    {
        Assert.True(Neutral.Count > 3);
        Sources.None(
            from n in Neutral
            from t in Tags
            where !File.Exists(Path.Combine(Sources.Root, In(n, t)))
            select In(n, t),
            "Missing files:"
        );
        Sources.None(
            Neutral.Where(n => typeof(PortalDb).Assembly.GetType(n[..^5].Replace('/', '.')) is null),
            "Files of words without a marker class of their name:"
        );
    }

    [Fact]
    public void Every_language_has_the_same_keys_and_no_empty_word() =>
        Sources.None(
            from n in Neutral
            let english = Sources.Words(n)
            from t in Tags
            where File.Exists(Path.Combine(Sources.Root, In(n, t)))
            let other = Sources.Words(In(n, t))
            from finding in english
                .Keys.Except(other.Keys)
                .Select(k => $"{In(n, t)}: {k} is missing")
                .Concat(other.Keys.Except(english.Keys).Select(k => $"{In(n, t)}: {k} is too many"))
                .Concat(other.Concat(english).Where(w => string.IsNullOrWhiteSpace(w.Value)).Select(w => $"{In(n, t)}: {w.Key} is empty"))
            select finding,
            "Words:"
        );

    [Fact]
    public void Every_language_fills_the_same_places()
    {
        static string Places(string words) => string.Join(' ', Place().Matches(words).Select(m => m.Value).Distinct().Order());
        Sources.None(
            from n in Neutral
            let english = Sources.Words(n)
            from t in Tags
            where File.Exists(Path.Combine(Sources.Root, In(n, t)))
            from word in Sources.Words(In(n, t))
            where english.TryGetValue(word.Key, out var e) && Places(e) != Places(word.Value)
            select $"{In(n, t)}: {word.Key}",
            "Places that differ from the English:"
        );
    }

    [GeneratedRegex(@"\{\d+[^}]*\}")]
    private static partial Regex Place();

    /// <summary>Names and codes that are written alike in every language.</summary>
    private static readonly string[] Alike =
    [
        "CSV",
        "Excel",
        "JSON",
        "API",
        "URL",
        "PDF",
        "IATI",
        "OpenAPI",
        "TOTP",
        "CTED",
        "HTTPS",
        "ISO 4217",
        "ISO 3166",
        "UTC",
        "en",
        "ar",
        "fr",
        "ru",
        "es",
        "zh-Hans",
    ];

    [Fact]
    public void No_word_is_left_in_English()
    {
        Sources.None(
            from n in Neutral
            let english = Sources.Words(n)
            from t in Tags
            where File.Exists(Path.Combine(Sources.Root, In(n, t)))
            from word in Sources.Words(In(n, t))
            where english.TryGetValue(word.Key, out var e) && e == word.Value && LooksEnglish(e, t)
            select $"{In(n, t)}: {word.Key} = {word.Value}",
            "Not translated:"
        );

        static bool LooksEnglish(string words, string tag)
        {
            var left = Alike.Aggregate(Place().Replace(words, ""), (w, name) => Regex.Replace(w, $@"\b{Regex.Escape(name)}\b", ""));
            var letters = left.Count(char.IsAsciiLetter);
            // French and Spanish share many single words with English (Documents, Action, Total), but hardly a sentence.
            return tag is "fr" or "es" ? letters > 12 && left.Trim().Contains(' ') : letters > 2;
        }
    }

    [Fact]
    public void Arabic_Chinese_and_Russian_are_written_in_their_own_script()
    {
        var scripts = new Dictionary<string, Regex>
        {
            ["ar"] = Arabic(),
            ["zh-Hans"] = Han(),
            ["ru"] = Cyrillic(),
        };
        Sources.None(
            from n in Neutral
            from script in scripts
            where File.Exists(Path.Combine(Sources.Root, In(n, script.Key)))
            from word in Sources.Words(In(n, script.Key))
            where word.Value.Count(char.IsLetter) > 8 && !script.Value.IsMatch(word.Value)
            select $"{In(n, script.Key)}: {word.Key} = {word.Value}",
            "In another script:"
        );
    }

    [GeneratedRegex(@"\p{IsArabic}")]
    private static partial Regex Arabic();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();

    [GeneratedRegex(@"\p{IsCyrillic}")]
    private static partial Regex Cyrillic();

    /// <summary>English that first readers stumbled over; each was written anew, and none comes back.</summary>
    private static readonly string[] Stumbled =
    [
        "mend",
        "anew",
        "This is required",
        "Give up",
        "Write chosen",
        "Known of",
        "All, each once",
        "It is completed",
        "Bring before",
        "Take back",
        "Line of time",
        "Nobody fits",
        "No grant fits",
        "No row fits",
        "How you are told",
        "Open the list with it",
        "So no level is left",
        "Before CTED at this stage",
        "counts whole",
        "Days it lives",
        "Six figures",
        "Picture of",
        "what it comes to",
    ];

    [Fact]
    public void No_English_is_left_that_readers_stumbled_over() =>
        Sources.None(
            from n in Neutral
            from word in Sources.Words(n)
            from phrase in Stumbled
            where Regex.IsMatch(word.Value, $@"\b{Regex.Escape(phrase)}\b", RegexOptions.IgnoreCase)
            select $"{n}: {word.Key} = {word.Value}",
            "Not as a drafter would write it:"
        );

    [Fact]
    public void Every_word_asked_for_exists()
    {
        var words = Neutral
            .GroupBy(n => Path.GetFileNameWithoutExtension(n))
            .ToDictionary(g => g.Key, g => g.SelectMany(n => Sources.Words(n).Keys).ToHashSet());
        Sources.None(
            from file in Sources.Of(".cs", ".razor")
            from injected in Localizer().Matches(file.Text)
            let marker = injected.Groups["marker"].Value
            where marker != "T"
            let known = words.GetValueOrDefault(marker) ?? []
            from used in Regex.Matches(file.Text, $@"(?<![\w.]){injected.Groups["name"].Value}\[(?<asked>[^\],]+)[\],]")
            from literal in Asked().Matches(used.Groups["asked"].Value)
            let key = literal.Groups["key"].Value
            where !(literal.Groups["joined"].Success ? known.Any(k => k.StartsWith(key, StringComparison.Ordinal)) : known.Contains(key))
            select $"{file.Path}: {marker} has no {key}",
            "Words that do not exist:"
        );
    }

    // A word itself, one of two, or the beginning of several.
    [GeneratedRegex(@"(?<=^|[?:]\s*)""(?<key>[^""{]+)""(?<joined>\s*\+)?")]
    private static partial Regex Asked();

    [GeneratedRegex(@"IStringLocalizer<(?:\w+\.)*(?<marker>\w+)>\s+(?<name>\w+)")]
    private static partial Regex Localizer();

    // ---- Codes of the domain, said by Say

    private const string CodeFile = "Portal/Shell/CodeWords.resx";

    /// <summary>The files in which the words of codes stand: the shared one, and one of each kind.</summary>
    internal static readonly IReadOnlyList<string> CodeFiles =
    [
        CodeFile,
        .. RecordRooms.All.Select(r => r.Words).Distinct().Select(w => w.FullName!.Replace('.', '/') + ".resx"),
    ];

    private static readonly Lazy<HashSet<string>> Codes = new(() =>
        [.. CodeFiles.SelectMany(f => Sources.Words(f).Keys).Where(k => k.Contains(':', StringComparison.Ordinal))]
    );

    [Fact]
    public void Every_code_has_its_words_in_one_place() =>
        Sources.None(
            CodeFiles
                .SelectMany(f => Sources.Words(f).Keys.Where(k => k.Contains(':', StringComparison.Ordinal)).Select(k => (Key: k, File: f)))
                .GroupBy(k => k.Key)
                .Where(g => g.Count() > 1)
                .Select(g => $"{g.Key}: {string.Join(", ", g.Select(k => k.File))}"),
            "Codes with words in several files:"
        );

    private static IEnumerable<string> Literals(string arguments) => CodeLiteral().Matches(arguments).Select(m => m.Groups["code"].Value);

    [GeneratedRegex(@"""(?<code>[a-z][a-z_]*(?:\.[a-z_]+)+)""")]
    private static partial Regex CodeLiteral();

    [Fact]
    public void Every_refusal_has_its_words() => Said("refusal", @"\bRefusal\.(?:If|Unless)", @"\bnew Refusal", @"\bthrow Refuse");

    [Fact]
    public void Every_act_has_its_words() => Said("act", @"\bnew Act", @"\bMove", @"\bFileChanged");

    [Fact]
    public void Every_notice_has_its_words() =>
        Sources.None(NoticeEvents.All.Select(e => $"notice:{e.Code}").Where(k => !Codes.Value.Contains(k)), "Codes without words:");

    private static void Said(string family, params string[] calls) =>
        Sources.None(
            from file in Sources.Of(".cs")
            let code = Sources.Code(file.Text)
            from call in calls
            from arguments in Sources.Arguments(code, call)
            from literal in Literals(arguments)
            where !Codes.Value.Contains($"{family}:{literal}")
            // A call that tells or acts may also refuse among its arguments; that has a law of its own.
            where family == "refusal" || !Codes.Value.Contains($"refusal:{literal}")
            select $"{family}:{literal} ({file.Path})",
            "Codes without words:"
        );

    [Fact]
    public void Every_column_has_one_heading_on_the_screen_in_files_and_in_tables_to_fill_in()
    {
        Sources.None(
            from file in Sources.Of(".cs", ".razor")
            from match in Heading().Matches(Sources.Code(file.Text))
            where !Codes.Value.Contains($"column:{match.Groups["key"].Value}")
            select $"column:{match.Groups["key"].Value} ({file.Path})",
            "Columns without words:"
        );
    }

    [GeneratedRegex(@"\b(Column|CodesOf|MomentsOf)\(""(?<key>[a-z_]+)""\)")]
    private static partial Regex Heading();

    private static readonly Dictionary<string, string[]> Families = new()
    {
        ["nav"] = [.. Places.All.Select(p => p.Name), .. RecordRooms.Lists.Select(l => l.Kind.Plural.ToLowerInvariant())],
        ["new"] = [.. RecordRooms.All.Where(r => r.CanBegin is not null).Select(r => r.Kind.Name)],
        ["status"] = [.. Kinds.All.SelectMany(k => k.Stages)],
        ["column"] =
        [
            .. ListLaws.Headings,
            .. RecordRooms.Lists.Select(l => Columns.Key(l.Kind.Name)),
            .. Enum.GetValues<ImportSubject>().SelectMany(TableFields.Of).Select(f => f.Column).OfType<string>(),
            "code_of",
            "iso_of",
            "utc_of",
        ],
        ["sort"] = [.. ListLaws.Orders],
        ["participant"] = Enum.GetNames<ParticipantRole>(),
        ["money"] = Enum.GetNames<MoneyKind>(),
        ["result"] = Enum.GetNames<ResultKind>(),
        ["role"] = Enum.GetNames<Role>(),
        ["level"] = Enum.GetNames<Level>(),
        ["kind"] = [.. Kinds.All.Select(k => k.Name), .. Enum.GetNames<OrganisationKind>()],
        ["section"] = Enum.GetNames<Section>(),
        ["rule"] = Enum.GetNames<ExposureRule>(),
        ["urgency"] = Enum.GetNames<Urgency>(),
        ["body"] = Enum.GetNames<Body>(),
        ["authentic"] = Enum.GetNames<Language>(),
        ["position"] = Enum.GetNames<AnswerPosition>(),
        ["place"] = Enum.GetNames<TextPlace>(),
        ["quality"] = Enum.GetNames<QualityItem>(),
        ["holiday"] = Enum.GetNames<HolidayName>(),
        ["reason"] = Enum.GetNames<MatchReason>(),
        ["notnow"] = Enum.GetNames<NotNowReason>(),
        ["notforus"] = Enum.GetNames<NotForUsReason>(),
        ["origin"] = Enum.GetNames<NeedOrigin>(),
        ["part"] = ["None", "Whole", .. Kinds.All.SelectMany(k => k.Parts.Named.Select(p => $"{k}.{p.Name}"))],
        ["talk"] = [.. Kinds.All.SelectMany(k => k.Talks.Select(p => $"{k}.{p.Name}"))],
        ["fault"] = [.. Enum.GetNames<AuditFault>(), AuditService.Whole],
        ["viewing"] = Enum.GetNames<ViewingEnd>(),
        ["period"] = ["from", "until"],
        ["factor"] = ["password", "code", "recovery", "passkey", "invitation", "oidc"],
        ["mail"] = Enum.GetNames<MailKind>(),
        ["mail_state"] = Enum.GetNames<MailState>(),
        ["audience"] =
        [
            .. typeof(Audience)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(f => f.FieldType == typeof(Audience))
                .Select(f => ((Audience)f.GetValue(null)!).Key),
            "states",
        ],
    };

    [Fact]
    public void Every_member_of_the_families_that_are_said_has_its_words() =>
        Sources.None(
            from family in Families
            from member in family.Value
            where !Codes.Value.Contains($"{family.Key}:{member}")
            select $"{family.Key}:{member}",
            "Codes without words:"
        );

    [Fact]
    public void Every_act_on_a_file_has_its_words() =>
        Sources.None(
            from kind in Kinds.All
            where kind.Files is not null
            from verb in new[] { "file_added", "file_read", "file_removed" }
            where !Codes.Value.Contains("act:" + kind.Act(verb))
            select kind.Act(verb),
            "Codes without words:"
        );

    [Fact]
    public void Every_act_in_a_discussion_has_its_words() =>
        Sources.None(
            from kind in Kinds.All
            where kind.Talks.Count > 0
            from verb in new[] { "thread_opened", "thread_answered", "thread_resolved", "message_edited", "message_withdrawn" }
            where !Codes.Value.Contains("act:" + kind.Act(verb))
            select kind.Act(verb),
            "Codes without words:"
        );

    [Fact]
    public void Every_list_has_the_words_of_its_export_and_of_what_is_begun_there() =>
        Sources.None(
            RecordRooms
                .Lists.Select(l => "act:" + l.Kind.Act("exported"))
                .Concat(RecordRooms.All.Where(r => r.CanBegin is not null).Select(r => "unsaved:" + r.Kind.Name.ToLowerInvariant()))
                .Where(code => !Codes.Value.Contains(code)),
            "Codes without words:"
        );

    [Fact]
    public void Every_figure_and_everything_that_waits_has_its_words()
    {
        var said = Sources
            .Of(".cs")
            .Where(f => f.Path.StartsWith("Portal/Home/", StringComparison.Ordinal))
            .SelectMany(f => OnHome().Matches(Sources.Code(f.Text)).Select(m => m.Groups["key"].Value))
            .Distinct()
            .ToList();
        Assert.True(said.Count > 20, $"Only {said.Count} were found.");
        Sources.None(said.Where(key => !Codes.Value.Contains(key)), "Codes without words:");
        // They are said of one record, of those beyond the list and of those that are masked: with nothing to fill in.
        var english = CodeFiles.SelectMany(Sources.Words).ToLookup(w => w.Key, w => w.Value);
        Sources.None(said.Where(key => Place().IsMatch(english[key].First())), "Said without what fills their places:");
    }

    [GeneratedRegex(@"""(?<key>(?:figure|wait):[a-z_]+(?:\.[a-z_]+)*)""")]
    private static partial Regex OnHome();

    [Fact]
    public void Every_family_that_is_said_is_held_to_these_laws() =>
        Sources.None(
            from file in Sources.Of(".cs", ".razor")
            from match in Family().Matches(Sources.Code(file.Text))
            let family = match.Groups["family"].Value
            where !Families.ContainsKey(family) && family is not ("refusal" or "act" or "notice")
            select $"{family} ({file.Path})",
            "Families without a law:"
        );

    [GeneratedRegex(@"\bCode\(""(?<family>[a-z_]+)""")]
    private static partial Regex Family();
}
