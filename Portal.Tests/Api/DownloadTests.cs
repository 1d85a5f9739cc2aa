namespace Portal.Tests.Api;

/// <summary>Templates and lists of codes, for whoever asks, whatever they ask.</summary>
public sealed class DownloadTests
{
    [Fact]
    public async Task A_template_that_is_asked_for_wrongly_or_by_others_is_refused_in_so_many_words()
    {
        await using var host = await ApiHost.Start();
        var (amina, ingrid, andrei) = (await host.As(Cast.Amina), await host.As(Cast.Ingrid), await host.As(Cast.Andrei));
        foreach (var query in new[] { "", "?format=pdf", "?format=csv&format=xlsx" })
        {
            await amina.Get("/needs/import/template" + query).Is(400, "export.format");
            await ingrid.Get("/programmes/import/template" + query).Is(400, "export.format");
        }
        foreach (
            var path in new[]
            {
                "/needs/import/template?format=csv",
                "/needs/import/codes",
                "/programmes/import/template?format=csv",
                "/programmes/import/codes",
            }
        )
            Assert.Equal("application/problem+json", (await andrei.Get(path).Is(404)).ContentHeaders.ContentType!.MediaType);
        await amina.Get("/needs/import/template?format=xlsx").Is(200);
        await amina.Get("/needs/import/codes").Is(200);
    }
}
