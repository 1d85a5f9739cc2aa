using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Shell;

namespace Portal.Assistance.Programmes;

/// <summary>What is typed into a programme's form, as typed: its fields, and its lists line by line.</summary>
public sealed class ProgrammeForm : Typed<Programme.Content>
{
    /// <summary>A form that nothing is typed into.</summary>
    public ProgrammeForm() { }

    private ProgrammeForm(Programme.Content content)
        : base(content) { }

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
    public static new ProgrammeForm Of(Programme.Content c) =>
        new(c)
        {
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

    /// <inheritdoc/>
    protected override Programme.Content WithLines(Programme.Content content, Typed typed)
    {
        var money = new List<MoneyLine>();
        foreach (var row in Money)
        {
            var date = typed.Day(row.Date, nameof(Money));
            var until = typed.Day(row.Until, nameof(Money));
            var amount = row.Exact is { } exact && row.Amount == MoneyRow.Shown(exact) ? exact : typed.Amount(row.Amount, nameof(Money));
            if (date is null || amount is null)
                typed.Note(new Refusal("programme.money_incomplete", nameof(Money)));
            else
                money.Add(
                    new MoneyLine(row.Kind, date.Value, row.Kind == MoneyKind.Budget ? until : null, amount.Value, row.Currency ?? "")
                );
        }
        return content with
        {
            Participants = [.. Participants.Select(p => new Participant(p.Name ?? "", p.Role, p.Identifier))],
            Money = money,
            Results = [.. Results.Select(r => new ResultLine(r.Kind, r.Title ?? "", r.Target, r.Actual))],
            Documents = [.. Documents.Select(d => new DocumentLink(d.Title ?? "", (d.Address ?? "").Trim()))],
        };
    }
}
