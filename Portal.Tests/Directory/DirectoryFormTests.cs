using Portal.Directory;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Tests.Directory;

public class DirectoryFormTests
{
    [Fact]
    public void All_mistakes_of_an_offer_are_told_at_once()
    {
        new Typed<StandingOffer.Content> { ["BudgetFrom"] = "12x", ["BudgetTo"] = "5" }.Read(out var problems);
        Assert.Equal(["BudgetFrom", "Title", "Description", "Themes", "Modalities"], problems.Select(p => p.Field));
    }

    [Fact]
    public void Amounts_are_read_as_people_write_them_and_a_currency_alone_is_nothing()
    {
        var content = new Typed<StandingOffer.Content>
        {
            ["BudgetFrom"] = "١٠ ٠٠٠",
            ["BudgetTo"] = "250,000",
            ["Currency"] = "EUR",
        }.Read(out _);
        Assert.Equal((10_000m, 250_000m, "EUR"), (content.BudgetFrom, content.BudgetTo, content.Currency));
        Assert.Null(
            new Typed<StandingOffer.Content> { ["Currency"] = "EUR" }
                .Read(out _)
                .Currency
        );
    }

    [Fact]
    public void An_address_brings_only_what_the_directory_knows()
    {
        var query = DirectoryQuery.Of(
            ListAddress.Of("/providers?theme=CFT&theme=nonsense&region=Africa&region=7&language=zh-hans&modality=x&page=2&q=%20a%20")
        );
        Assert.Equal(["CFT"], query.Themes);
        Assert.Equal([RegionalGroup.Africa], query.Regions);
        Assert.Equal([Language.Zh], query.Languages);
        Assert.Empty(query.Modalities);
        Assert.Equal((2, "a"), (query.Page, query.Words));
    }
}
