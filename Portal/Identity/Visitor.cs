using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Access;
using Portal.Domain.Access;

namespace Portal.Identity;

/// <summary>The session behind this request or circuit, in the scope's own hands: neither has a safe ambient user.</summary>
public sealed class Visitor
{
    /// <summary>Claim that carries the session's identifier.</summary>
    public const string SessionClaim = "portal:session";

    /// <summary>The session, or null for an anonymous visitor.</summary>
    public Guid? SessionId { get; private set; }

    /// <summary>Takes the session from a principal.</summary>
    public void Take(ClaimsPrincipal user, Standing? ofRequest = null, AccessToken? token = null) =>
        (SessionId, OfRequest, Token) = (IdOf(user), ofRequest, token);

    /// <summary>The token that this one request came with instead of a session.</summary>
    public AccessToken? Token { get; private set; }

    /// <summary>How the session stands, as read at the door of this one request; null in a circuit, which asks anew each time.</summary>
    public Standing? OfRequest { get; private set; }

    /// <summary>
    /// Who acted, and with what, when the circuit was opened: before any component read anything, so that whatever is shown and no longer
    /// allowed
    /// differs from it. Null outside of a circuit.
    /// </summary>
    public Actor? OpenedAs { get; internal set; }

    private static Guid? IdOf(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(SessionClaim), out var id) ? id : null;
}

/// <summary>A page's gate: anyone signed in, whether or not they act under a membership. For the account pages only.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class WithSessionAttribute() : AuthorizeAttribute(Name)
{
    /// <summary>Name of the policy.</summary>
    public const string Name = "with-session";
}

/// <summary>Hands a new circuit the session that opened it.</summary>
internal sealed class VisitorCircuitHandler(Visitor visitor, ActorSource actors, AuthenticationStateProvider authentication)
    : CircuitHandler
{
    public override int Order => -100; // before any handler or component asks

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        visitor.Take((await authentication.GetAuthenticationStateAsync()).User);
        visitor.OpenedAs = await actors.Current();
    }
}
