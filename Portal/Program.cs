using Portal.Access;
using Portal.Data;
using Portal.Directory;
using Portal.Identity;
using Portal.Public;
using Portal.Shell;

var builder = WebApplication.CreateBuilder(args);
builder.AddData().AddIdentity().AddAccess().AddShell().AddDirectory().AddPublic();

var app = builder.Build();
app.UseIdentity();
app.UsePublic();
app.MapStaticAssets();
app.MapShell();
app.MapPublic();
app.Run();

/// <summary>The portal, named for the tests that start it.</summary>
public partial class Program;
