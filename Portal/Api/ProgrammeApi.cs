using Portal.Assistance.Programmes;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Api;

/// <summary>A programme in a list. A part that is not shared with the reader is null.</summary>
public sealed record ProgrammeItem(
    string Reference,
    string Title,
    Language Language,
    string Provider,
    IReadOnlyList<string> States,
    IReadOnlyList<string> Themes,
    IReadOnlyList<string> Modalities,
    ProgrammeStatus Status,
    DateOnly? Start,
    DateOnly? End,
    IReadOnlyList<ProgrammeParts> Parts,
    decimal? Budget,
    decimal? Committed,
    decimal? Disbursed,
    string? Currency
)
{
    internal static ProgrammeItem Of(ProgrammeRow r) =>
        new(
            r.Reference,
            r.Title,
            r.Language,
            r.Provider[Shell.Culture.Current],
            r.States,
            r.Themes,
            r.Modalities,
            r.Status,
            r.Start,
            r.End,
            Names(r.Parts),
            r.Budget,
            r.Committed,
            r.Disbursed,
            r.Currency
        );

    internal static IReadOnlyList<ProgrammeParts> Names(ProgrammeParts parts) =>
        [.. Enum.GetValues<ProgrammeParts>().Where(p => int.PopCount((int)p) == 1 && parts.Has(p))];
}

/// <summary>A programme as the reader sees it.</summary>
public sealed record ProgrammeRecord : IVersioned
{
    /// <summary>What the list says of it.</summary>
    public required ProgrammeItem Programme { get; init; }

    /// <summary>For <c>If-Match</c>; null for readers who may not edit.</summary>
    public string? Version { get; init; }

    /// <summary>First day, as planned.</summary>
    public DateOnly? StartPlanned { get; init; }

    /// <summary>First day, as it was.</summary>
    public DateOnly? StartActual { get; init; }

    /// <summary>Last day, as planned.</summary>
    public DateOnly? EndPlanned { get; init; }

    /// <summary>Last day, as it was.</summary>
    public DateOnly? EndActual { get; init; }

    /// <summary>What is done; part Description.</summary>
    public string? Description { get; init; }

    /// <summary>Paragraph codes; part Description.</summary>
    public IReadOnlyList<string>? Paragraphs { get; init; }

    /// <summary>DAC codes; part Description.</summary>
    public IReadOnlyList<string>? Sectors { get; init; }

    /// <summary>IATI activity identifier; part Description.</summary>
    public string? IatiIdentifier { get; init; }

    /// <summary>Who takes part; part Description.</summary>
    public IReadOnlyList<Participant>? Participants { get; init; }

    /// <summary>Finance; part Finance.</summary>
    public IReadOnlyList<MoneyLine>? Money { get; init; }

    /// <summary>Results; part Results.</summary>
    public IReadOnlyList<ResultLine>? Results { get; init; }

    /// <summary>Documents; part Documents.</summary>
    public IReadOnlyList<DocumentLink>? Documents { get; init; }

    /// <summary>Files; part Documents.</summary>
    public IReadOnlyList<NeedFile>? Files { get; init; }

    /// <summary>With whom it is shared; part Inner, null before it is.</summary>
    public ProgrammeSharingInput? Sharing { get; init; }

    /// <summary>References of the needs it serves, of those that the reader sees.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>What the reader may do.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    internal static ProgrammeRecord Of(ProgrammeView v) =>
        new()
        {
            Programme = ProgrammeItem.Of(v.Row),
            Version = v.Acts.Edit ? v.Version.ToString() : null,
            StartPlanned = v.StartPlanned,
            StartActual = v.StartActual,
            EndPlanned = v.EndPlanned,
            EndActual = v.EndActual,
            Description = v.Description,
            Paragraphs = v.Paragraphs,
            Sectors = v.Sectors,
            IatiIdentifier = v.Row.IatiIdentifier,
            Participants = v.Participants,
            Money = v.Money,
            Results = v.Results,
            Documents = v.Documents,
            Files = v.Files is null ? null : [.. v.Files.Select(NeedFile.Of)],
            Sharing = v.Sharing is { } s ? ProgrammeSharingInput.Of(s) : null,
            Needs = [.. v.Needs.Select(n => n.Reference)],
            Actions = Inputs.Allowed(
                ("edit", v.Acts.Edit),
                ("share", v.Acts.Share),
                ("start", v.Acts.Start),
                ("complete", v.Acts.Complete),
                ("cancel", v.Acts.Cancel)
            ),
        };
}

/// <summary>With whom a programme is shared, audience by audience; CTED gets all of it with the first sharing.</summary>
public sealed record ProgrammeSharingInput(
    IReadOnlyList<ProgrammeParts>? States,
    IReadOnlyList<ProgrammeParts>? Providers,
    IReadOnlyList<ProgrammeParts>? Partners,
    IReadOnlyList<ProgrammeParts>? Everyone
)
{
    internal ProgrammeSharing Said => new(All(States), All(Providers), All(Partners), All(Everyone));

    internal static ProgrammeSharingInput Of(ProgrammeSharing s) =>
        new(
            ProgrammeItem.Names(s.States),
            ProgrammeItem.Names(s.Providers),
            ProgrammeItem.Names(s.Partners),
            ProgrammeItem.Names(s.Everyone)
        );

    private static ProgrammeParts All(IReadOnlyList<ProgrammeParts>? parts) =>
        (parts ?? []).Aggregate(ProgrammeParts.None, (all, p) => all | p);
}

/// <summary>A need, by its reference.</summary>
public sealed record ServedNeedInput(string? Need);

/// <summary>Programmes.</summary>
internal static class ProgrammeApi
{
    public static void MapProgrammes(this RouteGroupBuilder api) =>
        api.MapRecords<ProgrammeService, ProgrammeRecord>(
                Programme.Card,
                "Help being given, as far as its providers share it.",
                async (programmes, reference, ct) => ProgrammeRecord.Of(await programmes.Get(reference, ct))
            )
            .Read(ProgrammeList.List, ProgrammeItem.Of, "One programme, as far as its provider shares it with the reader.")
            .Draft<Programme.Content>(
                (s, said) => s.Draft(said),
                "Enters a programme of the organisation acted for; nobody else sees it yet.",
                409
            )
            .Edit<Programme.Content>(
                async (s, r) => Refusal.Unless((await s.Get(r)).Acts.Edit, "programme.not_yours_to_edit"),
                (s, r) => s.Content(r),
                (s, r, version, said) => s.Edit(r, version, said),
                "Replaces what a programme says, if it is still at the version in If-Match.",
                409
            )
            .Verb<ProgrammeSharingInput>(
                "sharing",
                "shareProgramme",
                "Says who sees which part of a programme.",
                (s, r, said) => s.Share(r, said.Said),
                HttpMethods.Put
            )
            .Verb("start", "startProgramme", "Says that a programme has begun.", (s, r) => s.Start(r))
            .Verb("complete", "completeProgramme", "Says that a programme has ended as planned.", (s, r) => s.Complete(r))
            .Verb<ReasonInput>(
                "cancel",
                "cancelProgramme",
                "Gives a programme up, with a reason.",
                (s, r, said) => s.Cancel(r, said.Why ?? "")
            )
            .Verb<ServedNeedInput>(
                "needs",
                "linkNeed",
                "Says that a programme serves a need. Only those who see both see the link.",
                (s, r, said) => s.Serve(r, said.Need ?? "")
            )
            .Files(
                async (s, r, ct) => Refusal.Unless((await s.Get(r, ct)).Acts.Edit, "programme.not_yours_to_edit"),
                (s, r, name, content) => s.AddFile(r, name, content),
                (s, r, id) => s.RemoveFile(r, id)
            )
            .Threads();
}
