using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Lists;

/// <summary>
/// What the portal does with a kind of record, beside what its card says. It stands in the room of the kind, and <see cref="RecordRooms"/>
/// is the one list (docs/decisions/0045).
/// </summary>
public abstract record RecordRoom
{
    /// <summary>
    /// Marker of the words of the kind. Those that are found by a code stand under <c>family:code</c>: what it is called, its parts, acts,
    /// refusals, notices, figures.
    /// </summary>
    public required Type Words { get; init; }

    /// <summary>Its list; null where its records are listed with those of another kind, or otherwise.</summary>
    public RecordList? List { get; init; }

    /// <summary>The symbol of its page in the navigation; null where it has none.</summary>
    public string? Icon { get; init; }

    /// <summary>Whom the navigation offers its list, where that is not everyone whom the section is open to.</summary>
    public Func<Actor, bool>? IsOffered { get; init; }

    /// <summary>Who may begin one, at <c>new</c> beside the list; null where one is begun from another record.</summary>
    public Func<Actor, bool>? CanBegin { get; init; }

    /// <summary>The services that work on its records.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    /// <summary>The card.</summary>
    public abstract Kind Kind { get; }

    /// <summary>How its records lie in their table.</summary>
    internal abstract void Build(ModelBuilder model);
}

/// <inheritdoc/>
/// <typeparam name="T">The record.</typeparam>
public sealed record RecordRoom<T>(Kind<T> Card) : RecordRoom
    where T : class, IProtected
{
    /// <inheritdoc/>
    public override Kind Kind => Card;

    /// <summary>Lengths and indexes beside those that every record has.</summary>
    public required Action<EntityTypeBuilder<T>> Table { get; init; }

    /// <summary>The records with all that their verbs read; as they are where that is all.</summary>
    public Func<IQueryable<T>, IQueryable<T>> Whole { get; init; } = records => records;

    internal override void Build(ModelBuilder model) =>
        model.Entity<T>(record =>
        {
            record.Record(Card);
            Table(record);
        });
}
