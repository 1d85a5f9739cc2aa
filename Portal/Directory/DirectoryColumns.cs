namespace Portal.Directory;

/// <summary>Columns of the directory.</summary>
[Flags]
public enum DirectoryColumns
{
    /// <summary>What the organisation says of itself.</summary>
    Summary = 1,

    /// <summary>Standing offers.</summary>
    Offers = 2,

    /// <summary>Unless chosen otherwise.</summary>
    Usual = Summary | Offers,
}
