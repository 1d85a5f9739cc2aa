using Microsoft.Extensions.Localization;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Directory;

/// <summary>Two versions of an offer's form, field by field, in words.</summary>
internal static class OfferDifferences
{
    public static IEnumerable<FormTop.Difference> Of(OfferForm mine, OfferForm theirs, Say say, IStringLocalizer<DirectoryWords> words)
    {
        FormTop.Difference Line(string field, Func<OfferForm, string?> shown, Action take) => new(field, shown(mine) ?? "", shown(theirs) ?? "", take);
        string Join(IEnumerable<string> names) => string.Join(words["list.separator"], names.Order(StringComparer.CurrentCulture));
        yield return Line("Title", f => f.Title, () => mine.Title = theirs.Title);
        yield return Line("Description", f => f.Description, () => mine.Description = theirs.Description);
        yield return Line("Language", f => f.Language.Autonym(), () => mine.Language = theirs.Language);
        yield return Line("Themes", f => Join(f.Themes.Select(say.Theme)), () => mine.Themes = [.. theirs.Themes]);
        yield return Line("Modalities", f => Join(f.Modalities.Select(say.Modality)), () => mine.Modalities = [.. theirs.Modalities]);
        yield return Line("Regions", f => Join(f.Regions.Select(say.Region)), () => mine.Regions = [.. theirs.Regions]);
        yield return Line("WorkingLanguages", f => Join(f.WorkingLanguages.Select(l => l.Autonym())), () => mine.WorkingLanguages = [.. theirs.WorkingLanguages]);
        yield return Line("BudgetFrom", f => f.BudgetFrom, () => mine.BudgetFrom = theirs.BudgetFrom);
        yield return Line("BudgetTo", f => f.BudgetTo, () => mine.BudgetTo = theirs.BudgetTo);
        yield return Line("Currency", f => f.Currency, () => mine.Currency = theirs.Currency);
        yield return Line("IsPublished", f => words[f.IsPublished ? "published.yes" : "published.no"], () => mine.IsPublished = theirs.IsPublished);
    }
}
