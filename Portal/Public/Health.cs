using Portal.Assistance.Needs;
using Portal.Data;
using Portal.Domain.Assistance;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Public;

/// <summary>What a load balancer asks.</summary>
internal static class Health
{
    // Asked as often as anybody likes, the database is written to no more often than this.
    private static readonly TimeSpan WrittenHolds = TimeSpan.FromSeconds(5);

    /// <summary>
    /// <c>/health/live</c>: the process answers. <c>/health/ready</c>: the database does, too, and takes what is written.
    /// </summary>
    public static void Map(WebApplication app)
    {
        var clock = app.Services.GetRequiredService<TimeProvider>();
        DateTimeOffset written = default;
        app.MapGet("/health/live", () => Results.Text("live")).AllowAnonymous();
        app.MapGet(
                "/health/ready",
                async (PortalStore store, ListService lists, CancellationToken ct) =>
                {
                    await using var db = await store.OpenAsSystem("say whether the database answers");
                    if (!await db.Database.CanConnectAsync(ct))
                        return Results.Text("the database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
                    if (clock.GetUtcNow() - written > WrittenHolds)
                    {
                        try
                        {
                            await db.MoveOn("written-for-health", ct);
                            written = clock.GetUtcNow();
                        }
                        catch (Exception e) when (e is System.Data.Common.DbException)
                        {
                            return Results.Text(
                                "the database takes no writing: is its disk full?",
                                statusCode: StatusCodes.Status503ServiceUnavailable
                            );
                        }
                    }
                    // A list as a stranger gets it: before the first reader comes, the way to it has been gone once.
                    await lists.Page(NeedList.List, ListAddress.Of(Need.Card.List), ct);
                    return Results.Text("ready");
                }
            )
            .AllowAnonymous();
    }
}
