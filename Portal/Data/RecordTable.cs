using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Domain;
using Portal.Domain.Access;

namespace Portal.Data;

/// <summary>How records lie in their tables: what each has, and what their rooms say of theirs.</summary>
internal static class RecordTable
{
    /// <summary>What every record has.</summary>
    public static void Record<T>(this EntityTypeBuilder<T> record, Kind kind)
        where T : class, IProtected
    {
        record.Ignore(x => x.Acts).Ignore(x => x.Kind);
        record.Property(x => x.Version).IsConcurrencyToken();
        // What is not numbered has no reference of its own.
        if (kind.Series is null)
            record.Ignore(x => x.Reference);
        else
        {
            record.Property(x => x.Reference).HasMaxLength(30);
            record.HasIndex(x => x.Reference).IsUnique();
        }
    }

    /// <summary>Read and written with their record, and never by themselves: as JSON in its row.</summary>
    public static void Lines<T>(this PropertyBuilder<IReadOnlyList<T>> lines) =>
        lines.HasConversion(AsJson<IReadOnlyList<T>>(), Alike<T>());

    /// <inheritdoc cref="Lines{T}(PropertyBuilder{IReadOnlyList{T}})"/>
    public static void Lines<T>(this ComplexTypePropertyBuilder<IReadOnlyList<T>> lines) =>
        lines.HasConversion(AsJson<IReadOnlyList<T>>(), Alike<T>());

    /// <summary>Read and written with its record as one value that is never changed, only replaced.</summary>
    public static void Json<T>(this PropertyBuilder<T?> value)
        where T : class =>
        value.HasConversion((ValueConverter)AsJson<T>(), new ValueComparer<T>((a, b) => ReferenceEquals(a, b), v => 0, v => v));

    private static ValueConverter<T, string> AsJson<T>() =>
        new(
            v => JsonSerializer.Serialize(v, (JsonSerializerOptions?)null),
            v => JsonSerializer.Deserialize<T>(v, (JsonSerializerOptions?)null)!
        );

    private static ValueComparer<IReadOnlyList<T>> Alike<T>() =>
        new((a, b) => ReferenceEquals(a, b) || (a != null && b != null && a.SequenceEqual(b)), l => l.Count, l => l);

    /// <summary>Where what a record says are properties of the record: as long as its fields take.</summary>
    public static void Lengths<T>(this EntityTypeBuilder record)
        where T : class, IContent<T>, new()
    {
        foreach (var field in T.Fields.Where(f => f.Kind is FieldKind.Line or FieldKind.Currency))
            record.Property(field.Name).HasMaxLength(field.Most!.Value);
    }

    /// <summary>What a record says: each field a column of its name, as long as the field takes.</summary>
    public static void Said<T>(this ComplexPropertyBuilder<T> said)
        where T : class, IContent<T>, new()
    {
        foreach (var field in T.Fields)
            if (field.Kind is FieldKind.Codes or FieldKind.Choices)
                said.PrimitiveCollection(field.Type, field.Name).HasColumnName(field.Name);
            else if (field.Kind is FieldKind.Line or FieldKind.Currency)
                said.Property(field.Type, field.Name).HasColumnName(field.Name).HasMaxLength(field.Most!.Value);
            else
                said.Property(field.Type, field.Name).HasColumnName(field.Name);
    }
}
