using System.Globalization;
using Portal.Domain.Access;

namespace Portal.Shell;

/// <summary>Reads the amounts and days of a form as they were typed, and keeps what cannot be read.</summary>
public sealed class Typed
{
    private readonly List<Refusal> unreadable = [];

    /// <summary>An amount in whole units; null where nothing, or nothing readable, was typed.</summary>
    public decimal? Amount(string? typed, string field) => Read(() => Domain.Amount.Read(typed, field));

    /// <summary>A number that may have a fraction; null where nothing, or nothing readable, was typed.</summary>
    public decimal? Fraction(string? typed, string field) => Read(() => Domain.Amount.ReadFraction(typed, field));

    private decimal? Read(Func<decimal?> read)
    {
        try
        {
            return read();
        }
        catch (Refusal refusal)
        {
            unreadable.Add(refusal);
            return null;
        }
    }

    /// <summary>A day as date controls give it; null where nothing, or nothing readable, was typed.</summary>
    public DateOnly? Day(string? typed, string field)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        unreadable.Add(new Refusal("field.date_unreadable", field));
        return null;
    }

    /// <summary>Notes what is wrong with what was typed before the rules say anything of it.</summary>
    public void Note(Refusal refusal) => unreadable.Add(refusal);

    /// <summary>
    /// Everything wrong with a form: what cannot be read comes before what the rules say, and is not called missing as well.
    /// </summary>
    public IReadOnlyList<Refusal> Before(IEnumerable<Refusal> problems) =>
        [.. unreadable, .. problems.Where(p => p.Code != "field.required" || !unreadable.Exists(u => u.Field == p.Field))];

    /// <summary>An amount as a field shows it.</summary>
    public static string? Of(decimal? amount) => amount?.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>A day as a date control takes it.</summary>
    public static string? Of(DateOnly? day) => day?.ToString("O");
}
