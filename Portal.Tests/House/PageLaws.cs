using System.Text.RegularExpressions;

namespace Portal.Tests.House;

/// <summary>Laws of the pages: they draw, and neither query nor decide.</summary>
public sealed partial class PageLaws
{
    private static readonly IReadOnlyList<(string Path, string Text)> Pages = Sources.Of(".razor");

    private static void None(Regex pattern, string law, params string[] except) =>
        Sources.None(
            from page in Pages
            where !except.Contains(page.Path)
            from match in pattern.Matches(Sources.Code(page.Text))
            select $"{page.Path}: {match.Value.Trim()}",
            law
        );

    [Fact]
    public void There_are_pages_to_hold_to_the_laws() => Assert.True(Pages.Count > 20);

    // What is asked about is done by the question, so that it is refused there too and not behind it when it is closed.
    [Fact]
    public void What_is_asked_about_is_done_where_it_is_asked() =>
        Sources.None(
            from page in Pages
            where
                page.Path
                    is not (
                        "Portal/Assessments/CirculatePage.razor" // several at once: each is refused by itself, and they are listed
                        or "Portal/Assessments/DossierLines.razor" // a line that stands on this screen alone
                    )
            from asked in Sources.Arguments(Sources.Code(page.Text), @"Ask\.Open")
            where asked.Contains("Task.CompletedTask", StringComparison.Ordinal)
            select page.Path,
            "Questions that do nothing:"
        );

    // Characters and not lines: a law of lines makes them wide.
    [Fact]
    public void No_page_or_component_is_longer_than_12_000_characters() =>
        Sources.None(Pages.Where(p => p.Text.Length > 12_000).Select(p => $"{p.Path}: {p.Text.Length}"), "Longer than 12,000 characters:");

    [Fact]
    public void Whoever_keeps_what_is_typed_shows_what_was_saved_meanwhile_and_leaves_the_words_with_their_writer() =>
        Sources.None(
            from page in Pages
            let markup = Regex.Replace(Sources.Code(page.Text), @"\(\s+", "(")
            where markup.Contains("<Keeper ", StringComparison.Ordinal)
            where
                !Regex.IsMatch(markup, @"<Keeper (?:""[^""]*""|[^>""])*\bOf=""edit""")
                || (
                    Regex.IsMatch(markup, @"Editing<[\w.<>]+>\.Of\(")
                    && !new[] { "<MergeTable ", "<LostText ", ".Save(version =>" }.All(p => markup.Contains(p, StringComparison.Ordinal))
                )
            select page.Path,
            "Forms that keep what is typed without what it began on:"
        );

    // Others go on working while a question is open: what it decides is held against what was on the screen when it was asked.
    [Fact]
    public void Whatever_is_decided_on_a_need_a_proposal_or_a_programme_is_decided_on_what_the_screen_shows()
    {
        var acts = (
            from page in Pages
            where page.Path.StartsWith("Portal/Assistance/", StringComparison.Ordinal) || page.Path == "Portal/Collaboration/Verb.razor"
            from Match act in Decision().Matches(Sources.Code(page.Text))
            select (page.Path, Text: Regex.Replace(act.Value, @"\s+", ""))
        ).ToList();
        Assert.True(acts.Count > 30, $"Only {acts.Count} acts were found");
        Sources.None(Undecided.Where(u => !acts.Exists(a => a.Text.Contains(u, StringComparison.Ordinal))), "Excused and not there:");
        Sources.None(
            from act in acts
            where !new[] { "een)", "een])", "[new(" }.Any(seen => act.Text.Contains(seen, StringComparison.Ordinal))
            where !Undecided.Any(u => act.Text.Contains(u, StringComparison.Ordinal))
            select $"{act.Path}: {act.Text}",
            "Acts that do not say what they were decided on:"
        );
    }

    // What is only the actor's own to say, or names the very thing that it takes away or adds.
    private static readonly string[] Undecided =
    [
        "Matches.SayNo(",
        "Matches.TakeBackNo(",
        "OnRemove(file.Id)",
        "Rates.Remove(",
        "Programmes.Serve(",
        "FollowUp.SetMilestone(",
        "Answers.Ask(",
        "Answers.Answer(",
        "Answers.SayNotNow(",
    ];

    [GeneratedRegex(@"Ask(?:ing)?\.(?:Open|Run)\((?:[^()]|\((?:[^()]|\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\))*\))*\)")]
    private static partial Regex Decision();

    // Today is the reader's and the last day of a period is told as it was entered: neither is the day that a clock shows in Greenwich.
    [Fact]
    public void No_page_takes_the_day_in_Greenwich_for_today_or_an_end_for_a_day() =>
        None(
            new Regex(
                @"DateOnly\.FromDateTime\((?:Clock\.|clock\.|Now\b|DateTime)[^)]*|Until is \{ \} (\w+) \? DateOnly\.FromDateTime\(\1\)"
            ),
            "Days that are not the reader's:"
        );

    // A component is drawn once while it still waits for what it loads: what is not there yet is asked for, never taken as there.
    [Fact]
    public void No_page_takes_what_it_loads_for_there_before_it_is() =>
        Sources.None(
            from page in Pages
            where Regex.IsMatch(page.Text, @"Task On(?:Initialized|ParametersSet)Async\(")
            from Match field in PromisedField().Matches(page.Text)
            select $"{page.Path}: {field.Value.Trim()}",
            "Fields promised before they are loaded:"
        );

    [GeneratedRegex(@"^ +private [\w<>, .]+ \w+ = (?:null|default)!;", RegexOptions.Multiline)]
    private static partial Regex PromisedField();

    [Fact]
    public void No_page_opens_the_database() => None(Database(), "Pages that reach past their service:");

    [GeneratedRegex(@"\b(PortalDb|DbContext|PortalStore|IQueryable|SaveChangesAsync|ActorSource\.Open|Actors\.Open)\b")]
    private static partial Regex Database();

    [Fact]
    public void No_page_has_an_inline_style() => None(Style(), "Inline styles, which the content security policy refuses:");

    [GeneratedRegex(@"\sstyle=|<style\b")]
    private static partial Regex Style();

    [Fact]
    public void No_page_has_an_inline_script() => None(Script(), "Inline scripts, which the content security policy refuses:");

    [GeneratedRegex(@"<script(?![^>]*\b(src|nonce)=)[^>]*>|\son[a-z]+=""(?!@)|javascript:")]
    private static partial Regex Script();

    [Fact]
    public void No_page_writes_unescaped_markup() => None(Raw(), "Markup written past the escaping:", "Portal/Identity/CodesPage.razor"); // a QR code drawn by the portal itself

    [GeneratedRegex(@"\(MarkupString\)|new MarkupString")]
    private static partial Regex Raw();

    [Fact]
    public void No_page_writes_into_a_field_that_somebody_types_in() =>
        None(
            Written(),
            "Fields with a value and a handler of their own, which the answer to one key overwrites while the next are typed; bind them:"
        );

    // What is ticked is not typed.
    [GeneratedRegex(
        @"<(?:input|textarea)\b(?!(?:=>|[^>])*\btype=""(?:checkbox|radio)"")(?=(?:=>|[^>])*\bvalue=""@)(?:=>|[^>])*@on(?:change|input)="
    )]
    private static partial Regex Written();

    [Fact]
    public void Every_date_of_a_screen_is_the_date_input() =>
        None(Date(), "Dates that are no DateInput; each key of a date is a change of its own:");

    // A field with a name is a form's without a circuit.
    [GeneratedRegex(@"<input\b(?![^>]*\bname=)[^>]*\btype=""date""[^>]*>")]
    private static partial Regex Date();

    // Not where there is no circuit; and what ends a session throws its circuit away.
    [Fact]
    public void Every_page_is_turned_by_what_is_drawn() =>
        Sources.None(
            from page in Sources.Of(".razor", ".razor.cs")
            where
                !page.Path.StartsWith("Portal/Identity/", StringComparison.Ordinal)
                && !page.Text.Contains("ExcludeFromInteractiveRouting", StringComparison.Ordinal)
                && page.Path != "Portal/Shell/RedirectToSignIn.razor"
            where Sources.Code(page.Text).Contains(".NavigateTo(", StringComparison.Ordinal)
            select page.Path,
            "Pages turned by a call, which a line that breaks loses after the act was done; use Go:"
        );

    [Fact]
    public void Every_dialog_is_left_in_the_same_way() =>
        None(Dialogs(), "Dialogs without the common frame, which throw away what was written in them:", "Portal/Shell/DialogFrame.razor");

    [GeneratedRegex(@"<MudDialog\b")]
    private static partial Regex Dialogs();

    [Fact]
    public void No_text_on_a_page_is_written_in_one_language()
    {
        // Words between tags: letters that stand outside of code, tags, attributes and comments.
        Sources.None(
            from page in Pages
            let markup = CodeBlock().Replace(Sources.Code(page.Text), "")
            from match in Spoken().Matches(markup)
            let words = match.Groups["words"].Value.Trim()
            where !Names.Contains(words)
            select $"{page.Path}: {words}",
            "Text that is not in the words of a room:"
        );
    }

    /// <summary>Names and signs that are the same in every language.</summary>
    private static readonly string[] Names = ["UTC", "NEED", "PROP", "TOTP", "API", "JSON", "DOCX", "PDF", "XLSX", "CSV", "Excel"];

    [GeneratedRegex(@"@code\s*\{[\s\S]*\z")]
    private static partial Regex CodeBlock();

    [GeneratedRegex(
        @"<(?:p|h[1-6]|li|a|button|label|th|td|dt|dd|span|summary|legend|option|small|strong|div)\b[^<>@]*>(?<words>\s*[A-Z][A-Za-z’',. ]{2,})</"
    )]
    private static partial Regex Spoken();

    [Fact]
    public void A_box_is_set_to_how_it_stands_on_the_screen()
    {
        // A change that is lost with the line, or that arrives twice, leaves a box that turns over saying the opposite of what is seen.
        Sources.None(
            from page in Pages
            from match in Box().Matches(Sources.Code(page.Text))
            let handler = match.Groups["handler"].Value
            where
                match.Groups["kind"].Value == "checkbox"
                    ? handler.Length > 0 && !IsAbsolute(handler, page.Text)
                    : Relative().IsMatch(handler)
            select $"{page.Path}: {handler}",
            "Boxes that are not set from the value of their event:"
        );
        Sources.None(
            from page in Pages
            from match in Turned().Matches(Sources.Code(page.Text))
            select $"{page.Path}: {match.Value.Trim()}",
            "Choices that are turned over instead of set:"
        );
        Assert.True(Pages.Sum(p => Box().Count(Sources.Code(p.Text))) > 10);
    }

    // The value is read where the handler stands, or in the method of that name.
    private static bool IsAbsolute(string handler, string page) =>
        handler.Contains("e.Value is true", StringComparison.Ordinal)
        || Regex.IsMatch(page, $@"\b{Regex.Escape(handler)}\(ChangeEventArgs e\)[^;}}]*e\.Value is true");

    [GeneratedRegex(
        @"<input\b(?:=>|[^>])*?type=""(?<kind>checkbox|radio)""(?:=>|[^>])*?(?:@onchange|@onclick|@oninput)=""(?<handler>[^""]*)"""
    )]
    private static partial Regex Box();

    [GeneratedRegex(@"\bToggle|\^|!\w")]
    private static partial Regex Relative();

    // What takes a thing away and, where it was not there, puts it in; and bits turned over.
    [GeneratedRegex(@"if \(!\w+\.Remove\((?<one>[^\n]*)\)\)\s+\w+(?:\.Add\(|\[)\k<one>|\^=|\]\s*\^")]
    private static partial Regex Turned();
}
