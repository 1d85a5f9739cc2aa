namespace Portal.Directory;

/// <summary>Marker of the words of the directory, in the work pages and the public ones.</summary>
public sealed class DirectoryWords;
