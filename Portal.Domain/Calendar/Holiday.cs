using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Domain.Calendar;

/// <summary>What an official holiday of Headquarters is called.</summary>
public enum HolidayName
{
    /// <summary>New Year's Day.</summary>
    NewYear,

    /// <summary>Presidents' Day; an official holiday until 2009 and in some years after.</summary>
    PresidentsDay,

    /// <summary>Good Friday.</summary>
    GoodFriday,

    /// <summary>Eid al-Fitr; follows the moon.</summary>
    EidAlFitr,

    /// <summary>Eid al-Adha; follows the moon.</summary>
    EidAlAdha,

    /// <summary>Memorial Day, the last Monday of May.</summary>
    MemorialDay,

    /// <summary>Independence Day of the host country.</summary>
    IndependenceDay,

    /// <summary>Labor Day, the first Monday of September.</summary>
    LaborDay,

    /// <summary>Thanksgiving, the fourth Thursday of November.</summary>
    Thanksgiving,

    /// <summary>Christmas Day.</summary>
    Christmas,

    /// <summary>Any other day on which Headquarters is closed.</summary>
    Other,
}

/// <summary>
/// A day on which Headquarters is closed. A floating holiday, which each staff member chooses, closes nothing and is none of these. Public:
/// everybody may know it.
/// </summary>
public sealed class Holiday
{
    /// <summary>The first year that is kept.</summary>
    public const int FirstYear = 2001;

    private Holiday() { }

    /// <summary>The day at Headquarters.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>What it is called.</summary>
    public HolidayName Name { get; private set; }

    /// <summary>Whether an actor may keep the calendar: a CTED assistance officer, whose deadlines run by it.</summary>
    public static bool CanKeep(Actor actor) => AssistanceSettings.CanSet(actor);

    /// <summary>A holiday that staff enter.</summary>
    /// <exception cref="Refusal"><c>calendar.not_yours_to_keep</c>, or what <see cref="Problems"/> says.</exception>
    public static Holiday Of(Actor actor, DateOnly day, HolidayName name)
    {
        Refusal.Unless(CanKeep(actor), "calendar.not_yours_to_keep");
        Refusal.IfAny(Problems(day));
        return Registered(day, name);
    }

    /// <summary>One that every portal starts with.</summary>
    public static Holiday Registered(DateOnly day, HolidayName name) => new() { Day = day, Name = name };

    /// <summary>What is wrong with a day: Headquarters is closed at weekends anyway.</summary>
    public static IReadOnlyList<Refusal> Problems(DateOnly day) =>
        Refusal.Collect(
            () => Text.Day(day, nameof(Day), FirstYear),
            () => Refusal.If(UnCalendar.IsWeekend(day), "calendar.weekend", nameof(Day))
        );
}
