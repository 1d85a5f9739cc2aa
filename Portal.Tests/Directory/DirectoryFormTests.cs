using Portal.Domain.Directory;
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
}
