namespace Portal.Calendar;

/// <summary>Marker of the words of the calendar.</summary>
public sealed class CalendarWords;
