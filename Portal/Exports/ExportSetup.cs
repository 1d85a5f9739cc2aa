using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;
using Portal.Access;
using Portal.Api;
using Portal.Assessments;
using Portal.Assistance.FollowUps;
using Portal.Assistance.Funding;
using Portal.Assistance.Matches;
using Portal.Assistance.Pictures;
using Portal.Assistance.Proposals;
using Portal.Assistance.States;
using Portal.Collaboration;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Committee;
using Portal.Domain.Directory;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Identity;
using Portal.Imports;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Exports;

/// <summary>Marker of the words of exports.</summary>
public sealed class ExportWords;

/// <summary>Lists as files: filtered as on the screen, with what the reader may see and nothing else.</summary>
public static class ExportSetup
{
    /// <summary>Most rows in a file.</summary>
    public const int MostRows = 10_000;

    /// <summary>Adds exports.</summary>
    public static WebApplicationBuilder AddExports(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<Exporter>();
        builder.Services.AddScoped<DossierDocument>();
        builder.Services.AddScoped<NeedCalendar>();
        builder.Services.AddScoped<AssessmentCalendar>();
        builder.Services.AddScoped<PictureTables>();
        builder.Services.AddSingleton<PdfMaker>();
        return builder;
    }

    /// <summary>Maps the exports of needs, proposals and the log.</summary>
    public static void MapExports(this WebApplication app)
    {
        foreach (var list in RecordRooms.Lists)
            list.Accept(new ListExport(app));
        app.MapGet("/matches/export", (HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.Matches(request, ct))
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Needs, Level.View))
            .ExcludeFromDescription();
        app.MapGet("/committee/export", (HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.Pending(request, ct))
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Assessments, Level.View))
            .ExcludeFromDescription();
        app.MapGet("/assistance/export", (HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.Picture(request, ct))
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Needs, Level.View))
            .ExcludeFromDescription();
        app.MapGet(
                "/assistance/report/export",
                (HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.Report(request, ct)
            )
            .RequireAuthorization(StaffAttribute.PolicyName(Section.Needs, Level.View))
            .ExcludeFromDescription();
        app.MapGet("/funding-gap/export", (HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.Gap(request, ct))
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Needs, Level.View))
            .ExcludeFromDescription();
        app.MapGet(
                "/states/{iso3}/export",
                (string iso3, HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.State(iso3, request, ct)
            )
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Needs, Level.View))
            .ExcludeFromDescription();
        app.MapGet(
                Programme.Card.List + "/iati/export",
                (Iati.IatiExport iati, ActorSource actors, TimeProvider clock, CancellationToken ct) =>
                    Published("activities", actors, clock, to => iati.Activities(to, ct))
            )
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Programmes, Level.View))
            .ExcludeFromDescription();
        app.MapGet(
                Programme.Card.List + "/iati/organisation/export",
                (Iati.IatiExport iati, ActorSource actors, TimeProvider clock, CancellationToken ct) =>
                    Published(
                        "organisation",
                        actors,
                        clock,
                        async to => await (await iati.Organisation(ct)).SaveAsync(to, System.Xml.Linq.SaveOptions.None, ct)
                    )
            )
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Programmes, Level.Contribute))
            .ExcludeFromDescription();
        DossierDocument.Map(app);
        foreach (var subject in Enum.GetValues<ImportSubject>())
        {
            var import = app.MapGroup(ImportJob.KindOf(subject).Path("import"))
                .RequireAuthorization(SectionAttribute.PolicyName(ImportJob.SectionOf(subject), Level.Contribute))
                .ExcludeFromDescription();
            import.MapGet(
                "/template",
                (string? format, string? headings, TableTemplate template) => template.Table(subject, format, headings)
            );
            import.MapGet(
                "/{id:guid}/export",
                (Guid id, HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.RefusedRows(subject, id, request, ct)
            );
            import.MapGet("/codes", (TableTemplate template) => template.Lists(subject));
        }
        app.MapGet(
                "/access/people/import/template",
                () => TypedResults.File(PeopleImport.Template, "text/csv; charset=utf-8", "people.csv")
            )
            .RequireAuthorization(PeopleAttribute.PolicyName(PeopleAct.ManageAll))
            .ExcludeFromDescription();
        app.MapGet(
                Profile.Card.List + "/export",
                (HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.Providers(request, ct)
            )
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Directory, Level.View))
            .ExcludeFromDescription();
        app.MapGet("/access/people/export", (HttpRequest request, Exporter exporter) => exporter.People(request))
            .RequireAuthorization(PeopleAttribute.PolicyName(PeopleAct.See))
            .ExcludeFromDescription();
        app.MapGet("/access/grants/export", (HttpRequest request, Exporter exporter) => exporter.Grants(request))
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Access, Level.View))
            .ExcludeFromDescription();
        app.MapGet("/access/export", (HttpRequest request, Exporter exporter) => exporter.Access(request))
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Access, Level.View))
            .ExcludeFromDescription();
        app.MapGet("/access/reviews/{id:guid}/export", (Guid id, HttpRequest request, Exporter exporter) => exporter.Review(id, request))
            .RequireAuthorization(PeopleAttribute.PolicyName(PeopleAct.Review))
            .ExcludeFromDescription();
        app.MapGet("/audit/export", (HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.Audit(request, ct))
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Audit, Level.View))
            .ExcludeFromDescription();
    }

    private sealed class ListExport(WebApplication app) : IRecordListVisitor
    {
        public void Visit<T, TRow>(RecordList<T, TRow> list)
            where T : class, IProtected
            where TRow : class, IListed =>
            app.MapGet(
                    list.Kind.List + "/export",
                    (HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.List(list, request, ct)
                )
                .RequireAuthorization(SectionAttribute.PolicyName(list.Kind.Section, Level.View))
                .ExcludeFromDescription();
    }

    // What everyone may see: no check of who sits there is asked for. Who has nothing to publish finds nothing.
    private static async Task<IResult> Published(string name, ActorSource actors, TimeProvider clock, Func<Stream, Task> write)
    {
        var actor = await actors.Current();
        if (!Iati.IatiExport.May(actor) || (name == "organisation" && !Programme.CanDraft(actor)))
            throw new NotFound();
        return TypedResults.Stream(
            write,
            "application/xml; charset=utf-8",
            $"iati-{name}-{actor.Membership!.Organisation.Code}-{clock.GetUtcNow():yyyy-MM-dd}.xml"
        );
    }
}

/// <summary>Makes the files.</summary>
internal sealed class Exporter(
    PdfMaker pdf,
    RefusedRows refused,
    ReportService reports,
    DossierDocument dossiers,
    DeskService desk,
    PictureService picture,
    PublishedPicture published,
    PictureTables pictureTables,
    ListService lists,
    MatchService matches,
    StateService states,
    GapService gaps,
    DirectoryService directory,
    PeopleService people,
    GrantService grants,
    AccessMatrix matrix,
    ReviewService reviews,
    AuditService audit,
    ActorSource actors,
    TimeProvider clock,
    IConfiguration configuration,
    PortalAddress portal,
    Say say,
    IStringLocalizer<DirectoryWords> directoryWords,
    IStringLocalizer<PeopleWords> peopleWords,
    IStringLocalizer<AccessWords> accessWords,
    IStringLocalizer<ReviewWords> reviewWords,
    IStringLocalizer<AnswerWords> gapWords,
    IStringLocalizer<ExportWords> words
)
{
    /// <summary>A list of records.</summary>
    public async Task<IResult> List<T, TRow>(RecordList<T, TRow> list, HttpRequest request, CancellationToken ct)
        where T : class, IProtected
        where TRow : class, IListed
    {
        var (address, format) = Asked(request, list.Kind.List);
        if (!IsRecent(request))
            return Confirm(request);
        var rows = await lists.Export(list, address, format, ExportSetup.MostRows, ct);
        return await File(
            list.Kind.Plural.ToLowerInvariant(),
            address,
            format,
            rows,
            [
                new(say.Column("reference"), r => r.Reference),
                new(words["link"], r => Link(list.Kind.Path(r.Reference))),
                .. from column in list.InFile(address, rows, say)
                from part in column.InFile
                select new Column<TRow>(part.Heading(say), r => Said(r, column, part)),
            ]
        );

        // What is not shared says so; what is shared and empty is empty.
        object? Said(TRow row, ListColumn<TRow> column, FileColumn<TRow> part) =>
            (row.View & column.Part) != column.Part ? words["not_shared"].Value
            : part.Of(row, say) is var value && value is bool isSo ? words[isSo ? "yes" : "no"].Value
            : value;
    }

    // Figures that are worked out of many records: what is asked of the log is that they were taken, and by what.
    public async Task<IResult> Picture(HttpRequest request, CancellationToken ct)
    {
        var (address, format) = Asked(request, "/assistance");
        if (!IsRecent(request))
            return Confirm(request);
        var query = PictureQuery.Of(address);
        var tables =
            query.Table == PictureTable.Published
                ? [.. pictureTables.Published(await published.Of(address.One("span"), ct))]
                : pictureTables.Of(await picture.Export(query, format, ct)).Where(t => t.Name == query.Table.ToString()).ToList();
        if (tables.Count == 0)
            throw new NotFound();
        var sheet = tables[0].ToSheet(await Note(address, 0), words["code"]);
        // Tables with the same headings but for the first stand below one another.
        return await Written(
            "assistance-" + query.Table.ToString().ToLowerInvariant(),
            format,
            tables.Count == 1 ? sheet : sheet with { Rows = [.. tables.SelectMany(t => t.ToSheet("", "").Rows)] },
            ct
        );
    }

    public async Task<IResult> Report(HttpRequest request, CancellationToken ct)
    {
        var (address, format) = Asked(request, "/assistance/report", "docx");
        if (!IsRecent(request))
            return Confirm(request);
        var report = await reports.Export(reports.YearOf(address), format, ct);
        return format is "docx" or "pdf"
            ? await Document(report, format, ct)
            : await Written(
                report.Name,
                format,
                report.ToSheet(await Note(address, 0), [words["part"], words["code"], words["row"], words["column"], words["figure"]]),
                ct
            );
    }

    private async Task<IResult> Document(Report report, string format, CancellationToken ct) =>
        Taken(
            report.Name,
            format,
            format == "docx"
                ? TypedResults.Bytes(ReportDocx.Write(report, say.Language), ReportDocx.MediaType)
                : TypedResults.Bytes(await pdf.Make(PrintedPage.Of(report, say.Language, pdf.Fonts()), ct), Pdf)
        );

    // Letter and assessment as one document.
    public async Task<IResult> Letter(string reference, HttpRequest request, CancellationToken ct)
    {
        var (_, format) = Asked(request, request.Path, "docx");
        if (!IsRecent(request))
            return Confirm(request);
        if (format is "csv" or "xlsx")
            throw new BadRequest(400, "export.format", ("format", "field.unknown_value"));
        var asked = EditionAsked.Of(request.Query["text"], request.Query["edition"]);
        return await Document(await dossiers.Of(reference, format, asked, ct), format, ct);
    }

    // What is before the bodies, and who holds it.
    public async Task<IResult> Pending(HttpRequest request, CancellationToken ct)
    {
        var (address, format) = Asked(request, "/committee");
        if (!IsRecent(request))
            return Confirm(request);
        return await File<DeskLine>(
            "pending",
            address,
            format,
            await desk.Pending(format, ct),
            [
                new(say.Column("dossier"), l => l.Row.Reference),
                new(words["link"], l => Link(l.Address)),
                new(say.CodesOf("state"), l => l.Row.StateIso3),
                new(say.Column("state"), l => say.State(l.Row.StateIso3)),
                new(words["body"], l => say.Code("body", l.Circulation.Body)),
                new(words["round"], l => l.Circulation.Round),
                new(words["opened"], l => l.Circulation.OpenedOn),
                new(say.Column("closes"), l => l.Circulation.Status == CirculationStatus.Open ? l.Circulation.ClosesOn : null),
                new(words["days_left"], l => l.Circulation.Status == CirculationStatus.Open ? l.Circulation.WorkingDaysLeft : null),
                new(words["held_by"], l => say.List(l.Circulation.Holders.Select(say.Name))),
                new(words["held_since"], l => Holds(l).Min(s => (DateTime?)s.At)),
                new(words["held_until"], l => Holds(l).Max(s => s.Lapses)),
                new(words["held_why"], l => string.Join(" / ", Holds(l).Select(s => s.Reason).OfType<string>())),
                new(words["meeting"], l => l.Circulation.Meeting),
            ]
        );

        // The last hold of each delegation whose hold is in force.
        static IEnumerable<StepView> Holds(DeskLine line) =>
            line.Circulation.Holders.Select(h => line.Circulation.Steps.Last(s => s.Act == StepAct.Hold && s.Delegation == h));
    }

    // A line for each pair; the reasons in hundredths, empty where not known.
    public async Task<IResult> Matches(HttpRequest request, CancellationToken ct)
    {
        var (address, format) = Asked(request, "/matches");
        if (!IsRecent(request))
            return Confirm(request);
        var rows = (await matches.Export(MatchQuery.Of(address), format, ExportSetup.MostRows, ct))
            .SelectMany(r => r.Offers.Select(o => (Row: r, Offer: o)))
            .Take(ExportSetup.MostRows)
            .ToList();
        return await File<(MatchRow Row, MatchOffer Offer)>(
            "matches",
            address,
            format,
            rows,
            [
                new(say.Column("need"), r => r.Row.Need),
                new(words["link"], r => Link("/matches/" + r.Row.Need)),
                new(say.Column("title"), r => r.Row.Title),
                new(say.CodesOf("state"), r => r.Row.StateIso3),
                new(say.Column("state"), r => say.State(r.Row.StateIso3)),
                new(say.CodesOf("theme"), r => r.Row.Theme, MatchColumns.Theme),
                new(say, MatchColumns.Theme, r => say.Theme(r.Row.Theme)),
                new(say.CodesOf("status"), r => r.Row.Status.ToString(), MatchColumns.Status),
                new(say, MatchColumns.Status, r => say.Status(r.Row.Status)),
                new(say.Column("reply_by"), r => r.Row.ReplyBy, MatchColumns.Status),
                new(words["offer"], r => r.Offer.Reference, MatchColumns.Offers),
                new(words["offer_title"], r => r.Offer.Title, MatchColumns.Offers),
                new(say.Column("provider"), r => say.Name(r.Offer.Provider), MatchColumns.Offers),
                new(say, MatchColumns.Score, r => r.Offer.Score),
                .. Enum.GetValues<MatchReason>()
                    .Select(reason => new Column<(MatchRow Row, MatchOffer Offer)>(
                        say.Code("reason", reason),
                        r => MatchScore.Of(r.Offer.Fits, reason) is MatchFit.Unknown ? null : (int)MatchScore.Of(r.Offer.Fits, reason),
                        MatchColumns.Score
                    )),
            ],
            MatchColumns.All
        );
    }

    public async Task<IResult> Gap(HttpRequest request, CancellationToken ct)
    {
        var (address, format) = Asked(request, "/funding-gap");
        if (!IsRecent(request))
            return Confirm(request);
        var view = await gaps.Export(GapQuery.Of(address), format, ExportSetup.MostRows, ct);
        string Name(string key) =>
            view.ByWhat switch
            {
                GapBy.Region => say.Region(Enum.Parse<RegionalGroup>(key)),
                GapBy.Theme => say.Theme(key),
                GapBy.State => say.State(key),
                GapBy.Modality => say.Modality(key),
                GapBy.Need => key,
            };
        return await File<GapLine>(
            "gap",
            address,
            format,
            view.Lines,
            [
                new(gapWords["gap.by." + view.ByWhat], r => r.Key),
                new(words["name"], r => Name(r.Key)),
                new(gapWords["gap.needs"], r => r.Needs),
                new(say.Column("currency"), _ => view.Currency),
                new(gapWords["gap.cost"], r => r.Cost),
                new(gapWords["gap.accepted"], r => r.Accepted),
                new(gapWords["gap.programmed"], r => r.Programmed),
                new(gapWords["gap.gap"], r => r.Gap),
                new(gapWords["gap.open"], r => r.Open),
                new(gapWords["gap.left"], r => r.Left),
                new(gapWords["gap.unanswered"], r => r.Unanswered),
                new(words["rates_of"], _ => view.RatesOf),
            ]
        );
    }

    public async Task<IResult> State(string iso3, HttpRequest request, CancellationToken ct)
    {
        var (address, format) = Asked(request, "/states/" + Uri.EscapeDataString(iso3));
        if (!IsRecent(request))
            return Confirm(request);
        var rows = await states.Export(iso3, StateQuery.Of(address), format, ExportSetup.MostRows, ct);
        return await File<StateRow>(
            "state",
            address,
            format,
            rows,
            [
                new(words["kind"], r => say.Code("kind", r.Kind)),
                new(say.Column("reference"), r => r.Reference),
                new(words["link"], r => Link(r.Kind.Path(r.Reference))),
                new(say.CodesOf("state"), _ => MemberStates.Find(iso3)?.Iso3),
                new(say.Column("state"), _ => say.State(MemberStates.Find(iso3)?.Iso3)),
                new(say.Column("title"), r => r.Title),
                new(say.Column("language"), r => r.Language.Tag()),
                new(say.Column("provider"), r => r.Provider is { } p ? say.Name(p) : null),
                new(say.CodesOf("theme"), r => string.Join("; ", r.Themes)),
                new(say.Column("theme"), r => string.Join("; ", r.Themes.Select(say.Theme))),
                new(say.CodesOf("status"), r => r.Status),
                new(say.Column("status"), r => say.Code("status", r.Status)),
                new(say.Column("amount"), r => r.Amount),
                new(say.Column("accepted_amount"), r => r.Accepted),
                new(say.Column("currency"), r => r.Currency),
            ]
        );
    }

    // What the list says of an organisation: the beginning of its summary, and its offers that answer what was asked.
    public async Task<IResult> Providers(HttpRequest request, CancellationToken ct)
    {
        var (address, format) = Asked(request, Profile.Card.List);
        if (!IsRecent(request))
            return Confirm(request);
        var rows = await directory.Export(address, format, ExportSetup.MostRows, ct);
        return await File<DirectoryRow>(
            "providers",
            address,
            format,
            rows,
            [
                new(words["name"], r => say.Name(r.Name)),
                new(words["code"], r => r.Code),
                new(words["link"], r => Link(Profile.Card.Path(r.Code))),
                new(words["kind"], r => directoryWords["kind." + r.Kind].Value),
                new(say.CodesOf("state"), r => r.StateIso3),
                new(say.Column("state"), r => r.StateIso3 is { } iso3 ? say.State(iso3) : null),
                new(say, DirectoryList.Summary, r => r.Summary),
                new(say.Column("language"), r => r.Summary is null ? null : r.SummaryLanguage.Tag(), DirectoryList.Summary),
                new(say, DirectoryList.Offers, r => string.Join("; ", r.Offers.Select(o => o.Reference))),
                new(words["offer_titles"], r => string.Join("; ", r.Offers.Select(o => o.Title)), DirectoryList.Offers),
            ],
            DirectoryList.Columns
        );
    }

    // A line for each place that somebody holds or held, and one for whoever holds none.
    public async Task<IResult> People(HttpRequest request)
    {
        var (address, format) = Asked(request, "/access/people");
        if (!IsRecent(request))
            return Confirm(request);
        var isAll = Delegation.May(await actors.Current(), PeopleAct.SeeAll);
        var rows = (await people.Export(PeopleQuery.Of(address), format, ExportSetup.MostRows))
            .SelectMany(p => p.Memberships.DefaultIfEmpty(), (p, m) => (Person: p, Place: m))
            .ToList();
        Column<(PersonRow Person, MembershipRow? Place)>[] seen = isAll ? [new(say, PeopleColumns.LastSeen, r => r.Person.LastSeenAt)] : [];
        return await File<(PersonRow Person, MembershipRow? Place)>(
            "people",
            address,
            format,
            rows,
            [
                new(words["name"], r => r.Person.Name),
                new(words["email"], r => r.Person.Email),
                new(words["organisation"], r => r.Place is { } p ? say.Name(p.Organisation) : null, PeopleColumns.Memberships),
                new(words["role"], r => r.Place is { } p ? say.Code("role", p.Role) : null, PeopleColumns.Memberships),
                new(say.Column("from"), r => r.Place?.From, PeopleColumns.Memberships),
                new(say.Column("to"), r => r.Place?.Until, PeopleColumns.Memberships),
                new(
                    words["membership"],
                    r => r.Place is { } p ? peopleWords["membership." + p.Standing].Value : null,
                    PeopleColumns.Memberships
                ),
                new(say, PeopleColumns.Standing, r => peopleWords["standing." + r.Person.Standing].Value),
                .. seen,
            ],
            PeopleColumns.All
        );
    }

    public async Task<IResult> Grants(HttpRequest request)
    {
        var (address, format) = Asked(request, "/access/grants");
        if (!IsRecent(request))
            return Confirm(request);
        var rows = await grants.Export(GrantQuery.Of(address), format, ExportSetup.MostRows);
        return await File<GrantRow>(
            "grants",
            address,
            format,
            rows,
            [
                new(
                    words["principal"],
                    r =>
                        r.To.Person
                        ?? (
                            r.To.Organisation is { } o ? say.Name(o)
                            : r.To.Role is { } role ? say.Code("role", role)
                            : null
                        )
                ),
                new(words["kind"], r => accessWords["by." + r.To.Kind].Value),
                new(words["email"], r => r.To.Email),
                new(words["section"], r => say.Code("section", r.Section), GrantColumns.What),
                new(words["level"], r => r.Deny ? accessWords["grant.denied"].Value : say.Code("level", r.Level), GrantColumns.What),
                new(words["reason"], r => r.Reason, GrantColumns.What),
                new(say.CodesOf("state"), r => string.Join("; ", r.States), GrantColumns.Reach),
                new(say.Column("region"), r => r.Region is { } region ? say.Region(region) : null, GrantColumns.Reach),
                new(accessWords["reach.own"], r => words[r.OwnOnly ? "yes" : "no"].Value, GrantColumns.Reach),
                new(say.Column("from"), r => r.From, GrantColumns.Period),
                new(say.Column("to"), r => r.Until, GrantColumns.Period),
                new(words["granted_by"], r => r.By, GrantColumns.Period),
                new(words["approved_by"], r => r.ApprovedBy, GrantColumns.Period),
                new(say, GrantColumns.Standing, r => accessWords["standing." + r.Standing].Value),
                new(words["last_used"], r => r.LastUsedAt, GrantColumns.Standing),
            ],
            GrantColumns.All
        );
    }

    public async Task<IResult> Access(HttpRequest request)
    {
        var (address, format) = Asked(request, "/access");
        if (!IsRecent(request))
            return Confirm(request);
        var rows = await matrix.Export(MatrixQuery.Of(address), format, ExportSetup.MostRows);
        return await File(
            "access",
            address,
            format,
            rows,
            [
                new(
                    words["principal"],
                    r => r.To.Person ?? (r.To.Organisation is { } o ? say.Name(o) : say.Code("role", r.To.Role!.Value))
                ),
                new(words["principal_code"], r => r.Key),
                new(words["role"], r => r.At is { } at ? say.Code("role", at.Role) : null),
                new(words["organisation"], r => r.At is { } at ? say.Name(at.Organisation) : null),
                .. Sections.Open.Select((s, i) => new Column<MatrixRow>(say.Code("section", s), r => Told(r.Cells[i]))),
            ]
        );
    }

    private string Told(MatrixCell cell) =>
        cell.Differs
            ? say.Labelled(say.Code("level", cell.Level), words["differs", say.Code("level", cell.Baseline)])
            : say.Code("level", cell.Level);

    public async Task<IResult> Review(Guid id, HttpRequest request)
    {
        var (address, format) = Asked(request, "/access/reviews/" + id);
        if (!IsRecent(request))
            return Confirm(request);
        var rows = (await reviews.Export(id, ReviewQuery.Of(address), format, ExportSetup.MostRows)).Rows;
        return await File<ReviewRow>(
            "reviews",
            address,
            format,
            rows,
            [
                new(
                    words["principal"],
                    r =>
                        r.To.Person
                        ?? (
                            r.To.Organisation is { } o ? say.Name(o)
                            : r.To.Role is { } role ? say.Code("role", role)
                            : null
                        )
                ),
                new(words["email"], r => r.To.Email),
                new(words["role"], r => r.Place is { } p ? say.Code("role", p.Role) : null),
                new(words["organisation"], r => r.Place is { } p ? say.Name(p.Organisation) : null),
                new(words["section"], r => r.Grant is { } g ? say.Code("section", g.Section) : null),
                new(words["level"], r => r.Grant is { } g ? say.Code("level", g.Level) : null),
                new(say.Column("from"), r => r.Place?.From ?? r.Grant?.From),
                new(say.Column("to"), r => r.Place?.Until ?? r.Grant?.Until),
                new(words["last_used"], r => r.LastUsedAt),
                new(words["reason"], r => r.Grant?.Reason),
                new(words["outcome_code"], r => r.Outcome.ToString()),
                new(words["outcome"], r => reviewWords["outcome." + r.Outcome].Value),
                new(words["answered_by"], r => r.AnsweredBy),
                new(words["answered_at"], r => r.AnsweredAt),
                new(words["note_of_reviewer"], r => r.Why),
            ]
        );
    }

    public async Task<IResult> Audit(HttpRequest request, CancellationToken ct)
    {
        var (address, format) = Asked(request, "/audit");
        if (!IsRecent(request))
            return Confirm(request);
        var rows = await audit.Export(AuditQuery.Of(address), format, ExportSetup.MostRows, ct);
        return await File<AuditLine>(
            "audit",
            address,
            format,
            rows,
            [
                new(say, AuditColumns.Number, r => r.Number),
                new(say.MomentsOf("when"), r => r.At, AuditColumns.When),
                new(words["act_code"], r => r.Code),
                new(words["act"], r => say.Code("act", r.Code)),
                new(words["section"], r => say.Code("section", r.Section)),
                new(say.Column("reference"), r => r.Reference, AuditColumns.Record),
                new(words["before"], r => r.From, AuditColumns.Change),
                new(words["after"], r => r.To, AuditColumns.Change),
                new(words["subject"], r => r.Subject, AuditColumns.Change),
                new(say, AuditColumns.Who, r => r.By),
                new(words["person_code"], r => r.PersonId == Guid.Empty ? null : r.PersonId.ToString(), AuditColumns.Who),
                new(words["organisation"], r => r.Organisation is { } o ? say.Name(o) : null, AuditColumns.Who),
                new(words["role"], r => r.Role is { } role ? say.Code("role", role) : null, AuditColumns.Who),
                new(words["hash"], r => r.Hash),
            ],
            AuditColumns.All
        );
    }

    // A list that leaves the portal is a sensitive act: a screen left open is not enough.
    /// <summary>The rows of an import that were refused, to be mended.</summary>
    public async Task<IResult> RefusedRows(ImportSubject subject, Guid id, HttpRequest request, CancellationToken ct) =>
        IsRecent(request) ? await refused.File(subject, id, request.Query["format"], ct) : Confirm(request);

    private bool IsRecent(HttpRequest request) =>
        request.HttpContext.Features.Get<Standing>() is { } standing
        && clock.GetUtcNow().UtcDateTime - standing.CheckedAt <= Sessions.CheckHolds;

    // People are asked for their password and come back; programs are told.
    private static IResult Confirm(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? Results.LocalRedirect(AccountAddress.ConfirmFor(request.Path + request.QueryString))
            : throw new BadRequest(403, "request.confirm");

    private const string Pdf = "application/pdf";

    private (ListAddress Address, string Format) Asked(HttpRequest request, string list, params string[] more)
    {
        var asked = ListAddress.Of(list + request.QueryString);
        if (
            asked.All("format") is not [var format]
            || !(format is "csv" or "xlsx" || more.Contains(format) || (format == "pdf" && pdf.IsThere))
        )
            throw new BadRequest(400, "export.format", ("format", "field.unknown_value"));
        return (asked, asked.One("format")!);
    }

    private async Task<IResult> File<T>(
        string name,
        ListAddress address,
        string format,
        IReadOnlyList<T> rows,
        IReadOnlyList<Column<T>> columns,
        IReadOnlyList<ListColumn>? ofList = null
    )
    {
        var taken = (ofList ?? []).Taken(address);
        // On paper an address beside every reference says nothing more; the way back to the list is in the note.
        var most = format == "pdf" ? PdfMaker.MostRows : ExportSetup.MostRows;
        return await Written(
            name,
            format,
            Sheet.Of(
                words["sheet_" + name],
                await Note(address, rows.Count, most),
                [.. columns.Where(c => (c.With is null || taken.Contains(c.With)) && (format != "pdf" || c.Heading != words["link"]))],
                rows.Take(most)
            )
        );
    }

    // What it is: demonstration or not, when, by whom, from where.
    private async Task<string> Note(ListAddress address, int rows, int most = ExportSetup.MostRows) =>
        string.Join(
            " ",
            new[]
            {
                configuration.GetValue<bool>("Portal:DemoData") ? words["demonstration"].Value : null,
                words[
                    "note",
                    clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                    (await actors.Current()).Name,
                    Link(new ListAddress(address.Path, address.Values).With("format", null))
                ],
                rows >= most ? words["first_rows", most].Value : null,
            }.OfType<string>()
        );

    private async Task<IResult> Written(string name, string format, Sheet sheet, CancellationToken ct = default) =>
        Taken(
            name,
            format,
            format switch
            {
                "csv" => TypedResults.Bytes(sheet.Csv(), "text/csv; charset=utf-8"),
                "pdf" => TypedResults.Bytes(
                    await pdf.Make(
                        PrintedPage.Of(
                            sheet,
                            configuration.GetValue<bool>("Portal:DemoData") ? words["demonstration"].Value : null,
                            say.Language,
                            pdf.Fonts()
                        ),
                        ct
                    ),
                    Pdf
                ),
                _ => TypedResults.Bytes(sheet.Xlsx(say.Language.IsRightToLeft()), Sheet.XlsxType),
            }
        );

    private Download Taken(string name, string format, IResult content)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{name}-{clock.GetUtcNow():yyyy-MM-dd}.{format}");
        return new Download(disposition.ToString(), content);
    }

    // The address is configured, never taken from the request: who asks may say anything there.
    private string Link(string path) => portal.Full(path);

    private sealed class Download(string disposition, IResult content) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ContentDisposition = disposition;
            return content.ExecuteAsync(httpContext);
        }
    }
}
