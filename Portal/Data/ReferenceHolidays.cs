using Portal.Domain.Calendar;

namespace Portal.Data;

/// <summary>
/// The official holidays of Headquarters that every portal starts with, as the rules of the calendar give them. The Secretariat announces
/// them by circular each year, and the two Eids follow the moon: staff compare and keep them from then on.
/// </summary>
public static class ReferenceHolidays
{
    /// <summary>All of them, newly made. What falls on a weekend is kept on the working day beside it.</summary>
    public static IReadOnlyList<Holiday> All() =>
        [
            Of(2026, 1, 1, HolidayName.NewYear),
            Of(2026, 3, 20, HolidayName.EidAlFitr),
            Of(2026, 4, 3, HolidayName.GoodFriday),
            Of(2026, 5, 25, HolidayName.MemorialDay),
            Of(2026, 5, 27, HolidayName.EidAlAdha),
            Of(2026, 7, 3, HolidayName.IndependenceDay),
            Of(2026, 9, 7, HolidayName.LaborDay),
            Of(2026, 11, 26, HolidayName.Thanksgiving),
            Of(2026, 12, 25, HolidayName.Christmas),
            Of(2027, 1, 1, HolidayName.NewYear),
            Of(2027, 3, 10, HolidayName.EidAlFitr),
            Of(2027, 3, 26, HolidayName.GoodFriday),
            Of(2027, 5, 17, HolidayName.EidAlAdha),
            Of(2027, 5, 31, HolidayName.MemorialDay),
            Of(2027, 7, 5, HolidayName.IndependenceDay),
            Of(2027, 9, 6, HolidayName.LaborDay),
            Of(2027, 11, 25, HolidayName.Thanksgiving),
            Of(2027, 12, 24, HolidayName.Christmas),
        ];

    private static Holiday Of(int year, int month, int day, HolidayName name) => Holiday.Registered(new DateOnly(year, month, day), name);
}
