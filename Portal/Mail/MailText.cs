using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Domain.Reference;

namespace Portal.Mail;

/// <summary>What a mail says.</summary>
/// <param name="Subject">Subject.</param>
/// <param name="Plain">Plain text; an empty line parts paragraphs, and an address on the portal becomes a link.</param>
/// <param name="Language">Its language, which decides how it is written.</param>
/// <param name="Unsubscribe">Where one click ends mails of this kind; null where there is nothing to end.</param>
public sealed partial record MailText(string Subject, string Plain, Language Language, string? Unsubscribe = null)
{
    /// <summary>The same as simple HTML: paragraphs and links, nothing loaded from anywhere.</summary>
    public string Html()
    {
        var html = new StringBuilder(
            $"<!doctype html><html lang=\"{Language.Tag()}\" dir=\"{(Language.IsRightToLeft() ? "rtl" : "ltr")}\"><head><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(Subject)}</title></head>"
        ).Append(
            "<body style=\"margin:0;padding:24px;font-family:'Noto Sans',system-ui,sans-serif;font-size:16px;line-height:1.5;color:#1a2733;background:#fff\"><div style=\"max-width:600px\">"
        );
        foreach (
            var paragraph in Plain
                .ReplaceLineEndings("\n")
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        )
            html.Append("<p>").Append(string.Join("<br>", paragraph.Split('\n').Select(Line))).Append("</p>");
        return html.Append("</div></body></html>").ToString();
    }

    private static string Line(string line)
    {
        var html = new StringBuilder();
        var at = 0;
        foreach (Match link in Address().Matches(line))
        {
            var address = WebUtility.HtmlEncode(link.Value);
            html.Append(WebUtility.HtmlEncode(line[at..link.Index])).Append($"<a dir=\"ltr\" href=\"{address}\">{address}</a>");
            at = link.Index + link.Length;
        }
        return html.Append(WebUtility.HtmlEncode(line[at..])).ToString();
    }

    [GeneratedRegex(@"https?://[^\s<>""]+")]
    private static partial Regex Address();
}
