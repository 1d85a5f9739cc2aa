using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Lists;

/// <summary>A row of a list of records.</summary>
public interface IListed
{
    /// <summary>The record.</summary>
    Guid Id { get; }

    /// <summary>Its reference.</summary>
    string Reference { get; }

    /// <summary>Its title, as the reader reads it.</summary>
    string Title { get; }

    /// <summary>The language of that.</summary>
    Language Language { get; }

    /// <summary>Bits of the parts that are shown; all where every reader sees all.</summary>
    int View => ~0;

    /// <summary>In a preview, bits of the parts that are seen by whom one looks as, and masked for whoever looks.</summary>
    int Veiled => 0;
}

/// <summary>A page of rows.</summary>
/// <param name="Rows">Rows in order.</param>
/// <param name="Total">How many in all, or the limit of counting.</param>
/// <param name="IsCapped">Whether there are more than were counted.</param>
/// <param name="Number">Page, from 1.</param>
/// <param name="PageSize">Rows on a page.</param>
public sealed record Page<T>(IReadOnlyList<T> Rows, int Total, bool IsCapped, int Number, int PageSize)
{
    /// <summary>In a preview, those on this page that whoever looks may not read.</summary>
    public IReadOnlyList<MaskedRecord> Masked { get; init; } = [];
}

/// <summary>An order of a list, over parts that every reader of a record sees.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="By">The order; null for the newest first, which is the usual one.</param>
public sealed record ListSort<T>(string Name, Func<IQueryable<T>, IOrderedQueryable<T>>? By)
{
    /// <summary>The newest first: to a reader outside, what was shown to them last.</summary>
    public static readonly ListSort<T> Newest = new("Newest", null);

    /// <summary>The column whose heading gives this order; <c>Reference</c> for the first.</summary>
    public string Heading { get; init; } = Name;

    /// <summary>Whether it is from the last to the first.</summary>
    public bool IsDescending { get; init; }
}

/// <summary>
/// The list of a kind of record, said once (docs/decisions/0041): its page, menus, chips, files, the API's list and views that tell of new
/// records are made of it.
/// </summary>
public abstract class RecordList
{
    /// <summary>A page of what fits an address, newest first, for whoever the database is opened for.</summary>
    internal abstract Task<IReadOnlyList<Guid>> Fitting(PortalDb db, ListAddress address, int page, int size, CancellationToken ct);

    /// <summary>The first that hold words, to be asked for together with those of other lists.</summary>
    /// <param name="db">For whom.</param>
    /// <param name="words">The words.</param>
    /// <param name="list">Number of this list among those asked.</param>
    /// <param name="most">How many.</param>
    internal abstract IQueryable<ReachList.Found> Holding(PortalDb db, string words, int list, int most);

    /// <summary>How many hold words, up to one more than <see cref="ReachList.CountLimit"/>; in a preview how many there are.</summary>
    internal abstract Task<int> Count(PortalDb db, string words, CancellationToken ct);

    /// <summary>What is said of records where all kinds are found together.</summary>
    internal abstract Task<IReadOnlyList<Hit>> Hits(PortalDb db, IReadOnlyList<Guid> ids, Say say, CancellationToken ct);

    /// <summary>Of which kind.</summary>
    public abstract Kind Kind { get; }

    /// <summary>Has something done with it that asks of which record and row it is.</summary>
    internal abstract void Accept(IRecordListVisitor visitor);
}

/// <summary>What is done with the list of every kind alike, and asks of which record and row it is.</summary>
internal interface IRecordListVisitor
{
    /// <summary>Does it with one.</summary>
    void Visit<T, TRow>(RecordList<T, TRow> list)
        where T : class, IProtected
        where TRow : class, IListed;
}

/// <summary>A record found.</summary>
/// <param name="Reference">Short reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="Language">Language of the title.</param>
/// <param name="Beside">Whose it is and how far it has come.</param>
/// <param name="Address">Where it is read.</param>
public sealed record Hit(string Reference, string Title, Language Language, string Beside, string Address);

/// <inheritdoc/>
/// <typeparam name="T">The record.</typeparam>
/// <typeparam name="TRow">What of it is shown.</typeparam>
public sealed class RecordList<T, TRow>(Kind<T> kind) : RecordList
    where T : class, IProtected
    where TRow : class, IListed
{
    /// <inheritdoc/>
    public override Kind Kind => kind;

    internal override void Accept(IRecordListVisitor visitor) => visitor.Visit(this);

    /// <summary>The columns, in the order of the table and of files.</summary>
    public required IReadOnlyList<ListColumn<TRow>> Columns { get; init; }

    /// <summary>The filters, in the order of their menus.</summary>
    public required IReadOnlyList<ListFilter<T>> Filters { get; init; }

    /// <summary>The orders, the usual one first.</summary>
    public required IReadOnlyList<ListSort<T>> Sorts { get; init; }

    /// <summary>The rows of records, in their order, with what an address wants of them.</summary>
    public required Func<PortalDb, IReadOnlyList<Guid>, ListAddress, CancellationToken, Task<IReadOnlyList<TRow>>> Rows { get; init; }

    /// <summary>Whose a record is and how far it has come, where records of all kinds are found together.</summary>
    public required Func<TRow, Say, string> InShort { get; init; }

    /// <summary>What stands under a title, beside the reference.</summary>
    public Func<TRow, Say, IEnumerable<string>> Beside { get; init; } = (_, _) => [];

    /// <summary>Keeps the records of some States; null where a record is its State's.</summary>
    public Func<IQueryable<T>, IReadOnlyList<string>, IQueryable<T>>? Within { get; init; }

    /// <summary>The columns that the screen has.</summary>
    public IReadOnlyList<ListColumn<TRow>> OnScreen => field ??= [.. Columns.Where(c => c.Cell is not null)];

    /// <summary>The columns of a file.</summary>
    public IReadOnlyList<ListColumn<TRow>> InFile(ListAddress address, IReadOnlyList<TRow> rows, Say say)
    {
        var taken = OnScreen.Taken(address);
        return
        [
            .. Columns
                .Where(c => c.Cell is not null ? taken.Contains(c) : c.With.Count == 0 || taken.Any(t => c.With.Contains(t.Name)))
                .Where(c => !c.IsSeldom || rows.Any(r => c.InFile[0].Of(r, say) is not null)),
        ];
    }

    /// <summary>The order that an address asks for; the usual one where it names none.</summary>
    public ListSort<T> Sort(ListAddress address) =>
        address
            .All("sort")
            .Select(name => Sorts.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(s => s is not null)
        ?? Sorts[0];

    /// <summary>What an address asks of the database.</summary>
    public ListRequest<T> Request(ListAddress address)
    {
        var asked = Filters.Asked(address);
        if (Within is not null)
            asked.Add(asked.States, Within);
        return new ListRequest<T>(kind)
        {
            Words = address.One("q"),
            States = Within is null ? asked.States : [],
            FilterParts = asked.Parts,
            Filter = asked.IsAny ? asked.Of : null,
            Order = Sort(address).By,
            Page = address.Page,
            PageSize = address.PageSize,
        };
    }

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<Guid>> Fitting(PortalDb db, ListAddress address, int page, int size, CancellationToken ct) =>
        (await db.List(Request(address) with { Order = null, Page = page, PageSize = size }, ct)).Ids;

    /// <inheritdoc/>
    internal override IQueryable<ReachList.Found> Holding(PortalDb db, string words, int list, int most) =>
        db.First(new ListRequest<T>(kind) { Words = words }, list, most);

    /// <inheritdoc/>
    internal override Task<int> Count(PortalDb db, string words, CancellationToken ct) =>
        db.Count(new ListRequest<T>(kind) { Words = words }, ct);

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<Hit>> Hits(PortalDb db, IReadOnlyList<Guid> ids, Say say, CancellationToken ct) =>
        [
            .. (await Rows(db, ids, ListAddress.Of(kind.List + "?columns=none"), ct)).Select(r => new Hit(
                r.Reference,
                r.Title,
                r.Language,
                InShort(r, say),
                kind.Path(r.Reference)
            )),
        ];
}
