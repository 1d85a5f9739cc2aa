using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Assistance.Matches;
using Portal.Collaboration;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Imports;
using Portal.Imports;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Tests.House;

/// <summary>What a list says of itself by name holds together: its table, its files, its address, the API and the tables to fill in.</summary>
public sealed class ListLaws
{
    /// <summary>What the list of each kind says of itself.</summary>
    internal static readonly IReadOnlyList<Said> Lists = Said.OfAll();

    /// <summary>The columns that can be chosen, list by list.</summary>
    internal static readonly IReadOnlyList<IReadOnlyList<ListColumn>> OnScreen =
    [
        .. Lists.Select(l => l.OnScreen),
        MatchColumns.All,
        DirectoryList.Columns,
        PeopleColumns.All,
        GrantColumns.All,
        AuditColumns.All,
    ];

    /// <summary>By what the headings of every list and the labels of its filters are found.</summary>
    internal static IEnumerable<string> Headings =>
        OnScreen
            .SelectMany(c => c)
            .Select(c => c.Key)
            .Concat(Lists.SelectMany(l => l.Headings))
            .Concat(DirectoryList.Filters.Select(f => f.Key))
            .Distinct();

    /// <summary>The orders of every list.</summary>
    internal static IEnumerable<string> Orders => Lists.SelectMany(l => l.Orders).Distinct();

    [Fact]
    public void What_a_list_names_is_there() => Sources.None(Lists.SelectMany(l => l.Lost), "Named by a list and not there:");

    [Fact]
    public void The_API_takes_whatever_the_menus_of_a_list_offer() =>
        Sources.None(Lists.SelectMany(l => l.NotTaken), "Offered by a menu and refused by the API:");

    // A table that is taken away can be filled in and brought back: the same column has the same heading.
    [Fact]
    public void A_column_of_a_table_to_fill_in_is_one_of_its_list() =>
        Sources.None(
            from list in Lists
            where list.FilledIn is not null
            from field in TableFields.Of(list.FilledIn!.Value)
            where field.Column is not (null or "reference") && !list.Headings.Contains(field.Column)
            select $"{list.Kind}: {field.Column}",
            "Columns of tables to fill in that their list does not have:"
        );

    internal sealed record Said(
        Kind Kind,
        ImportSubject? FilledIn,
        IReadOnlyList<ListColumn> OnScreen,
        IReadOnlyList<string> Headings,
        IReadOnlyList<string> Orders,
        IReadOnlyList<string> Lost,
        IReadOnlyList<string> NotTaken
    )
    {
        public static IReadOnlyList<Said> OfAll()
        {
            var all = new Every();
            foreach (var list in RecordRooms.Lists)
                list.Accept(all);
            return all.Said;
        }

        private sealed class Every : IRecordListVisitor
        {
            public List<Said> Said { get; } = [];

            public void Visit<T, TRow>(RecordList<T, TRow> list)
                where T : class, IProtected
                where TRow : class, IListed =>
                Said.Add(
                    By(
                        list,
                        Enum.GetValues<ImportSubject>().Cast<ImportSubject?>().FirstOrDefault(s => ImportJob.KindOf(s!.Value) == list.Kind)
                    )
                );
        }

        private static Said By<T, TRow>(RecordList<T, TRow> list, ImportSubject? filledIn)
            where T : class, IProtected
            where TRow : class, IListed
        {
            using var services = new ServiceCollection().AddLogging().AddWords().BuildServiceProvider();
            var say = services.GetRequiredService<Say>();
            var columns = list.OnScreen.Select(c => c.Name).ToList();
            return new(
                list.Kind,
                filledIn,
                list.OnScreen,
                [.. list.Columns.Select(c => c.Key), .. list.Filters.Select(f => f.Key)],
                [.. list.Sorts.Select(s => s.Name)],
                [
                    .. list.Columns.SelectMany(c => c.With).Except(columns),
                    .. list.Sorts.Where(s => s.Heading != s.Name).Select(s => s.Heading).Except(columns),
                    .. list.Columns.Where(c => c.InFile.Count == 0).Select(c => c.Name + " in files"),
                    .. new[] { columns, list.Filters.Select(f => f.Name), list.Sorts.Select(s => s.Name) }.SelectMany(Twice),
                ],
                [
                    .. from filter in list.Filters
                    where filter is { Values: not null, Options: not null }
                    from option in filter.Options!(say)
                    where !filter.Values!().Contains(option.Value)
                    select $"{filter.Name}={option.Value}",
                ]
            );
        }

        private static IEnumerable<string> Twice(IEnumerable<string> names) =>
            names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key + " once");
    }
}
