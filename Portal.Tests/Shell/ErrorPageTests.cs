using Portal.Tests.Api;

namespace Portal.Tests.Shell;

/// <summary>From a mishap everybody is led to a page they may open.</summary>
public sealed class ErrorPageTests
{
    [Fact, Trait("Pace", "Slow")]
    public async Task A_visitor_is_led_to_the_public_front_page_and_a_member_to_the_work_list()
    {
        await using var host = await ApiHost.Start();
        foreach (var (player, home) in new (Player?, string)[] { (null, "/"), (Cast.Amina, "/home") })
        {
            var client = await host.As(player);
            client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
            var html = await (await client.GetAsync("/en/no-such-page")).Content.ReadAsStringAsync();
            Assert.Contains($"<a class=\"btn\" href=\"{home}\">", html);
        }
    }
}
