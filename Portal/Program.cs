using Portal.Access;
using Portal.Assistance;
using Portal.Collaboration;
using Portal.Data;
using Portal.Identity;
using Portal.Shell;

var builder = WebApplication.CreateBuilder(args);
builder.AddData().AddIdentity().AddAccess().AddShell().AddCollaboration().AddAssistance();

var app = builder.Build();
app.UseIdentity();
app.MapStaticAssets();
app.MapShell();
app.Run();

/// <summary>The portal, named for the tests that start it.</summary>
public partial class Program;
