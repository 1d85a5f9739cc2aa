using System.Globalization;
using Portal.Domain.Reference;

namespace Portal.Shell;

/// <summary>
/// Numbers as the reader's language writes them, in Western digits. Where "650,000" would be read as a fraction, groups of three are set
/// apart by a blank that does not break, as
/// the French, Russian and Spanish documents of the United Nations do.
/// </summary>
public static class Number
{
    private static readonly NumberFormatInfo Commas = CultureInfo.InvariantCulture.NumberFormat;
    private static readonly NumberFormatInfo Blanks = NumberFormatInfo.ReadOnly(
        new NumberFormatInfo { NumberGroupSeparator = "\u00A0", NumberDecimalSeparator = "," }
    );

    /// <summary>A number; whole unless said otherwise.</summary>
    /// <param name="number">It.</param>
    /// <param name="format">A format of .NET.</param>
    public static string Of(IFormattable number, string format = "N0") =>
        number.ToString(
            format,
            Culture.Current switch
            {
                Language.En or Language.Ar or Language.Zh => Commas,
                Language.Fr or Language.Ru or Language.Es => Blanks,
            }
        );
}
