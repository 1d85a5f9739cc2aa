using Microsoft.Extensions.Localization;
using Portal.Shell;

namespace Portal.Access;

/// <summary>A role that nobody holds, in words.</summary>
internal static class VacancyText
{
    /// <summary>What waits: "open needs: 3, proposals to be answered: 2".</summary>
    public static string Work(IStringLocalizer<PeopleWords> words, Say say, VacancyLine line) =>
        say.List(
            new[] { ("vacancy.needs", line.Needs), ("vacancy.proposals", line.Proposals), ("vacancy.programmes", line.Programmes) }
                .Where(w => w.Item2 > 0)
                .Select(w => say.Labelled(words[w.Item1], Number.Of(w.Item2)))
        );

    /// <summary>A sentence for whoever is about to leave a role without anybody.</summary>
    public static string Left(IStringLocalizer<PeopleWords> words, Say say, VacancyLine line) =>
        words["vacancy.left", say.Labelled(say.Name(line.Organisation), say.Code("role", line.Role)), Work(words, say, line)];
}
