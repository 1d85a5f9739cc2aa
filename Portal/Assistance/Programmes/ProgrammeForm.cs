using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Assistance.Programmes;

/// <summary>What is typed into a programme's form, as typed: kept as a draft, read into a content when saved.</summary>
public sealed class ProgrammeForm
{
    /// <summary>Title.</summary>
    public string? Title { get; set; }

    /// <summary>Description.</summary>
    public string? Description { get; set; }

    /// <summary>Language written in.</summary>
    public Language Language { get; set; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public List<string> States { get; set; } = [];

    /// <summary>Theme codes.</summary>
    public List<string> Themes { get; set; } = [];

    /// <summary>Paragraph codes.</summary>
    public List<string> Paragraphs { get; set; } = [];

    /// <summary>Modality codes.</summary>
    public List<string> Modalities { get; set; } = [];

    /// <summary>DAC codes; those that the form does not offer are kept.</summary>
    public List<string> Sectors { get; set; } = [];

    /// <summary>First day as planned, ISO 8601.</summary>
    public string? StartPlanned { get; set; }

    /// <summary>First day as it was.</summary>
    public string? StartActual { get; set; }

    /// <summary>Last day as planned.</summary>
    public string? EndPlanned { get; set; }

    /// <summary>Last day as it was.</summary>
    public string? EndActual { get; set; }

    /// <summary>IATI activity identifier.</summary>
    public string? IatiIdentifier { get; set; }

    /// <summary>ISO 4217 of the totals.</summary>
    public string? Currency { get; set; }

    /// <summary>Participants.</summary>
    public List<ParticipantRow> Participants { get; set; } = [];

    /// <summary>Finance.</summary>
    public List<MoneyRow> Money { get; set; } = [];

    /// <summary>Results.</summary>
    public List<ResultRow> Results { get; set; } = [];

    /// <summary>Documents.</summary>
    public List<DocumentRow> Documents { get; set; } = [];

    /// <summary>A participant as typed.</summary>
    public sealed class ParticipantRow
    {
        /// <summary>Name.</summary>
        public string? Name { get; set; }

        /// <summary>Role.</summary>
        public ParticipantRole Role { get; set; } = ParticipantRole.Implementing;

        /// <summary>Identifier.</summary>
        public string? Identifier { get; set; }
    }

    /// <summary>A line of finance as typed.</summary>
    public sealed class MoneyRow
    {
        /// <summary>Kind.</summary>
        public MoneyKind Kind { get; set; } = MoneyKind.Commitment;

        /// <summary>Day or first day, ISO 8601.</summary>
        public string? Date { get; set; }

        /// <summary>Last day of a budget's period.</summary>
        public string? Until { get; set; }

        /// <summary>Amount in whole units.</summary>
        public string? Amount { get; set; }

        /// <summary>The amount as it was published, to the cent: it stays while what is shown of it does.</summary>
        public decimal? Exact { get; set; }

        /// <summary>ISO 4217.</summary>
        public string? Currency { get; set; } = "USD";

        internal static string Shown(decimal amount) =>
            Math.Round(amount, MidpointRounding.AwayFromZero).ToString("0", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A result as typed.</summary>
    public sealed class ResultRow
    {
        /// <summary>Kind.</summary>
        public ResultKind Kind { get; set; } = ResultKind.Output;

        /// <summary>Title.</summary>
        public string? Title { get; set; }

        /// <summary>Target.</summary>
        public string? Target { get; set; }

        /// <summary>Actual.</summary>
        public string? Actual { get; set; }
    }

    /// <summary>A document as typed.</summary>
    public sealed class DocumentRow
    {
        /// <summary>Title.</summary>
        public string? Title { get; set; }

        /// <summary>Address.</summary>
        public string? Address { get; set; }
    }

    /// <summary>A form that says what a programme says.</summary>
    public static ProgrammeForm Of(Programme.Content c) =>
        new()
        {
            Title = c.Title,
            Description = c.Description,
            Language = c.Language,
            States = [.. c.States],
            Themes = [.. c.Themes],
            Paragraphs = [.. c.Paragraphs],
            Modalities = [.. c.Modalities],
            Sectors = [.. c.Sectors],
            StartPlanned = Typed.Of(c.StartPlanned),
            StartActual = Typed.Of(c.StartActual),
            EndPlanned = Typed.Of(c.EndPlanned),
            EndActual = Typed.Of(c.EndActual),
            IatiIdentifier = c.IatiIdentifier,
            Currency = c.Currency,
            Participants =
            [
                .. c.Participants.Select(p => new ParticipantRow
                {
                    Name = p.Name,
                    Role = p.Role,
                    Identifier = p.Identifier,
                }),
            ],
            Money =
            [
                .. c.Money.Select(m => new MoneyRow
                {
                    Kind = m.Kind,
                    Date = Typed.Of(m.Date),
                    Until = Typed.Of(m.Until),
                    Amount = MoneyRow.Shown(m.Amount),
                    Exact = m.Amount,
                    Currency = m.Currency,
                }),
            ],
            Results =
            [
                .. c.Results.Select(r => new ResultRow
                {
                    Kind = r.Kind,
                    Title = r.Title,
                    Target = r.Target,
                    Actual = r.Actual,
                }),
            ],
            Documents = [.. c.Documents.Select(d => new DocumentRow { Title = d.Title, Address = d.Address })],
        };

    /// <summary>Reads the form.</summary>
    /// <param name="problems">Everything wrong with it, what cannot be read first.</param>
    public Programme.Content Read(out IReadOnlyList<Refusal> problems)
    {
        var typed = new Typed();
        var missing = new List<Refusal>();
        var money = new List<MoneyLine>();
        foreach (var row in Money)
        {
            var date = typed.Day(row.Date, nameof(Money));
            var until = typed.Day(row.Until, nameof(Money));
            var amount = row.Exact is { } exact && row.Amount == MoneyRow.Shown(exact) ? exact : typed.Amount(row.Amount, nameof(Money));
            if (date is null || amount is null)
                missing.Add(new Refusal("programme.money_incomplete", nameof(Money)));
            else
                money.Add(
                    new MoneyLine(row.Kind, date.Value, row.Kind == MoneyKind.Budget ? until : null, amount.Value, row.Currency ?? "")
                );
        }
        var content = new Programme.Content(
            Title ?? "",
            Description ?? "",
            Language,
            States,
            Themes,
            Paragraphs,
            Modalities,
            Sectors,
            typed.Day(StartPlanned, nameof(StartPlanned)),
            typed.Day(StartActual, nameof(StartActual)),
            typed.Day(EndPlanned, nameof(EndPlanned)),
            typed.Day(EndActual, nameof(EndActual)),
            IatiIdentifier,
            string.IsNullOrEmpty(Currency) ? null : Currency,
            [
                .. Participants.Select(p => new Participant(
                    (p.Name ?? "").Trim(),
                    p.Role,
                    string.IsNullOrWhiteSpace(p.Identifier) ? null : p.Identifier.Trim()
                )),
            ],
            money,
            [.. Results.Select(r => new ResultLine(r.Kind, (r.Title ?? "").Trim(), Or(r.Target), Or(r.Actual)))],
            [.. Documents.Select(d => new DocumentLink((d.Title ?? "").Trim(), (d.Address ?? "").Trim()))]
        );
        problems = typed.Before([.. missing, .. Programme.Problems(content)]);
        return content;
    }

    private static string? Or(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
