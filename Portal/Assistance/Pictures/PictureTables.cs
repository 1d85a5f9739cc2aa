using Microsoft.Extensions.Localization;
using Portal.Assistance.Proposals;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Exports;
using Portal.Shell;

namespace Portal.Assistance.Pictures;

/// <summary>The picture as tables in the reader's language: the page, the files and the report draw the same.</summary>
public sealed class PictureTables(
    Say say,
    IStringLocalizer<PictureWords> words,
    IStringLocalizer<AnswerWords> gap,
    IStringLocalizer<AssistanceWords> needs
)
{
    /// <summary>What it is told by, in words.</summary>
    public string By(PictureBy by) =>
        by switch
        {
            PictureBy.Region => gap["gap.by.Region"],
            PictureBy.Theme => gap["gap.by.Theme"],
            PictureBy.State => gap["gap.by.State"],
            PictureBy.Modality => needs["need.modality"],
        };

    /// <summary>A code of a region, theme, kind of help or State, in words.</summary>
    public string Name(PictureBy by, string code) =>
        by switch
        {
            PictureBy.Region => say.Region(Enum.Parse<RegionalGroup>(code)),
            PictureBy.Theme => say.Theme(code),
            PictureBy.State => say.State(code),
            PictureBy.Modality => say.Modality(code),
        };

    /// <summary>The tables of a picture.</summary>
    public IReadOnlyList<FigureTable> Of(PictureView view) => [Given(view, words["given"]), Stages(view), Answers(view), Times(view)];

    /// <summary>Given and still needed.</summary>
    public FigureTable Given(PictureView view, string title)
    {
        var longest = view.Lines.Select(l => l.Gap).DefaultIfEmpty().Max();
        // Where no cost is known, how many there are is what can be drawn.
        int? Bar(PictureLine line) =>
            longest > 0 ? FigureTable.Bars(line.Gap, longest) : FigureTable.Bars(line.Needs, view.Lines.Max(l => l.Needs));
        IReadOnlyList<object?> Cells(string name, PictureLine l) =>
            [name, (long)l.Needs, (long)l.Open, (long)l.InHand, (long)l.Concluded, l.Cost, l.Accepted, l.Gap];
        return new FigureTable(
            nameof(PictureTable.Given),
            title,
            [
                new(By(view.By), FigureKind.Text),
                new(gap["gap.needs"]),
                new(words["open"]),
                new(words["inhand"]),
                new(words["concluded"]),
                Money(gap["gap.cost"]),
                Money(gap["gap.accepted"]),
                Money(gap["gap.gap"]),
            ],
            [
                .. view.Lines.Select(l => new FigureRow(l.Key, Cells(Name(view.By, l.Key), l), Bar(l), Link(view.By, l.Key))),
                new FigureRow(null, Cells(words["total"], view.Total), IsTotal: true),
            ]
        );
        FigureHeading Money(string text) => new(text, FigureKind.Money, view.Currency);
    }

    private static string Link(PictureBy by, string code) => $"{Need.Card.List}?{by.ToString().ToLowerInvariant()}={code}";

    /// <summary>Needs at each stage.</summary>
    public FigureTable Stages(PictureView view)
    {
        var longest = view.Stages.Select(s => s.Needs).DefaultIfEmpty().Max();
        return new FigureTable(
            nameof(PictureTable.Stages),
            words["stages"],
            [
                new(words["stage"], FigureKind.Text),
                new(gap["gap.needs"]),
                new(words["days.stage"], FigureKind.Measure),
                new(words["known"]),
            ],
            [
                .. view
                    .Stages.Where(s => view.SeesAll || s.Needs > 0)
                    .Select(s => new FigureRow(
                        s.Status.ToString(),
                        [say.Status(s.Status), (long)s.Needs, Days(s.Days), (long)s.Known],
                        FigureTable.Bars(s.Needs, longest),
                        Need.Card.List + "?status=" + s.Status
                    )),
            ]
        );
    }

    /// <summary>Offers, proposals and answers.</summary>
    public FigureTable Answers(PictureView view) => Counts(nameof(PictureTable.Answers), words["answers"], view.Answers);

    /// <summary>Counts of what, each with its share.</summary>
    public FigureTable Counts(string name, string title, IEnumerable<CountLine> lines) =>
        new(
            name,
            title,
            [new(words["what"], FigureKind.Text), new(words["number"]), new(words["of"]), new(words["share"], FigureKind.Measure)],
            [
                .. lines.Select(l => new FigureRow(
                    l.What,
                    [What(l.What), (long)l.Count, (long?)l.Of, l.Of > 0 ? decimal.Round(l.Count * 100m / l.Of.Value, 1) : null],
                    l.Of > 0 ? FigureTable.Bars(l.Count, l.Of.Value) : null
                )),
            ]
        );

    private string What(string what) =>
        what.Split('.') is ["proposals", var status]
            ? say.Labelled(words["proposals"], say.Status(Enum.Parse<ProposalStatus>(status)))
            : words["count." + what];

    /// <summary>From need to delivery.</summary>
    public FigureTable Times(PictureView view)
    {
        var longest = (decimal)view.Times.Select(t => t.Days ?? 0).DefaultIfEmpty().Max();
        return new FigureTable(
            nameof(PictureTable.Times),
            words["times"],
            [new(words["step"], FigureKind.Text), new(gap["gap.needs"]), new(words["days.mean"], FigureKind.Measure)],
            [
                .. view.Times.Select(t => new FigureRow(
                    t.Step,
                    [words["step." + t.Step].Value, (long)t.Needs, Days(t.Days)],
                    FigureTable.Bars((decimal)(t.Days ?? 0), longest)
                )),
            ]
        );
    }

    private static object? Days(double? days) => days is { } d ? decimal.Round((decimal)d, 1) : null;

    /// <summary>What is told of all needs; one table for what each is told by, where it tells anything apart.</summary>
    public IEnumerable<FigureTable> Published(PublishedView view) =>
        view
            .Tables.Where(t => t.Figures.Count > 1)
            .Select(t =>
            {
                var longest = t.Figures.Select(f => f.About).DefaultIfEmpty().Max();
                return new FigureTable(
                    nameof(PictureTable.Published) + t.By,
                    say.Labelled(words["published"], By(t.By)),
                    [new(By(t.By), FigureKind.Text), new(words["published.about"])],
                    [
                        .. t.Figures.Select(f => new FigureRow(
                            string.Join('+', f.Headings),
                            [say.List(f.Headings.Select(h => Name(t.By, h))), (long)f.About],
                            FigureTable.Bars(f.About, longest)
                        )),
                    ]
                );
            });
}
