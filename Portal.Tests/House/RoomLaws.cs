using System.Text.RegularExpressions;

namespace Portal.Tests.House;

/// <summary>Rooms stand on those before them, so that one can be read without those after it. Pages are composed of parts of any room.</summary>
public sealed partial class RoomLaws
{
    private static readonly string[] Order =
    [
        "Shell",
        "Papers",
        "Data",
        "Identity",
        "Mail",
        "Access",
        "Calendar",
        "Lists",
        "Collaboration",
        "Committee",
        "Directory",
        "Assistance",
        "Assessments",
        "Imports",
        "Iati",
        "Home",
        "Exports",
        "Api",
        "Public",
        "Commands",
    ];

    // What looks at a later room, and why.
    private static readonly (string File, string Room)[] Known =
    [
        ("Portal/Access/PeopleImport.cs", "Imports"), // a file of people is read as other tables are
        ("Portal/Access/ViewAsDoor.cs", "Api"), // refuses over the API as the API does
        ("Portal/Assistance/FollowUps/ReportService.cs", "Exports"), // makes the figures that are printed
        ("Portal/Assistance/Pictures/PictureTables.cs", "Exports"),
        ("Portal/Collaboration/NoticeMails.cs", "Assistance"), // what is new in a saved view is asked of its list
        ("Portal/Data/Demonstration/DemonstrationAccess.cs", "Access"), // tells what people did, by what they did it with
        ("Portal/Data/Demonstration/DemonstrationAccess.cs", "Identity"),
        ("Portal/Data/Demonstration/DemonstrationData.cs", "Identity"),
        ("Portal/Data/Demonstration/DemonstrationStory.cs", "Assessments"), // a letter that is sent is followed as its service has it
        ("Portal/Data/PortalDb.cs", "Identity"), // accounts, sessions and letters are tables
        ("Portal/Data/PortalModel.cs", "Identity"),
        ("Portal/Exports/ExportSetup.cs", "Api"), // refuses as the API does
        ("Portal/Identity/Outbox.cs", "Mail"), // whether mail is sent at all
        ("Portal/Identity/Visitor.cs", "Access"), // who acts is known once somebody is signed in
        ("Portal/Imports/RefusedRows.cs", "Exports"), // tables go out as sheets
        ("Portal/Imports/TableTemplate.cs", "Exports"),
        ("Portal/Mail/MailComposer.cs", "Collaboration"), // what a letter of notices says
        ("Portal/Mail/OutboxService.cs", "Access"), // who may look at what was sent
        ("Portal/Shell/Ask.cs", "Data"), // what is on the screen is held against what is stored
    ];

    [Fact]
    public void A_room_depends_on_those_before_it() =>
        Sources.None(
            from file in Sources.Of(".cs")
            let room = file.Path.Split('/') is ["Portal", var name, _, ..] ? name : null
            where room is not null
            from used in Using().Matches(file.Text).Select(m => m.Groups[1].Value).Distinct()
            where used != room && Array.IndexOf(Order, used) > Array.IndexOf(Order, room) && !Known.Contains((file.Path, used))
            select $"{file.Path} looks into {used}",
            "Rooms that look at later ones:"
        );

    [Fact]
    public void What_is_known_to_look_at_a_later_room_still_does() =>
        Assert.All(
            Known,
            known =>
                Assert.Contains(
                    $"using Portal.{known.Room}",
                    Sources.Of(".cs").Single(f => f.Path == known.File).Text,
                    StringComparison.Ordinal
                )
        );

    [Fact]
    public void Every_room_has_its_place_in_the_order() =>
        Assert.Equal(
            Order.Order(StringComparer.Ordinal),
            Sources
                .Of(".cs")
                .Select(f => f.Path.Split('/'))
                .Where(p => p is ["Portal", _, _, ..])
                .Select(p => p[1])
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    [GeneratedRegex(@"^using (?:static )?Portal\.([A-Z]\w+)(?=[.;])(?<!Portal\.Domain)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
