using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Tests.House;

/// <summary>A section is offered where, and only where, there are pages for it.</summary>
public sealed class SectionLaws
{
    [Fact]
    public void A_section_is_offered_if_and_only_if_it_has_a_page()
    {
        var entered =
            from page in typeof(PortalDb).Assembly.GetTypes()
            where page.GetCustomAttributes<RouteAttribute>().Any()
            from gate in page.GetCustomAttributes<AuthorizeAttribute>(true)
            where gate.Policy?.Split(':') is ["section" or "staff", ..]
            select Enum.Parse<Section>(gate.Policy!.Split(':')[1]);
        Assert.Equal(entered.Distinct().Order(), Sections.Open.Order());
    }

    [Fact]
    public void What_is_chosen_or_read_is_no_list_of_all_sections() =>
        Sources.None(
            from file in Sources.Of(".cs", ".razor")
            where
                file.Path.StartsWith("Portal/", StringComparison.Ordinal)
                && Sources.Code(file.Text).Contains("GetValues<Section>", StringComparison.Ordinal)
            // The gates of all sections are there from the start, so that a page needs nothing but its attribute.
            where file.Path != "Portal/Access/SectionAttribute.cs"
            select file.Path,
            "Sections without pages are offered here; take Sections.Open:"
        );
}
