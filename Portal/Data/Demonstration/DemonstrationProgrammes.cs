using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Data.Demonstration;

/// <summary>
/// Help that is given in the demonstration. With whom each programme is shared follows a fixed pattern, so that every case is there:
/// nobody, CTED alone,
/// the States without the money, other providers without the description, everyone.
/// </summary>
internal sealed class DemonstrationProgrammes(Random random, DateTime now, Func<string, string, Actor> actor)
{
    /// <summary>Programmes in the story.</summary>
    public const int Count = 18;

    private const ProgrammeParts Summary = ProgrammeParts.Summary;
    private const ProgrammeParts All = ProgrammePartsSets.Shareable;

    private static readonly ProgrammeSharing?[] Sharings =
    [
        new(All, Summary | ProgrammeParts.Description, Summary | ProgrammeParts.Description, Summary),
        null,
        new(Summary | ProgrammeParts.Description | ProgrammeParts.Results, ProgrammeParts.None, ProgrammeParts.None, ProgrammeParts.None),
        ProgrammeSharing.CtedOnly,
        ProgrammeSharing.AsPublished,
        new(All, Summary | ProgrammeParts.Finance, Summary, ProgrammeParts.None),
        new(ProgrammeParts.None, Summary | ProgrammeParts.Documents, ProgrammeParts.None, ProgrammeParts.None),
        new(Summary, ProgrammeParts.None, All, ProgrammeParts.None),
        new(Summary | ProgrammeParts.Finance, Summary, Summary, Summary | ProgrammeParts.Results),
    ];

    /// <summary>One programme of the story.</summary>
    /// <param name="Owner">Code of its organisation.</param>
    /// <param name="Content">What it says.</param>
    /// <param name="Status">What becomes of it.</param>
    /// <param name="Sharing">With whom it is shared; null for nobody.</param>
    /// <param name="Drafter">Who enters it.</param>
    /// <param name="Manager">Who shares and moves it.</param>
    public sealed record Telling(
        string Owner,
        Programme.Content Content,
        ProgrammeStatus Status,
        ProgrammeSharing? Sharing,
        Actor Drafter,
        Actor Manager
    );

    /// <summary>All of them.</summary>
    public IEnumerable<Telling> Tell()
    {
        for (var i = 0; i < Count; i++)
        {
            var owner = (i % 5) switch
            {
                0 or 2 => DemonstrationCast.FirstDonor,
                1 or 3 => DemonstrationCast.SecondDonor,
                _ => "igad",
            };
            var manager = actor(owner == "igad" ? "partner.igad@demo.example" : $"manager.{owner}@demo.example", owner);
            var drafter = owner == "igad" ? manager : actor($"contributor.{owner}@demo.example", owner);
            var content = Content(i, owner);
            // The stage is what the dates say on the day it is made.
            var today = DateOnly.FromDateTime(now);
            var status =
                i % 7 == 6 ? ProgrammeStatus.Cancelled
                : content.StartPlanned > today ? ProgrammeStatus.Pipeline
                : content.EndPlanned < today ? ProgrammeStatus.Completed
                : ProgrammeStatus.Active;
            yield return new Telling(owner, content, status, Sharings[i % Sharings.Length], drafter, manager);
        }
    }

    private Programme.Content Content(int i, string owner)
    {
        var topic = DemonstrationTexts.Topics[i * 3 % DemonstrationTexts.Topics.Length];
        // One State, several, or none: a course for everyone.
        string[] states = (i % 6) switch
        {
            4 =>
            [
                DemonstrationCast.States[i % 11].Iso3,
                DemonstrationCast.States[(i + 3) % 11].Iso3,
                DemonstrationCast.States[(i + 5) % 11].Iso3,
            ],
            5 => [],
            _ => [DemonstrationCast.States[i % 6].Iso3],
        };
        // Providers write in English, as their readers do; one of them to a French-speaking State in French.
        var language = owner == DemonstrationCast.SecondDonor && states is ["SEN"] ? Language.Fr : Language.En;
        var today = DateOnly.FromDateTime(now);
        // Counted from some days hence, so that none begins or ends on the day itself and is late on the next.
        var start = today.AddDays(20).AddMonths(-30 + (i * 3 % 40));
        var end = start.AddMonths(18 + i % 4 * 6);
        var hasBegun = start < today;
        var money = new List<MoneyLine>
        {
            new(MoneyKind.Budget, start, end, 120_000 + 10_000 * random.Next(60), i % 3 == 1 ? "EUR" : "USD"),
        };
        var currency = money[0].Currency;
        if (start.AddDays(20) < today)
            money.Add(new MoneyLine(MoneyKind.Commitment, start.AddDays(20), null, money[0].Amount * 0.8m, currency));
        for (var m = 3; m <= 12 && start.AddMonths(m) < today; m += 3)
            money.Add(new MoneyLine(MoneyKind.Disbursement, start.AddMonths(m), null, Math.Round(money[0].Amount * 0.15m), currency));
        return new()
        {
            Title = topic.Title[language],
            Description = topic.Description[language],
            Language = language,
            States = states,
            Themes = [topic.Theme],
            Paragraphs = topic.Paragraphs,
            Modalities = topic.Modalities,
            Sectors = topic.Sectors,
            StartPlanned = start,
            StartActual = hasBegun ? start : null,
            EndPlanned = end,
            EndActual = end < today && i % 7 != 6 ? end : null,
            IatiIdentifier = owner == "igad" ? null : $"XX-DEMO-{owner.ToUpperInvariant()}-{2000 + i}",
            Currency = currency,
            Participants =
            [
                new Participant(topic.Beneficiary[language], ParticipantRole.Implementing),
                new Participant("Demonstration fund", ParticipantRole.Funding, "XX-DEMO-FUND"),
            ],
            Money = i % 8 == 7 ? [] : money,
            Results =
            [
                new ResultLine(
                    ResultKind.Output,
                    topic.Title[language],
                    (20 + 5 * i).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    i % 2 == 0 && hasBegun ? (10 + 5 * i).ToString(System.Globalization.CultureInfo.InvariantCulture) : null
                ),
            ],
            Documents = i % 2 == 0 ? [new DocumentLink(topic.Title[language], $"https://demo.example/programmes/{i}")] : [],
        };
    }
}
