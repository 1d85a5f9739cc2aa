using Microsoft.AspNetCore.Components;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Access;

/// <summary>A sensitive act on a page: where the last check of who sits there is too old, it leads to the check and back.</summary>
public static class Checked
{
    /// <summary>Runs it.</summary>
    public static async Task Run(NavigationManager location, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Refusal refusal) when (refusal.Code == "account.check_again")
        {
            location.NavigateTo(AccountAddress.Confirm("/" + location.ToBaseRelativePath(location.Uri)), forceLoad: true);
            throw;
        }
    }
}
