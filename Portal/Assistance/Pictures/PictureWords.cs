namespace Portal.Assistance.Pictures;

/// <summary>Marker of the words of the picture of assistance and the annual report.</summary>
public sealed class PictureWords;
