using Portal.Assistance;
using Portal.Data;

namespace Portal.Shell;

/// <summary>What a load balancer asks.</summary>
internal static class Health
{
    /// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: the database does, too.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live")).AllowAnonymous();
        app.MapGet("/health/ready", async (PortalStore store, NeedService needs, CancellationToken ct) =>
        {
            await using var db = await store.OpenAsSystem("say whether the database answers");
            if (!await db.Database.CanConnectAsync(ct))
                return Results.Text("the database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
            // A list as a stranger gets it: before the first reader comes, the way to it has been gone once.
            await needs.List(new NeedQuery(), ct);
            return Results.Text("ready");
        }).AllowAnonymous();
    }
}
