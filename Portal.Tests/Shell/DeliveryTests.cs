using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Portal.Shell;
using Portal.Tests.Api;

namespace Portal.Tests.Shell;

/// <summary>What travels is small, and its length tells nobody what is in it.</summary>
public sealed partial class DeliveryTests
{
    private static Task<Answer> Open(HttpClient client, string address, string? from = null, string accepts = "gzip, br") =>
        client.Ask(
            HttpMethod.Get,
            address,
            headers: [("Accept", "text/html"), ("Accept-Encoding", accepts), .. from is null ? [] : new[] { ("Sec-Fetch-Site", from) }]
        );

    private static string Encoding(Answer answer) => string.Join(',', answer.ContentHeaders.ContentEncoding);

    [Fact, Trait("Pace", "Slow")]
    public async Task A_page_of_somebodys_own_is_compressed_unless_another_site_asked_for_it()
    {
        await using var host = await ApiHost.Start();
        var amina = await host.As(Cast.Amina);
        foreach (
            var (from, encoding) in new (string?, string)[]
            {
                ("same-origin", "br"),
                ("none", "br"),
                (null, "br"),
                ("cross-site", ""),
                ("same-site", ""),
            }
        )
        {
            var answer = await Open(amina, "/needs", from);
            Assert.Equal((200, encoding, from), (answer.Status, Encoding(answer), from));
        }
        Assert.Equal("gzip", Encoding(await Open(amina, "/needs", "none", "gzip")));
    }

    [Fact, Trait("Pace", "Slow")]
    public async Task The_same_page_of_somebodys_own_is_not_twice_of_the_same_length()
    {
        await using var host = await ApiHost.Start();
        var amina = await host.As(Cast.Amina);
        var lengths = new HashSet<int>();
        for (var i = 0; i < 8; i++)
            lengths.Add((await Open(amina, "/needs")).Headers.GetValues(Delivery.Padding).Single().Length);
        Assert.True(lengths.Count > 2, $"Lengths of the padding in eight answers: {string.Join(' ', lengths)}");
        Assert.False((await Open(amina, "/needs", accepts: "identity")).Headers.Contains(Delivery.Padding));
    }

    // A secret that stands in two answers in the same letters could be guessed letter by letter from their compressed lengths.
    [Fact, Trait("Pace", "Slow")]
    public async Task No_secret_of_a_form_stands_in_two_answers_in_the_same_letters()
    {
        await using var host = await ApiHost.Start();
        var amina = await host.As(Cast.Amina);
        var (first, second) = (Secrets(await amina.Get("/account/security")), Secrets(await amina.Get("/account/security")));
        Assert.NotEmpty(first);
        Assert.Empty(first.Intersect(second));
    }

    private static HashSet<string> Secrets(Answer answer) => [.. Secret().Matches(answer.Body).Select(m => m.Value)];

    [GeneratedRegex("""(?<=__RequestVerificationToken" value=")[^"]{20,}|(?<=nonce=")[^"]+""")]
    private static partial Regex Secret();

    [Fact, Trait("Pace", "Slow")]
    public async Task A_page_kept_for_everyone_goes_to_each_as_they_can_read_it()
    {
        await using var host = await ApiHost.Start();
        var visitor = await host.As(null);
        foreach (var _ in Enumerable.Range(0, 2))
        foreach (
            var (accepts, encoding) in new[]
            {
                ("br", "br"),
                ("gzip", "gzip"),
                ("identity", ""),
                ("gzip, br;q=0", "gzip"),
                ("gzip;q=0, br", "br"),
            }
        )
        {
            var answer = await Open(visitor, "/en", accepts: accepts);
            Assert.Equal((200, encoding, accepts), (answer.Status, Encoding(answer), accepts));
            Assert.Equal(encoding.Length == 0, answer.Body.Contains("<html", StringComparison.Ordinal));
        }
    }

    [Fact, Trait("Pace", "Slow")]
    public async Task A_font_is_kept_for_good_under_a_name_that_says_its_content()
    {
        await using var host = await ApiHost.Start();
        var visitor = await host.As(null);
        var fonts = FontFile().Matches(StylesheetTests.Css).Select(m => m.Value).ToList();
        Assert.NotEmpty(fonts);
        foreach (var font in fonts)
        {
            var answer = await visitor.Get("/fonts/" + font);
            Assert.Equal(200, answer.Status);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal(font.Split('.')[1], Convert.ToHexStringLower(SHA256.HashData(answer.Bytes))[..8]);
        }
    }

    [GeneratedRegex(@"(?<=url\(fonts/)[^)]+")]
    private static partial Regex FontFile();
}
