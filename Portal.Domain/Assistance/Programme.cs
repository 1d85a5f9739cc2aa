using System.Text.RegularExpressions;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Domain.Assistance;

/// <summary>
/// Help being given: by whom, to which States, for what, at what cost and with what results. Its provider decides who sees which part.
/// </summary>
public sealed partial class Programme : IHasFiles
{
    /// <summary>Most lines of finance, and of every other list.</summary>
    public const int MostLines = 5000;

    /// <summary>First year of its days: publications reach back further than what is asked for here.</summary>
    internal const int FirstYear = 1950;

    /// <summary>Its card.</summary>
    public static readonly Kind<Programme> Card = new()
    {
        Name = nameof(Programme),
        Plural = "Programmes",
        Section = Section.Programmes,
        Series = "PRG",
        Parts = PartSet.Of(ProgrammeParts.Inner, [ProgrammeParts.Summary, .. ProgrammePartsSets.Choosable]),
        Stages = Enum.GetNames<ProgrammeStatus>(),
        ShownTo = [OrganisationKind.MemberState, OrganisationKind.Cted, OrganisationKind.Provider, OrganisationKind.Partner],
        Views = Views.Told,
        Files = Part.Of(ProgrammeParts.Documents),
        Talks = [Part.Of(ProgrammeParts.Inner)],
        Title = p => new RecordTitle(p.Id, p.Title, p.Language, null),
    };

    private Programme() { }

    /// <inheritdoc/>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <inheritdoc/>
    public Kind Kind => Card;

    /// <inheritdoc/>
    public string Reference { get; private set; } = "";

    /// <summary>The State, where it helps one; <see cref="Scope.Several"/> where it helps several; null where it names none.</summary>
    public string? StateIso3 =>
        States.Count switch
        {
            0 => null,
            1 => States[0],
            _ => Scope.Several,
        };

    /// <inheritdoc/>
    public Guid Version { get; private set; }

    /// <inheritdoc/>
    public ActLog Acts { get; } = new();

    /// <summary>The provider or partner organisation whose programme it is.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>That organisation, when loaded.</summary>
    public Organisation Organisation { get; private set; } = null!;

    /// <summary>Its number.</summary>
    public int OrganisationNumber { get; private set; }

    /// <summary>Title in <see cref="Language"/>.</summary>
    public string Title { get; private set; } = "";

    /// <summary>What is done, in <see cref="Language"/>.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Language of the texts.</summary>
    public Language Language { get; private set; }

    /// <summary>ISO 3166-1 alpha-3 of the States it helps.</summary>
    public List<string> States { get; private set; } = [];

    /// <summary>Theme codes.</summary>
    public List<string> Themes { get; private set; } = [];

    /// <summary>Codes of paragraphs of resolutions 1373 and 1624.</summary>
    public List<string> Paragraphs { get; private set; } = [];

    /// <summary>Modality codes.</summary>
    public List<string> Modalities { get; private set; } = [];

    /// <summary>DAC purpose codes, those of other fields too.</summary>
    public List<string> Sectors { get; private set; } = [];

    /// <summary>First day, as planned.</summary>
    public DateOnly? StartPlanned { get; private set; }

    /// <summary>First day, as it was.</summary>
    public DateOnly? StartActual { get; private set; }

    /// <summary>Last day, as planned.</summary>
    public DateOnly? EndPlanned { get; private set; }

    /// <summary>Last day, as it was.</summary>
    public DateOnly? EndActual { get; private set; }

    /// <summary>First day that is known, for order and overlap.</summary>
    public DateOnly? Start { get; private set; }

    /// <summary>Last day that is known.</summary>
    public DateOnly? End { get; private set; }

    /// <summary>IATI activity identifier, where it is published; once for each organisation.</summary>
    public string? IatiIdentifier { get; private set; }

    /// <summary>ISO 4217 in which its totals are given; null without money.</summary>
    public string? Currency { get; private set; }

    /// <summary>Budget in whole units of <see cref="Currency"/>; lines in other currencies are not in it.</summary>
    public decimal? Budget { get; private set; }

    /// <summary>Committed, likewise.</summary>
    public decimal? Committed { get; private set; }

    /// <summary>Disbursed and spent, likewise.</summary>
    public decimal? Disbursed { get; private set; }

    /// <summary>Who takes part.</summary>
    public IReadOnlyList<Participant> Participants { get; private set; } = [];

    /// <summary>Finance, line by line.</summary>
    public IReadOnlyList<MoneyLine> Money { get; private set; } = [];

    /// <summary>Results.</summary>
    public IReadOnlyList<ResultLine> Results { get; private set; } = [];

    /// <summary>Documents published elsewhere.</summary>
    public IReadOnlyList<DocumentLink> Documents { get; private set; } = [];

    /// <summary>Stage.</summary>
    public ProgrammeStatus Status { get; private set; }

    /// <summary>Renewed whenever what it says or its stage changes, and not when it is shared.</summary>
    public Guid SaidVersion { get; private set; } = Guid.CreateVersion7();

    /// <summary>UTC of the first sharing; until then nobody outside its organisation knows of it.</summary>
    public DateTime? SharedAt { get; private set; }

    /// <summary>What the States it helps see.</summary>
    public ProgrammeParts StateParts { get; private set; }

    /// <summary>What all providers see.</summary>
    public ProgrammeParts ProviderParts { get; private set; }

    /// <summary>What all partner organisations see.</summary>
    public ProgrammeParts PartnerParts { get; private set; }

    /// <summary>What everyone sees.</summary>
    public ProgrammeParts PublicParts { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <summary>What a programme says, as entered.</summary>
    public sealed record Content : IContent<Content>
    {
        /// <summary>Title.</summary>
        public string Title { get; init; } = "";

        /// <summary>What is done.</summary>
        public string Description { get; init; } = "";

        /// <summary>Language of the texts.</summary>
        public Language Language { get; init; } = Languages.None;

        /// <summary>ISO 3166-1 alpha-3 of the States it helps.</summary>
        public IReadOnlyList<string> States { get; init; } = [];

        /// <summary>Theme codes.</summary>
        public IReadOnlyList<string> Themes { get; init; } = [];

        /// <summary>Paragraph codes.</summary>
        public IReadOnlyList<string> Paragraphs { get; init; } = [];

        /// <summary>Modality codes.</summary>
        public IReadOnlyList<string> Modalities { get; init; } = [];

        /// <summary>DAC codes.</summary>
        public IReadOnlyList<string> Sectors { get; init; } = [];

        /// <summary>First day, as planned.</summary>
        public DateOnly? StartPlanned { get; init; }

        /// <summary>First day, as it was.</summary>
        public DateOnly? StartActual { get; init; }

        /// <summary>Last day, as planned.</summary>
        public DateOnly? EndPlanned { get; init; }

        /// <summary>Last day, as it was.</summary>
        public DateOnly? EndActual { get; init; }

        /// <summary>IATI activity identifier.</summary>
        public string? IatiIdentifier { get; init; }

        /// <summary>ISO 4217 of the totals; the currency of most lines where it is left out.</summary>
        public string? Currency { get; init; }

        /// <summary>Who takes part.</summary>
        public IReadOnlyList<Participant> Participants { get; init; } = [];

        /// <summary>Finance.</summary>
        public IReadOnlyList<MoneyLine> Money { get; init; } = [];

        /// <summary>Results.</summary>
        public IReadOnlyList<ResultLine> Results { get; init; } = [];

        /// <summary>Documents.</summary>
        public IReadOnlyList<DocumentLink> Documents { get; init; } = [];

        /// <inheritdoc/>
        public static Fields<Content> Fields { get; } =
            new Fields<Content>()
                .Line(c => c.Title, 400, Needed.Always)
                .Prose(c => c.Description, 20_000)
                .Choice(c => c.Language)
                .Codes(c => c.States, MemberStates.IsKnown)
                .Codes(c => c.Themes, Portal.Domain.Reference.Themes.IsKnown)
                .Codes(c => c.Paragraphs, Portal.Domain.Reference.Paragraphs.IsKnown)
                .Codes(c => c.Modalities, Portal.Domain.Reference.Modalities.IsKnown)
                .Codes(c => c.Sectors, SectorCode().IsMatch)
                .Rule(c => c.Sectors.Count > 100, "field.too_many_lines", nameof(Sectors))
                .Day(c => c.StartPlanned, FirstYear)
                .Day(c => c.StartActual, FirstYear)
                .Day(c => c.EndPlanned, FirstYear)
                .Day(c => c.EndActual, FirstYear)
                .Rule(c => c.EndPlanned < c.StartPlanned, "field.dates_reversed", nameof(EndPlanned))
                .Rule(c => c.EndActual < c.StartActual, "field.dates_reversed", nameof(EndActual))
                .Identifier(c => c.IatiIdentifier, 200)
                .AnyCurrency(c => c.Currency, c => c.Money.CountBy(m => m.Currency).OrderByDescending(m => m.Value).FirstOrDefault().Key)
                .Lines(c => c.Participants, MostLines)
                .Lines(c => c.Money, MostLines)
                .Lines(c => c.Results, MostLines)
                .Lines(c => c.Documents, MostLines);
    }

    /// <summary>With whom it is shared.</summary>
    public ProgrammeSharing Sharing => new(StateParts, ProviderParts, PartnerParts, PublicParts);

    /// <summary>Whether an actor may start a draft: people of a provider or partner organisation.</summary>
    public static bool CanDraft(Actor actor) =>
        actor.Membership?.Organisation is { Kind: OrganisationKind.Provider or OrganisationKind.Partner } own
        && actor.Is(Audience.Org(own.Number), Section.Programmes, Level.Contribute);

    /// <summary>Starts a programme, before its own organisation only.</summary>
    /// <exception cref="Refusal">The actor acts for no provider or partner organisation, or a field is wrong.</exception>
    public static Programme Draft(
        string reference,
        Actor actor,
        Content content,
        DateTime now,
        ProgrammeStatus status = ProgrammeStatus.Pipeline
    )
    {
        Refusal.Unless(CanDraft(actor), "programme.not_yours_to_draft");
        var own = actor.Membership!.Organisation;
        var programme = new Programme
        {
            Reference = reference,
            OrganisationId = own.Id,
            OrganisationNumber = own.Number,
            CreatedAt = now,
            Status = status,
        };
        programme.Apply(content, now);
        programme.Acts.Add(new Act("programme.drafted", (int)ProgrammeParts.Inner, To: status.ToString()));
        return programme;
    }

    /// <summary>Whether an actor may change it: its organisation's people; contributors only until it is shared.</summary>
    public bool CanEdit(Actor actor) => AsOwner(actor, SharedAt is null ? Level.Contribute : Level.Decide);

    /// <summary>Whether an actor may decide who sees it.</summary>
    public bool CanShare(Actor actor) => AsOwner(actor, Level.Decide);

    /// <summary>Whether an actor may move it to a stage.</summary>
    public bool CanMove(Actor actor, ProgrammeStatus to) => Status.CanMove(to) && CanEdit(actor);

    /// <summary>Whether an actor may say that it serves a need: they see the need, and it is of a State that the programme helps.</summary>
    public bool CanServe(Actor actor, Need need) => CanEdit(actor) && States.Contains(need.StateIso3) && Decision.On(need, actor).Visible;

    /// <summary>Replaces what it says.</summary>
    public void Edit(Actor actor, Content content, DateTime now)
    {
        Refusal.Unless(CanEdit(actor), "programme.not_yours_to_edit");
        var before = Present;
        Apply(content, now);
        var after = Present;
        // Which parts were changed, not to what: the log is read by people who may not read the programme.
        var changed = Content
            .Fields.Where(f => f.Say(before) != f.Say(after))
            .Aggregate(ProgrammeParts.None, (all, f) => all | PartOf(f.Name));
        Acts.Add(new Act("programme.edited", (int)ProgrammeParts.Inner, Logged: changed.ToString()));
    }

    /// <summary>
    /// Replaces what it says by what its provider publishes. The stage is the publication's own, also where it was corrected backwards.
    /// </summary>
    public void Restate(Actor actor, ProgrammeReport report, DateTime now)
    {
        Edit(actor, report.Content, now);
        if (report.Status == Status)
            return;
        Acts.Add(new Act("programme.stage_published", (int)StageReader, Status.ToString(), report.Status.ToString()));
        Status = report.Status;
    }

    /// <summary>Says with whom it is shared, and which parts.</summary>
    /// <exception cref="Refusal">Not a manager of its organisation, a part that is never shared, or nothing changed.</exception>
    public void Share(Actor actor, ProgrammeSharing with, DateTime now) => Share(actor, with, now, isNews: true);

    /// <summary>Shares what its organisation has published elsewhere, as one of many: nobody is told of each.</summary>
    /// <exception cref="Refusal">Not a manager of its organisation.</exception>
    public void ShareAsPublished(Actor actor, DateTime now) => Share(actor, ProgrammeSharing.AsPublished, now, isNews: false);

    private void Share(Actor actor, ProgrammeSharing with, DateTime now, bool isNews)
    {
        Refusal.Unless(CanShare(actor), "programme.not_yours_to_share");
        Refusal.Unless(
            ((with.States | with.Providers | with.Partners | with.Everyone) & ~ProgrammePartsSets.Shareable) == 0,
            "programme.part_never_shared"
        );
        var whole = with.Widened();
        Refusal.If(SharedAt is not null && whole == Sharing, "programme.sharing_unchanged");
        var (before, knew) = (SharedAt is null ? null : Codes(Sharing), Recipients.ToList());
        (StateParts, ProviderParts, PartnerParts, PublicParts) = (whole.States, whole.Providers, whole.Partners, whole.Everyone);
        SharedAt ??= now;
        UpdatedAt = now;
        Acts.Add(
            new Act("programme.shared", (int)ProgrammeParts.Inner, before, Codes(whole))
            {
                Tells = isNews ? Recipients.Except(knew).Select(a => new Telling(a, "programme.shared_with_you")) : [],
            }
        );
    }

    // The States it helps, where it is shared with them.
    private IEnumerable<Audience> Recipients => Exposures().Where(e => e.Why is ExposureRule.Recipient).Select(e => e.Audience);

    /// <summary>It has begun.</summary>
    public void Begin(Actor actor, DateTime now) => Move(actor, ProgrammeStatus.Active, "programme.started", now);

    /// <summary>It has ended as planned.</summary>
    public void Complete(Actor actor, DateTime now) =>
        Move(actor, ProgrammeStatus.Completed, "programme.completed", now, tells: [.. Recipients]);

    /// <summary>It is given up.</summary>
    public void Cancel(Actor actor, string why, DateTime now) =>
        Move(actor, ProgrammeStatus.Cancelled, "programme.cancelled", now, Text.Required(why, 4000, "Why"), [.. Recipients]);

    /// <summary>Says that it serves a need.</summary>
    /// <exception cref="Refusal">The need is of a State that the programme does not help.</exception>
    public ServedNeed Serve(Actor actor, Need need, DateTime now)
    {
        Refusal.Unless(CanEdit(actor), "programme.not_yours_to_edit");
        Refusal.Unless(CanServe(actor, need), "programme.need_of_another_state", "Need");
        UpdatedAt = now;
        // Without its reference: not everyone who sees this programme's activity may know of the need.
        Acts.Add(new Act("programme.need_linked", (int)ProgrammeParts.Inner, Logged: need.Id.ToString()));
        return new ServedNeed(Id, need.Id);
    }

    /// <inheritdoc/>
    public Attachment AddFile(Actor actor, string fileName, ReadOnlyMemory<byte> content, DateTime now)
    {
        Refusal.Unless(CanEdit(actor), "programme.not_yours_to_edit");
        var file = Attachment.Of(this, fileName, content, now);
        FileChanged("programme.file_added", file, now);
        return file;
    }

    /// <inheritdoc/>
    public void RemoveFile(Actor actor, Attachment? file, DateTime now)
    {
        Refusal.Unless(CanEdit(actor), "programme.not_yours_to_edit");
        FileChanged("programme.file_removed", file ?? throw new NotFound(), now);
    }

    private void FileChanged(string code, Attachment file, DateTime now)
    {
        UpdatedAt = now;
        Acts.Add(new Act(code, (int)ProgrammeParts.Inner, Subject: file.FileName, Logged: file.Id.ToString()));
    }

    /// <summary>Says that it no longer serves a need.</summary>
    public void NoLongerServes(Actor actor, Need need, DateTime now)
    {
        Refusal.Unless(CanEdit(actor), "programme.not_yours_to_edit");
        UpdatedAt = now;
        Acts.Add(new Act("programme.need_unlinked", (int)ProgrammeParts.Inner, Logged: need.Id.ToString()));
    }

    /// <summary>
    /// Its own organisation; once it is shared CTED, with a legal officer's part by State; and whom its provider chose, with the parts
    /// chosen.
    /// </summary>
    public IEnumerable<Exposure> Exposures()
    {
        yield return new Exposure(Audience.Org(OrganisationNumber), (int)ProgrammeParts.Whole, UpdatedAt, ExposureRule.OwnOrganisation);
        if (SharedAt is not { } shared)
            yield break;
        yield return new Exposure(Audience.Cted, (int)ProgrammeParts.Whole, UpdatedAt, ExposureRule.Stage);
        foreach (var state in States)
        {
            yield return new Exposure(Audience.CtedFor(state), (int)ProgrammeParts.Whole, UpdatedAt, ExposureRule.Stage);
            if (StateParts != ProgrammeParts.None)
                yield return new Exposure(Audience.State(state), (int)StateParts, shared, ExposureRule.Recipient);
        }
        if (ProviderParts != ProgrammeParts.None)
            yield return new Exposure(Audience.Providers, (int)ProviderParts, shared, ExposureRule.Published);
        if (PartnerParts != ProgrammeParts.None)
            yield return new Exposure(Audience.Partners, (int)PartnerParts, shared, ExposureRule.Published);
        if (PublicParts != ProgrammeParts.None)
            yield return new Exposure(Audience.Public, (int)PublicParts, shared, ExposureRule.Published);
    }

    /// <inheritdoc/>
    public Act? Reading(int view) =>
        SharedAt is null ? null : new(Card.Act("read"), (int)ProgrammeParts.Inner, Subject: ((ProgrammeParts)view).ToString());

    /// <inheritdoc/>
    public IEnumerable<SearchText> SearchTexts()
    {
        yield return new((int)ProgrammeParts.Summary, Title);
        yield return new((int)ProgrammeParts.Description, Description);
        yield return new((int)ProgrammeParts.Description, IatiIdentifier);
        yield return new((int)ProgrammeParts.Description, string.Join(' ', Participants.Select(p => p.Name)));
    }

    /// <summary>Whether a text is the address of a page that a reader may be led to.</summary>
    public static bool IsAddress(string? address) =>
        address is { Length: <= 2000 }
        && Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0;

    [GeneratedRegex(@"^[0-9]{3,5}\z")]
    private static partial Regex SectorCode();

    /// <summary>What it says now, and its stage.</summary>
    public ProgrammeReport Report => new(Present, Status);

    /// <summary>What it says now.</summary>
    public Content Present =>
        new()
        {
            Title = Title,
            Description = Description,
            Language = Language,
            States = States,
            Themes = Themes,
            Paragraphs = Paragraphs,
            Modalities = Modalities,
            Sectors = Sectors,
            StartPlanned = StartPlanned,
            StartActual = StartActual,
            EndPlanned = EndPlanned,
            EndActual = EndActual,
            IatiIdentifier = IatiIdentifier,
            Currency = Currency,
            Participants = Participants,
            Money = Money,
            Results = Results,
            Documents = Documents,
        };

    private void Apply(Content content, DateTime now)
    {
        var c = Content.Fields.Kept(content with { });
        (Title, Description, Language, IatiIdentifier, Currency) = (c.Title, c.Description, c.Language, c.IatiIdentifier, c.Currency);
        (States, Themes, Paragraphs, Modalities, Sectors) = (
            [.. c.States],
            [.. c.Themes],
            [.. c.Paragraphs],
            [.. c.Modalities],
            [.. c.Sectors]
        );
        (StartPlanned, StartActual, EndPlanned, EndActual) = (c.StartPlanned, c.StartActual, c.EndPlanned, c.EndActual);
        (Start, End) = (StartActual ?? StartPlanned, EndActual ?? EndPlanned);
        SaidVersion = Guid.CreateVersion7();
        (Participants, Money, Results, Documents) = (c.Participants, c.Money, c.Results, c.Documents);
        (Budget, Committed, Disbursed) = (
            Sum(MoneyKind.Budget),
            Sum(MoneyKind.Commitment),
            Sum(MoneyKind.Disbursement, MoneyKind.Expenditure)
        );
        UpdatedAt = now;
    }

    // In whole units, as money is kept; null where there is no such line.
    private decimal? Sum(params MoneyKind[] kinds) =>
        Money.Where(m => kinds.Contains(m.Kind) && m.Currency == Currency).ToList() is { Count: > 0 } lines
            ? Math.Clamp(Math.Round(lines.Sum(m => m.Amount), MidpointRounding.AwayFromZero), -Text.LargestAmount, Text.LargestAmount)
            : null;

    // The part that a field belongs to, as its readers see it.
    private static ProgrammeParts PartOf(string field) =>
        field switch
        {
            nameof(Description) or nameof(IatiIdentifier) or nameof(Paragraphs) or nameof(Sectors) or nameof(Participants) =>
                ProgrammeParts.Description,
            nameof(Currency) or nameof(Money) => ProgrammeParts.Finance,
            nameof(Results) => ProgrammeParts.Results,
            nameof(Documents) => ProgrammeParts.Documents,
            _ => ProgrammeParts.Summary,
        };

    private static string Codes(ProgrammeSharing s) =>
        $"States: {s.States}; Providers: {s.Providers}; Partners: {s.Partners}; Everyone: {s.Everyone}";

    // Whoever sees the programme sees its stage; before it is shared that is its own organisation.
    private ProgrammeParts StageReader => SharedAt is null ? ProgrammeParts.Inner : ProgrammeParts.Summary;

    private void Move(Actor actor, ProgrammeStatus to, string act, DateTime now, string? why = null, params IReadOnlyList<Telling> tells)
    {
        Refusal.Unless(CanEdit(actor), "programme.not_yours_to_edit");
        Refusal.Unless(Status.CanMove(to), "programme.wrong_stage");
        Acts.Add(new Act(act, (int)StageReader, Status.ToString(), to.ToString(), why) { Tells = tells });
        (Status, SaidVersion) = (to, Guid.CreateVersion7());
        UpdatedAt = now;
    }

    private bool AsOwner(Actor actor, Level atLeast) => actor.Is(Audience.Org(OrganisationNumber), Section.Programmes, atLeast, StateIso3);
}

/// <summary>That a programme serves a need. Known to those who see both, and to nobody else.</summary>
public sealed class ServedNeed
{
    private ServedNeed() { }

    internal ServedNeed(Guid programmeId, Guid needId) => (ProgrammeId, NeedId) = (programmeId, needId);

    /// <summary>The programme.</summary>
    public Guid ProgrammeId { get; private set; }

    /// <summary>The need.</summary>
    public Guid NeedId { get; private set; }
}
