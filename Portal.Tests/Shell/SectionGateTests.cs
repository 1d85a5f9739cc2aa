using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Portal.Shell;

namespace Portal.Tests.Shell;

/// <summary>The gate is asked before another page is shown, and takes none away while it is asked.</summary>
public sealed class SectionGateTests
{
    [Fact]
    public async Task A_page_stays_where_only_the_query_turns_and_the_gate_is_asked_for_another()
    {
        await using var page = new BunitContext();
        page.Services.AddWords();
        page.AddAuthorization().SetAuthorized(Cast.Amina.Name);
        page.Services.AddSingleton<IAuthorizationService>(new AsOnPostgres());
        page.ComponentFactories.AddStub<WorkLayout>();
        var gate = page.Render<SectionGate>(p => p.Add(g => g.RouteData, To("NEED-2027-0001")));
        gate.WaitForState(() => gate.HasComponent<Form>());
        var typedInto = gate.FindComponent<Form>().Instance;

        gate.Render(p => p.Add(g => g.RouteData, To("NEED-2027-0001")));
        Assert.Same(typedInto, gate.FindComponent<Form>().Instance);

        gate.Render(p => p.Add(g => g.RouteData, To("NEED-2027-0002")));
        gate.WaitForState(() => gate.HasComponent<Form>() && gate.FindComponent<Form>().Instance.Reference == "NEED-2027-0002");
        Assert.NotSame(typedInto, gate.FindComponent<Form>().Instance);
    }

    // An address without its query.
    private static RouteData To(string reference) => new(typeof(Form), new Dictionary<string, object?> { ["Reference"] = reference });

    [Authorize, Layout(typeof(Plain))]
    private sealed class Form : ComponentBase
    {
        [Parameter]
        public string Reference { get; set; } = "";
    }

    private sealed class Plain : LayoutComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Body);
    }

    // Never answers at once.
    private sealed class AsOnPostgres : IAuthorizationService
    {
        public async Task<AuthorizationResult> AuthorizeAsync(
            ClaimsPrincipal user,
            object? resource,
            IEnumerable<IAuthorizationRequirement> requirements
        )
        {
            await Task.Yield();
            return AuthorizationResult.Success();
        }

        public Task<AuthorizationResult> AuthorizeAsync(ClaimsPrincipal user, object? resource, string policyName) =>
            AuthorizeAsync(user, resource, []);
    }
}
