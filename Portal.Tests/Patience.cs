using System.Runtime.CompilerServices;
using Bunit;

namespace Portal.Tests;

internal static class Patience
{
    /// <summary>
    /// A page is waited for until it is there: a busy machine takes longer than the second that bUnit gives it, and says nothing about the
    /// page.
    /// </summary>
    [ModuleInitializer]
    internal static void Wait() => BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(30);
}
