using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Components.Rendering;

namespace Portal.Papers;

/// <summary>What a text is drawn on: elements with attributes, and words in them, which stay words.</summary>
public interface IProseCanvas
{
    /// <summary>Begins an element.</summary>
    void Open(string element);

    /// <summary>Gives the element that was begun last an attribute, unless it is null.</summary>
    void Set(string attribute, string? value);

    /// <summary>Writes words.</summary>
    void Say(string words);

    /// <summary>Ends the element.</summary>
    void Close();
}

/// <summary>How a text is drawn.</summary>
/// <param name="Top">Level of its highest heading.</param>
/// <param name="Id">What the ids of its footnotes begin with.</param>
/// <param name="Here">Address of the page; null where nothing leads from a footnote to its place and back.</param>
/// <param name="Note">What a footnote is called, by its number.</param>
/// <param name="Back">What the way back is called, by its number.</param>
/// <param name="Notes">What the footnotes are called together.</param>
/// <param name="Table">What a table is called that scrolls.</param>
public sealed record ProseLook(
    int Top,
    string Id,
    string? Here = null,
    Func<int, string>? Note = null,
    Func<int, string>? Back = null,
    string? Notes = null,
    string? Table = null
);

/// <summary>Draws a text in HTML. There is no other place that does, on a screen or for paper.</summary>
public static class ProseDrawing
{
    private const int ManyColumns = 4;

    /// <summary>Draws it.</summary>
    public static void Draw(Prose prose, IProseCanvas to, ProseLook look)
    {
        Draw(prose.Blocks, to, look);
        if (prose.Notes.Count == 0)
            return;
        to.Open("ol");
        to.Set("class", "paper-notes");
        to.Set("aria-label", look.Notes);
        foreach (var note in prose.Notes)
        {
            to.Open("li");
            to.Set("id", $"{look.Id}-{note.Number}");
            to.Set("tabindex", look.Here is null ? null : "-1");
            Draw(note.Blocks, to, look);
            if (note.IsUsed && look.Here is { } here)
                Link(to, $"{here}#{look.Id}-{note.Number}-0", $"{look.Id}-{note.Number}-0", look.Back?.Invoke(note.Number), "↑");
            to.Close();
        }
        to.Close();
    }

    /// <summary>The text as HTML by itself.</summary>
    public static string Html(Prose prose, ProseLook look)
    {
        var html = new HtmlCanvas();
        Draw(prose, html, look);
        return html.ToString();
    }

    private static void Draw(IEnumerable<ProseBlock> blocks, IProseCanvas to, ProseLook look)
    {
        foreach (var block in blocks)
            switch (block)
            {
                case ProseHeading heading:
                    Block($"h{Math.Min(6, look.Top + heading.Level - 1)}", heading.Spans, to, look);
                    break;
                case ProseParagraph paragraph:
                    Block("p", paragraph.Spans, to, look);
                    break;
                case ProseList list:
                    List(list, to, look);
                    break;
                case ProseQuote quote:
                    to.Open("blockquote");
                    to.Set("dir", Side(quote.Words));
                    Draw(quote.Blocks, to, look);
                    to.Close();
                    break;
                case ProseTable table:
                    Table(table, to, look);
                    break;
                case ProseRule:
                    to.Open("hr");
                    to.Close();
                    break;
            }
    }

    // Each runs as its own words do; one without letters as the text around it.
    private static void Block(string element, IReadOnlyList<ProseSpan> spans, IProseCanvas to, ProseLook look)
    {
        to.Open(element);
        to.Set("dir", Prose.RunsRight(ProseSpan.Joined(spans)) is null ? null : "auto");
        Spans(spans, to, look);
        to.Close();
    }

    // A list has its signs at one side, whatever side its items are written from: that of its first letter. dir="auto" would not look into
    // items that have a direction of their own.
    private static string? Side(string words) =>
        Prose.RunsRight(words) switch
        {
            true => "rtl",
            false => "ltr",
            null => null,
        };

    private static void List(ProseList list, IProseCanvas to, ProseLook look)
    {
        to.Open(list.IsOrdered ? "ol" : "ul");
        to.Set("dir", Side(list.Words));
        var next = 1;
        foreach (var (i, item) in list.Items.Index())
        {
            if (list.IsOrdered && i == 0 && item.Number != 1)
                to.Set("start", Number(item.Number));
            to.Open("li");
            if (list.IsOrdered && i > 0 && item.Number != next)
                to.Set("value", Number(item.Number));
            next = item.Number + 1;
            Draw(item.Blocks, to, look);
            to.Close();
        }
        to.Close();
    }

    private static void Table(ProseTable table, IProseCanvas to, ProseLook look)
    {
        to.Open("div");
        to.Set("class", "scroll-x");
        if (table.Rows.Max(r => r.Count) > ManyColumns && look.Table is not null)
        {
            to.Set("tabindex", "0");
            to.Set("role", "group");
            to.Set("aria-label", look.Table);
        }
        to.Open("table");
        foreach (var (i, row) in table.Rows.Index())
        {
            if (i < 2)
                to.Open(i == 0 ? "thead" : "tbody");
            to.Open("tr");
            foreach (var cell in row)
            {
                var isHeading = i == 0 && cell.Spans.Count > 0;
                to.Open(isHeading ? "th" : "td");
                to.Set("scope", isHeading ? "col" : null);
                to.Set("class", cell.IsNumber ? "num" : null);
                to.Set("dir", Prose.RunsRight(ProseSpan.Joined(cell.Spans)) is null ? null : "auto");
                Spans(cell.Spans, to, look);
                to.Close();
            }
            to.Close();
            if (i == 0 || i == table.Rows.Count - 1)
                to.Close();
        }
        to.Close();
        to.Close();
    }

    private static void Spans(IEnumerable<ProseSpan> spans, IProseCanvas to, ProseLook look)
    {
        foreach (var span in spans)
            switch (span)
            {
                case ProseWords words:
                    to.Say(words.Text);
                    break;
                case ProseMarked marked:
                    to.Open(marked.IsStrong ? "strong" : "em");
                    Spans(marked.Spans, to, look);
                    to.Close();
                    break;
                case ProseLink link:
                    to.Open("a");
                    to.Set("href", link.Address);
                    to.Set("rel", "noopener nofollow");
                    Spans(link.Spans, to, look);
                    to.Close();
                    break;
                case ProseNoteMark mark:
                    to.Open("sup");
                    if (look.Here is null)
                        to.Say(Number(mark.Number));
                    else
                        Link(
                            to,
                            $"{look.Here}#{look.Id}-{mark.Number}",
                            $"{look.Id}-{mark.Number}",
                            look.Note?.Invoke(mark.Number),
                            Number(mark.Number),
                            $"{look.Id}-{mark.Number}-{mark.Again}"
                        );
                    to.Close();
                    break;
            }
    }

    // Inside the page: portal.js gives the place the focus.
    private static void Link(IProseCanvas to, string address, string place, string? label, string words, string? id = null)
    {
        to.Open("a");
        to.Set("id", id);
        to.Set("href", address);
        to.Set("data-focus", place);
        to.Set("aria-label", label);
        to.Say(words);
        to.Close();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class HtmlCanvas : IProseCanvas
    {
        private readonly StringBuilder html = new();
        private readonly Stack<string> open = new();
        private bool isBegun;

        public void Open(string element)
        {
            End();
            html.Append('<').Append(element);
            open.Push(element);
            isBegun = true;
        }

        public void Set(string attribute, string? value)
        {
            if (value is not null)
                html.Append(' ').Append(attribute).Append("=\"").Append(WebUtility.HtmlEncode(value)).Append('"');
        }

        public void Say(string words)
        {
            End();
            html.Append(WebUtility.HtmlEncode(words));
        }

        public void Close()
        {
            End();
            if (open.Pop() is var element && element != "hr")
                html.Append("</").Append(element).Append('>');
        }

        public override string ToString() => html.ToString();

        private void End()
        {
            if (isBegun)
                html.Append('>');
            isBegun = false;
        }
    }
}

/// <summary>Draws into a component.</summary>
internal sealed class RenderCanvas(RenderTreeBuilder builder) : IProseCanvas
{
    // What is drawn differs with the text, not with the code: as in a loop, every frame has the same number.
    public void Open(string element) => builder.OpenElement(0, element);

    public void Set(string attribute, string? value)
    {
        if (value is not null)
            builder.AddAttribute(0, attribute, value);
    }

    public void Say(string words) => builder.AddContent(0, words);

    public void Close() => builder.CloseElement();
}
