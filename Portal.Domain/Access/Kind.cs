using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Domain.Reference;

namespace Portal.Domain.Access;

/// <summary>
/// The card of a kind of protected record: every fact of it that more than its own room asks for. It stands in the record's class, and <see
/// cref="Kinds.All"/> is the one list of
/// cards (docs/decisions/0036).
/// </summary>
[JsonConverter(typeof(KindNames))]
public abstract class Kind
{
    /// <summary>What the database holds, and what its words are found by: <c>Need</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its records in the plural, as their addresses and the API say it: <c>Needs</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>The section whose grants open records of this kind.</summary>
    public required Section Section { get; init; }

    /// <summary>What its references begin with: <c>NEED</c>; null where records are not numbered.</summary>
    public required string? Series { get; init; }

    /// <summary>
    /// Whether its records are numbered for each State by themselves, so that no gap in what a State sees tells of another's.
    /// </summary>
    public bool IsNumberedByState { get; init; }

    /// <summary>The parts that an audience may get.</summary>
    public required PartSet Parts { get; init; }

    /// <summary>The codes of its stages, in order; none where it has none.</summary>
    public required IReadOnlyList<string> Stages { get; init; }

    /// <summary>
    /// The kinds of organisation to whose members as such its rule can show a record, the public apart. To any other, a grant of the
    /// section opens the section and no record.
    /// </summary>
    public required IReadOnlyList<OrganisationKind> ShownTo { get; init; }

    /// <summary>What is kept of its list under a name.</summary>
    public required Views Views { get; init; }

    /// <summary>The part that its files belong to; null where it has none.</summary>
    public required Part? Files { get; init; }

    /// <summary>
    /// The parts that its readers discuss in, each among those who hold it; none where nothing is discussed on it. Its words say who that
    /// is.
    /// </summary>
    public IReadOnlyList<Part> Talks { get; init; } = [];

    /// <summary>What of a record has to be loaded with it before its rule can say who sees it.</summary>
    public IReadOnlyList<string> RuleReads { get; init; } = [];

    /// <summary>Bits of parts in which a discussion can hold the record up until it is resolved.</summary>
    public int Awaits { get; init; }

    /// <summary>
    /// Bits of parts that those alone see to whom a record was sent, and not CTED: what they are still writing in it.
    /// </summary>
    public int Apart { get; init; }

    /// <summary>
    /// Bits of the part that tells how a record stands, where every act says by its part what it changed: screens of those who hold neither
    /// are left alone. Null where an act may change what it does not say.
    /// </summary>
    public int? Stirs { get; init; }

    /// <summary>
    /// Whether everyone who sees any of it may know who else does. Otherwise only those may who see the record whole.
    /// </summary>
    public bool TellsReaders { get; init; }

    /// <summary>Prefix of stored audience names, so that one index serves the lists of every kind: <c>need/</c>.</summary>
    public string Prefix => Name.ToLowerInvariant() + "/";

    /// <summary>The address of its list.</summary>
    public string List => "/" + Plural.ToLowerInvariant();

    /// <summary>The address of a record, or of a page beside the records such as <c>new</c>.</summary>
    public string Path(string reference) => $"{List}/{reference}";

    /// <summary>The code of an act on a record: <c>need.read</c>.</summary>
    public string Act(string verb) => $"{Name.ToLowerInvariant()}.{verb}";

    /// <summary>Whether the rule can show a record to members of a kind of organisation as such.</summary>
    public bool CanShowTo(OrganisationKind organisation) => ShownTo.Contains(organisation);

    /// <summary>Whether who sees this much of a record may know who else sees it.</summary>
    public bool KnowsReaders(int view) => TellsReaders ? view != 0 : Parts.IsWhole(view);

    /// <summary>Its records, where they are kept.</summary>
    public abstract IQueryable<IProtected> In(IRecords records);

    /// <summary>What some of its records are called; null where they have no title.</summary>
    public abstract IQueryable<RecordTitle>? Titles(IRecords records, IReadOnlyCollection<Guid> ids);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <inheritdoc/>
/// <typeparam name="T">The record.</typeparam>
public sealed class Kind<T> : Kind
    where T : class, IProtected
{
    /// <summary>What a record is called, of the part that comes with every other; null where it has no title.</summary>
    public required Expression<Func<T, RecordTitle>>? Title { get; init; }

    /// <inheritdoc/>
    public override IQueryable<IProtected> In(IRecords records) => records.Of<T>();

    /// <inheritdoc/>
    public override IQueryable<RecordTitle>? Titles(IRecords records, IReadOnlyCollection<Guid> ids) =>
        Title is null ? null : records.Of<T>().Where(r => ids.Contains(r.Id)).Select(Title);
}

/// <summary>What a record is called.</summary>
/// <param name="Id">The record.</param>
/// <param name="Title">Its title.</param>
/// <param name="Language">Language of the title.</param>
/// <param name="State">ISO 3166-1 alpha-3 of the State it is about; null where that is none or several.</param>
public sealed record RecordTitle(Guid Id, string Title, Language Language, string? State);

/// <summary>Where records are kept.</summary>
public interface IRecords
{
    /// <summary>All of a kind that may be seen.</summary>
    IQueryable<T> Of<T>()
        where T : class, IProtected;
}

/// <summary>What is kept of the list of a kind of record: its search, filters and order under a name.</summary>
public enum Views
{
    /// <summary>Nothing: its records are listed with those of another kind.</summary>
    None,

    /// <summary>Views.</summary>
    Kept,

    /// <summary>Views, and their owners can be told of records that come to fit: each is one row.</summary>
    Told,
}

/// <summary>A part of a kind of record.</summary>
/// <param name="Bit">Its bit in a view.</param>
/// <param name="Name">Its code; its words are found by the kind's name and this.</param>
public sealed record Part(int Bit, string Name)
{
    /// <summary>A part by its enumeration.</summary>
    public static Part Of<T>(T part)
        where T : struct, Enum => new(Convert.ToInt32(part, System.Globalization.CultureInfo.InvariantCulture), part.ToString());
}

/// <summary>The parts of a kind of record, as a flags enumeration says them.</summary>
public sealed class PartSet
{
    private readonly Type codes;

    private PartSet(Type codes, IReadOnlyList<Part> named, Part inner) => (this.codes, Named, Inner) = (codes, named, inner);

    /// <summary>The parts of an enumeration.</summary>
    /// <param name="inner">What only those who see the record whole get.</param>
    /// <param name="named">The parts that are said by name, the one that comes with every other first.</param>
    public static PartSet Of<T>(T inner, params IEnumerable<T> named)
        where T : struct, Enum => new(typeof(T), [.. named.Select(Part.Of)], Part.Of(inner));

    /// <summary>The parts that are said by name, the one that comes with every other first.</summary>
    public IReadOnlyList<Part> Named { get; }

    /// <summary>What only those who see the record whole get.</summary>
    public Part Inner { get; }

    /// <summary>Whether a view holds what only those who see the record whole are shown.</summary>
    public bool IsWhole(int view) => (view & Inner.Bit) != 0;

    /// <summary>The parts of a view that have a name, one by one.</summary>
    public IEnumerable<Part> Of(int view) => Named.Where(p => (view & p.Bit) != 0);

    /// <summary>Reads a view as acts note it, by the codes of its parts; null where it is none.</summary>
    // Numbers would parse, too.
    public int? Read(string? text) =>
        text is { Length: > 0 } && !char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+') && Enum.TryParse(codes, text, out var view)
            ? (int)view
            : null;
}

/// <summary>Writes a kind by its name.</summary>
internal sealed class KindNames : JsonConverter<Kind>
{
    public override Kind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Kinds.Named(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, Kind value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}
