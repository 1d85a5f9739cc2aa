using System.Reflection;
using System.Text.RegularExpressions;
using Portal.Domain;
using Portal.Domain.Assistance;
using Portal.Tests.Access;

namespace Portal.Tests.House;

/// <summary>What a kind of record says is one record and one table of its fields; nothing of it is forgotten on the way.</summary>
public sealed class ContentLaws
{
    private static readonly IReadOnlyList<Type> Contents =
    [
        .. typeof(Need).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IContent))),
    ];

    private static IReadOnlyList<string> FieldsOf(Type content) =>
        [
            .. ((System.Collections.IEnumerable)content.GetProperty("Fields", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!)
                .Cast<object>()
                .Select(f => (string)f.GetType().GetProperty("Name")!.GetValue(f)!),
        ];

    [Fact]
    public void Every_field_is_on_the_table_once()
    {
        Assert.True(Contents.Count >= 5);
        Assert.All(
            Contents,
            c => Assert.Equal(c.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name).Order(), FieldsOf(c).Order())
        );
    }

    [Fact]
    public void Every_field_stands_on_the_form()
    {
        var pages = Sources.Of(".razor");
        Sources.None(
            from content in Contents
            let name = content.DeclaringType?.Name ?? content.Name
            // One whose lines are typed has a form of its own over it.
            let form = string.Concat(
                pages.Where(p => p.Text.Contains($"Typed<{name}.Content>") || p.Text.Contains($"{name}Form ")).Select(p => p.Text)
            )
            from field in FieldsOf(content)
            where !Regex.IsMatch(form, $"""(Name|Id|id)="{field}"|\["{field}"\]""")
            select $"{name}.{field}",
            "Fields that no form draws:"
        );
    }

    [Fact]
    public void What_is_said_is_kept_whatever_field_it_is_said_in()
    {
        foreach (var specimen in Specimens.All)
            specimen.Keeps.Holds();
    }
}
