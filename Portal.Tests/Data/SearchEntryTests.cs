using Portal.Data;
using Portal.Domain;
using Portal.Tests.Access;

namespace Portal.Tests.Data;

/// <summary>
/// The words that a record is found by, against the plain rule: a line of its reach finds it by what stands in the parts that the line
/// sees, and by its reference.
/// </summary>
public sealed class SearchEntryTests
{
    [Fact]
    public void A_line_of_the_reach_finds_all_the_words_of_its_parts_in_one_entry_and_no_other_word()
    {
        var (world, apart) = (new World(11), 0);
        for (var i = 0; i < 2_000; i++)
        {
            var record = world.Record();
            var entries = SearchEntry.Of(record).Select(e => (e.Part, Words: e.Words.Split(' ').ToHashSet())).ToList();
            var lines = record.Exposures().ToList();
            foreach (var line in lines)
            {
                var seen = record
                    .SearchTexts()
                    .Where(t => (t.Part & line.View) == t.Part)
                    .SelectMany(t => Text.SearchWords(t.Text))
                    .ToHashSet();
                var found = entries.FindAll(e => (e.Part & line.View) == e.Part);
                Assert.Equal(seen.Count > 0, found.Count > 0);
                seen.UnionWith(seen.Count > 0 ? Text.SearchWords(record.Reference) : []);
                Assert.All(found, e => Assert.Subset(seen, e.Words));
                Assert.True(found.Count == 0 || found.Exists(e => e.Words.SetEquals(seen)), record.Reference);
            }
            Assert.InRange(entries.Count, 0, lines.Select(l => l.View).Distinct().Count());
            apart += entries.Count > 1 ? 1 : 0;
        }
        Assert.True(apart > 100);
    }
}
