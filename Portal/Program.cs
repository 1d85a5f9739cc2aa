using Portal;
using Portal.Access;
using Portal.Api;
using Portal.Assistance;
using Portal.Calendar;
using Portal.Collaboration;
using Portal.Commands;
using Portal.Committee;
using Portal.Data;
using Portal.Directory;
using Portal.Exports;
using Portal.Home;
using Portal.Iati;
using Portal.Identity;
using Portal.Imports;
using Portal.Mail;
using Portal.Public;
using Portal.Shell;

// A command is words; what starts with dashes is configuration.
var isCommand = args is ["--help" or "-h" or [not '-', ..], ..];
var builder = WebApplication.CreateBuilder(isCommand ? [] : args);
builder
    .AddDevelopmentSettings()
    .AddData()
    .AddIdentity()
    .AddAccess()
    .AddShell()
    .AddCalendar()
    .AddCommittee()
    .AddCollaboration()
    .AddRecordRooms()
    .AddAssistance()
    .AddImports()
    .AddIati()
    .AddMail()
    .AddHome()
    .AddPublic()
    .AddApi()
    .AddExports();
if (isCommand)
    CommandLine.Prepare(builder);

var app = builder.Build();
if (isCommand)
    return await CommandLine.Run(app, args);

// The database is looked at while the pages are laid out.
var database = Task.Run(app.PrepareDatabase);
app.UseForwardedHeaders();
SecurityHeaders.Receive(app);
app.UseApi();
app.UseIdentity();
app.UsePublic();
app.UseShell();
app.MapStaticAssets();
app.MapShell();
app.MapPublic();
app.MapApi();
app.MapOffers();
app.MapExports();
app.MapMail();
app.MapCollaboration();
if (!await database)
    return 1;
app.Run();
return 0;

/// <summary>The portal, named for the tests that start it.</summary>
public partial class Program;
