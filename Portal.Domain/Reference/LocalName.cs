namespace Portal.Domain.Reference;

/// <summary>One name in the six official languages of the United Nations.</summary>
/// <param name="Ar">In Arabic.</param>
/// <param name="Zh">In Chinese, in simplified characters.</param>
/// <param name="En">In English.</param>
/// <param name="Fr">In French.</param>
/// <param name="Ru">In Russian.</param>
/// <param name="Es">In Spanish.</param>
public sealed record LocalName(string Ar, string Zh, string En, string Fr, string Ru, string Es)
{
    /// <summary>The name in a language.</summary>
    public string this[Language language] =>
        language switch
        {
            Language.Ar => Ar,
            Language.Zh => Zh,
            Language.En => En,
            Language.Fr => Fr,
            Language.Ru => Ru,
            Language.Es => Es,
            _ => throw new ArgumentOutOfRangeException(nameof(language)),
        };
}
