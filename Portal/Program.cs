using Portal.Access;
using Portal.Api;
using Portal.Assistance;
using Portal.Collaboration;
using Portal.Data;
using Portal.Exports;
using Portal.Identity;
using Portal.Shell;

var builder = WebApplication.CreateBuilder(args);
builder.AddData().AddIdentity().AddAccess().AddShell().AddCollaboration().AddAssistance().AddApi().AddExports();

var app = builder.Build();
app.UseApi();
app.UseIdentity();
app.MapStaticAssets();
app.MapShell();
app.MapApi();
app.MapExports();
app.Run();

/// <summary>The portal, named for the tests that start it.</summary>
public partial class Program;
