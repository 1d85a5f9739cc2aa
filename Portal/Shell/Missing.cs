namespace Portal.Shell;

/// <summary>How a page answers for what is not there.</summary>
public static class Missing
{
    /// <summary>
    /// Answers 404 with the page as it is drawn. It is said when the page is sent: one that says so while it is being drawn is thrown away
    /// for the page of an address that leads nowhere, which has neither the frame nor what was typed.
    /// </summary>
    public static void IsNotFound(this HttpContext http) =>
        http.Response.OnStarting(() => Task.FromResult(http.Response.StatusCode = StatusCodes.Status404NotFound));
}
