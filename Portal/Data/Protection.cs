using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Domain.Committee;
using Portal.Domain.Iati;
using Portal.Domain.Imports;

namespace Portal.Data;

/// <summary>
/// Who sees which rows of a table, said once: <see cref="Filter"/> makes the filter of every query of it, <see cref="Policy"/> the policy
/// of PostgreSQL.
/// </summary>
/// <param name="Table">Class of the rows.</param>
/// <param name="Sees">Of a row and the context: whether it is shown. Also asked before it is changed or taken away.</param>
/// <param name="Puts">What the second wall asks of a row that is put in.</param>
/// <param name="WrittenWith">
/// Property that names the record it is written with, and never by itself; null where it has a will of its own.
/// </param>
internal sealed record TableRule(Type Table, LambdaExpression Sees, LambdaExpression Puts, string? WrittenWith = null)
{
    /// <summary>The filter of a table of this model.</summary>
    public LambdaExpression Filter(PortalDb db) => new Filter(Expression.Constant(db, typeof(PortalDb))).Of(Sees);

    /// <summary>The policy of a table of this model.</summary>
    public SecondWall.Rule Policy(IModel model)
    {
        var entity = model.FindEntityType(Table)!;
        // What anyone may put in is not asked; otherwise the system is not.
        var puts = new Policy(model).Of(Puts);
        return new(
            entity.GetTableName()!,
            new Policy(model).Of(Sees),
            puts == Data.Policy.Anything ? puts : $"{SecondWall.System} OR {puts}",
            WrittenWith is null ? null : entity.FindProperty(WrittenWith)!.GetColumnName()
        );
    }
}

/// <summary>
/// Every table that is not for everyone, and who sees what of it. A record is seen by those whom its reach names, with the parts that its
/// line says; to add a kind of record nothing
/// is to be said here. A rule stands on its own: a law asks for one, or a reason, for every table of the model, and both databases are
/// walked with it, row by row.
/// </summary>
internal static class Protection
{
    private static readonly IReadOnlyList<TableRule> Tables =
    [
        Child<Attachment>((a, me) => me.Reaches(a.RecordId, r => (r.View & a.Part) != 0)),
        // A preview opens no file.
        Child<AttachmentChunk>((c, me) => me.OpensFiles && me.Attachments.Any(a => a.Id == c.AttachmentId)),
        Child<Activity>((a, me) => me.Reaches(a.RecordId, r => (r.View & a.Part) != 0)),
        Child<NeedTranslation>((t, me) => me.Reaches(t.NeedId)),
        // Who sees only one of the two does not learn of the other.
        Child<ServedNeed>((s, me) => me.Reaches(s.ProgrammeId) && me.Reaches(s.NeedId)),
        // Consents are for the State and CTED; everyone else sees at most the one that names them.
        Child<Consent>(
            (c, me) => me.Reaches(c.RecordId, r => (r.View & (int)NeedParts.Inner) != 0 || r.Audience == "need/" + c.AudienceKey)
        ),
        // With whom a State shares its assessment is between it and CTED; the bodies that adopted it are not told.
        Child<DossierConsent>(
            (c, me) => me.Reaches(c.RecordId, r => (r.View & (int)DossierParts.TalkState) != 0 || r.Audience == "dossier/" + c.AudienceKey)
        ),
        // What CTED asks of a State is between the two.
        Child<ConsentRequest>((c, me) => me.Reaches(c.NeedId, r => (r.View & (int)NeedParts.Inner) != 0)),
        // Made for one audience from what it was given: no other audience's line tells anything to it.
        Child<Match>((m, me) => me.Hears(m.Audience, m.State) && me.Reaches(m.NeedId), writtenWith: nameof(Match.NeedId)),
        Child<NotForUs>((x, me) => me.Reaches(x.NeedId, r => r.Audience == "need/cted" || x.OrganisationId == me.ActingOrganisationId)),
        // The State and CTED read all; who asked its own; the others what was answered, where they were given all that the asker was.
        Child<NeedQuestion>(
            (q, me) =>
                me.Reaches(
                    q.NeedId,
                    r =>
                        (r.View & (int)NeedParts.Inner) != 0
                        || (
                            r.Audience != "need/public"
                            && (
                                q.OrganisationId == me.ActingOrganisationId
                                || (q.AnsweredAt != null && (r.View & (int)q.Parts) == (int)q.Parts)
                            )
                        )
                )
        ),
        Child<Milestone>((m, me) => me.Reaches(m.ProposalId, r => (r.View & (int)ProposalParts.Content) != 0)),
        Child<NotNow>(
            (x, me) => me.Reaches(x.NeedId, r => (r.View & (int)NeedParts.Inner) != 0 || x.OrganisationId == me.ActingOrganisationId)
        ),
        // A part of what was frozen; the State has that of the edition it was sent and of no other.
        Child<Edition>(
            (e, me) => me.Reaches(e.DossierId, r => (r.View & e.Part) != 0 && (e.IsSent || (r.View & (int)DossierParts.Deliberation) != 0))
        ),
        Child<Circulation>((c, me) => me.Reaches(c.RecordId, r => (r.View & (int)DossierParts.Deliberation) != 0)),
        Child<CirculationStep>((s, me) => me.Circulations.Any(c => c.Id == s.CirculationId)),
        // What is said belongs to a part of the record, and is read by whoever holds that part.
        Child<DiscussionThread>((t, me) => me.Reaches(t.RecordId, r => (r.View & t.Part) != 0)),
        Child<ThreadMessage>((m, me) => me.Reaches(m.RecordId, r => (r.View & m.Part) != 0)),
        // To one organisation of those that a record is shown to as a kind, too: whoever sees the record, or the part of it that is told
        // of, and is whom it is told to.
        Child<Notice>(
            (n, me) =>
                me.Hears(n.Audience, n.State)
                && me.Reaches(n.RecordId, r => (r.View & n.Part) == n.Part)
                && (n.ExceptId == null || n.ExceptId != me.ActingMembershipId)
        ),
        // Whatever is done is logged, whoever does it.
        Child<AuditEntry>((_, me) => me.SeesAudit),
        Own<NoticeChoices>((c, me) => c.MembershipId == me.ActingMembershipId),
        Own<NoticeReading>((r, me) => r.MembershipId == me.ActingMembershipId),
        Own<SavedView>((v, me) => v.MembershipId == me.ActingMembershipId),
        Own<ViewHit>((h, me) => h.MembershipId == me.ActingMembershipId && me.Reaches(h.RecordId)),
        Own<FormDraft>((d, me) => d.MembershipId == me.ActingMembershipId),
        // What an organisation publishes and imports is its own people's work until it is a programme.
        Own<IatiSource>((s, me) => s.OrganisationId == me.ActingOrganisationId),
        Own<ImportJob>((j, me) => j.OrganisationId == me.ActingOrganisationId),
        Own<ImportChunk>((c, me) => c.OrganisationId == me.ActingOrganisationId),
        Own<ImportLine>((l, me) => l.OrganisationId == me.ActingOrganisationId),
        Own<OwnReference>((o, me) => o.OrganisationId == me.ActingOrganisationId),
        Own<Membership>((m, me) => me.SeesPeople || m.PersonId == me.ActingPersonId || m.OrganisationId == me.ActingOrganisationId),
        Own<Grant>((_, me) => me.SeesAccess),
        Own<AccessRequest>((r, me) => me.SeesAccess || r.PersonId == me.ActingPersonId),
        // Who manages contributors by delegation sees the rows about them, and of a review that it is there.
        Own<ReviewItem>((i, me) => me.SeesAccess || (me.IsDelegate && i.ToDelegate && i.OrganisationId == me.ActingOrganisationId)),
        Own<ReviewCampaign>((c, me) => me.SeesAccess || me.ReviewItems.Any(i => i.CampaignId == c.Id), puts: (_, me) => me.SeesAccess),
        Own<ReviewRhythm>((_, me) => me.SeesAccess),
    ];

    /// <summary>The rules of a model: those of its records, and those of every other table.</summary>
    public static IEnumerable<TableRule> Of(IReadOnlyModel model) =>
        [.. model.GetEntityTypes().Select(e => e.ClrType).Where(t => t.IsAssignableTo(typeof(IProtected))).Select(Record), .. Tables];

    private static TableRule Record(Type type)
    {
        var (row, me) = (Expression.Parameter(type, "x"), Expression.Parameter(typeof(PortalDb), "me"));
        var reaches = Expression.Call(typeof(Protection), nameof(Reaches), null, me, Expression.Property(row, nameof(IProtected.Id)));
        return new(type, Expression.Lambda(reaches, row, me), Anything<object>());
    }

    /// <summary>What comes with a record: it is put in before the record's reach is there, so what is put in is not asked.</summary>
    private static TableRule Child<T>(Expression<Func<T, PortalDb, bool>> sees, string? writtenWith = null) =>
        new(typeof(T), sees, Anything<T>(), writtenWith);

    /// <summary>What somebody has for themselves: what is put in is asked as what is read.</summary>
    private static TableRule Own<T>(Expression<Func<T, PortalDb, bool>> sees, Expression<Func<T, PortalDb, bool>>? puts = null) =>
        new(typeof(T), sees, puts ?? sees);

    private static Expression<Func<T, PortalDb, bool>> Anything<T>() => (_, _) => true;

    // Words of the rules. They are read and never run.
    private static bool Reaches(this PortalDb me, Guid record) => throw Unsaid(me, record);

    private static bool Reaches(this PortalDb me, Guid record, Expression<Func<Reach, bool>> line) => throw Unsaid(me, record, line);

    private static bool Hears(this PortalDb me, string audience, string state) => throw Unsaid(me, audience, state);

    private static NotSupportedException Unsaid(params object[] words) => new($"A word of a rule, about {words.Length}.");

    /// <summary>Whether a call is a word of the rules, and which.</summary>
    internal static string? Word(MethodCallExpression call) => call.Method.DeclaringType == typeof(Protection) ? call.Method.Name : null;
}

/// <summary>
/// A rule as the filter of queries. The context stands in it as a constant, which Entity Framework takes for the context of the query that
/// is asked: what the
/// rule says of the actor is read anew each time.
/// </summary>
internal sealed class Filter(ConstantExpression db) : ExpressionVisitor
{
    private static readonly Expression<Func<PortalDb, string, string, bool>> Hears = (db, audience, state) =>
        db.Whole.Contains(audience) || db.Scoped.Contains(audience + "@" + state);

    private readonly Dictionary<ParameterExpression, Expression> known = [];

    public LambdaExpression Of(LambdaExpression rule)
    {
        known[rule.Parameters[1]] = db;
        return Expression.Lambda(
            Expression.OrElse(Expression.Property(db, nameof(PortalDb.IsSystem)), Visit(rule.Body)),
            rule.Parameters[0]
        );
    }

    protected override Expression VisitParameter(ParameterExpression node) => known.GetValueOrDefault(node, node);

    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        switch (Protection.Word(node))
        {
            case "Hears":
                return Heard(Visit(node.Arguments[1]), Visit(node.Arguments[2]));
            case "Reaches":
                var (condition, line) = node.Arguments.ElementAtOrDefault(2) is UnaryExpression { Operand: LambdaExpression said }
                    ? (said.Body, said.Parameters[0])
                    : (null, Expression.Parameter(typeof(Reach), "r"));
                Expression found = Expression.Equal(Expression.Property(line, nameof(Reach.RecordId)), Visit(node.Arguments[1]));
                if (condition is not null)
                    found = Expression.AndAlso(found, Visit(condition));
                found = Expression.AndAlso(
                    found,
                    Heard(Expression.Property(line, nameof(Reach.Audience)), Expression.Property(line, nameof(Reach.State)))
                );
                return Expression.Call(
                    typeof(Queryable),
                    nameof(Queryable.Any),
                    [typeof(Reach)],
                    Expression.Property(db, nameof(PortalDb.Reach)),
                    Expression.Quote(Expression.Lambda<Func<Reach, bool>>(found, line))
                );
            default:
                return base.VisitMethodCall(node);
        }
    }

    private Expression Heard(Expression audience, Expression state)
    {
        foreach (var (parameter, value) in Hears.Parameters.Zip([db, audience, state]))
            known[parameter] = value;
        return Visit(Hears.Body);
    }
}

/// <summary>
/// A rule as SQL. It asks the reach, and the tables that have rules, as they are walled themselves: what is found there is one's own. Each
/// is asked for one row
/// by a key, never by looking at the whole of it first: LIMIT keeps the planner from that. What it has no words for is refused, when the
/// database is brought up.
/// </summary>
internal sealed class Policy(IModel model)
{
    /// <summary>The condition that everything meets.</summary>
    public const string Anything = "true";

    private readonly Dictionary<ParameterExpression, (string Name, IEntityType Entity)> rows = [];

    public string Of(LambdaExpression rule)
    {
        if (rule.Body is ConstantExpression { Value: true })
            return Anything;
        var entity = model.FindEntityType(rule.Parameters[0].Type)!;
        rows[rule.Parameters[0]] = (entity.GetTableName()!, entity);
        return Say(rule.Body);
    }

    private string Say(Expression node) =>
        node switch
        {
            BinaryExpression
            {
                NodeType: ExpressionType.Equal or ExpressionType.NotEqual,
                Right: ConstantExpression { Value: null } or UnaryExpression { Operand: ConstantExpression { Value: null } }
            } test => $"{Say(test.Left)} IS {(test.NodeType == ExpressionType.Equal ? "" : "NOT ")}NULL",
            BinaryExpression two => $"({Say(two.Left)} {Operator(two)} {Say(two.Right)})",
            UnaryExpression { NodeType: ExpressionType.Convert } same => Say(same.Operand),
            ConstantExpression { Value: int number } => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ConstantExpression { Value: string text } => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            MemberExpression { Expression: ParameterExpression { } row } column when row.Type != typeof(PortalDb) => Column(
                row,
                column.Member.Name
            ),
            MemberExpression { Expression: ParameterExpression } said => SecondWall.Said(said.Member.Name) ?? throw Untold(node),
            MethodCallExpression { Arguments: [_, var audience, var state] } call when Protection.Word(call) == "Hears" => SecondWall.Mine(
                Say(audience),
                Say(state)
            ),
            MethodCallExpression call when Protection.Word(call) == "Reaches" => Reached(
                Say(call.Arguments[1]),
                call.Arguments.ElementAtOrDefault(2)
            ),
            MethodCallExpression
            {
                Method.Name: nameof(Queryable.Any),
                Arguments: [MemberExpression { Expression: ParameterExpression } set, UnaryExpression { Operand: LambdaExpression among }]
            } => Among(set, among),
            _ => throw Untold(node),
        };

    private string Reached(string record, Expression? condition)
    {
        if (condition is not UnaryExpression { Operand: LambdaExpression line })
            return SecondWall.Reached(record);
        rows[line.Parameters[0]] = ("r", model.FindEntityType(typeof(Reach))!);
        return SecondWall.Reached(record, Say(line.Body));
    }

    private string Among(MemberExpression set, LambdaExpression among)
    {
        var entity = model.FindEntityType(among.Parameters[0].Type)!;
        // What is not walled would be looked at whole.
        if (entity.GetDeclaredQueryFilters().All(f => f.Key != PortalDb.Visibility))
            throw Untold(set);
        rows[among.Parameters[0]] = (among.Parameters[0].Name!, entity);
        return $"""(SELECT true FROM "{entity.GetTableName()}" "{among.Parameters[0].Name}" WHERE {Say(among.Body)} LIMIT 1)""";
    }

    private string Column(ParameterExpression row, string name)
    {
        var (table, entity) = rows[row];
        var property = entity.FindProperty(name) ?? throw new NotSupportedException($"{entity.Name} has no column for {name}");
        // Kept as something else than it is: what it is compared with would have to be, too.
        if (property.ClrType != typeof(string) && property.GetProviderClrType() == typeof(string))
            throw new NotSupportedException($"{entity.Name}.{name} is stored as text");
        return $"\"{table}\".\"{property.GetColumnName()}\"";
    }

    private static string Operator(BinaryExpression node) =>
        node.NodeType switch
        {
            ExpressionType.AndAlso => "AND",
            ExpressionType.OrElse => "OR",
            ExpressionType.Equal => "=",
            ExpressionType.NotEqual => "<>",
            ExpressionType.And => "&",
            ExpressionType.Add when node.Type == typeof(string) => "||",
            _ => throw Untold(node),
        };

    private static NotSupportedException Untold(Expression node) => new($"No words for this in a policy: {node}");
}
