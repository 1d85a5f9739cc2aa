using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Domain;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Tests.Shell;

/// <summary>What stands between words is of the reader's language too.</summary>
public sealed class SayTests
{
    [Theory]
    [InlineData("en", "a, b", "“a”", "a: b")]
    [InlineData("ar", "a، b", "«a»", "a: b")]
    [InlineData("zh-Hans", "a、b", "“a”", "a：b")]
    [InlineData("fr", "a, b", "«\u00A0a\u00A0»", "a\u00A0: b")]
    [InlineData("ru", "a, b", "«a»", "a: b")]
    [InlineData("es", "a, b", "«a»", "a: b")]
    public void Lists_quotations_and_labels_are_written_as_the_language_writes_them(
        string tag,
        string list,
        string quoted,
        string labelled
    ) =>
        In(
            tag,
            say =>
            {
                Assert.Equal(list, say.List("a", "b"));
                Assert.Equal("a", say.List("a"));
                Assert.Equal(quoted, say.Quote("a"));
                Assert.Equal(labelled, say.Labelled("a", "b"));
            }
        );

    [Theory]
    [InlineData("en", "8 November 2027", "8 Nov 2027 09:05 UTC")]
    [InlineData("ar", "8 نوفمبر 2027", "8 نوفمبر 2027 09:05 UTC")]
    [InlineData("zh-Hans", "2027年11月8日", "2027年11月8日 09:05 UTC")]
    [InlineData("fr", "8 novembre 2027", "8 nov. 2027 09:05 UTC")]
    [InlineData("ru", "8 ноября 2027", "8 нояб. 2027 09:05 UTC")]
    [InlineData("es", "8 de noviembre de 2027", "8 nov 2027 09:05 UTC")]
    public void Days_and_moments_are_written_as_the_language_writes_them(string tag, string day, string moment) =>
        In(
            tag,
            say =>
            {
                Assert.Equal(day, say.Date(new DateOnly(2027, 11, 8)));
                Assert.Equal(moment, say.Moment(new DateTime(2027, 11, 8, 9, 5, 0, DateTimeKind.Utc)));
            }
        );

    [Theory]
    [InlineData("en", "Urgency: High")]
    [InlineData("fr", "Degré d’urgence\u00A0: Élevé")]
    [InlineData("zh-Hans", "紧迫程度：高")]
    public async Task A_list_of_needs_says_what_is_high(string tag, string expected)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = new CultureInfo(tag);
        try
        {
            await using var page = new BunitContext();
            page.Services.AddWords();
            NeedRow row = new(
                Guid.NewGuid(),
                "NEED-2027-0001",
                "KEN",
                "Title",
                Language.En,
                "CFT",
                NeedStatus.Circulated,
                null,
                NeedParts.Whole,
                Urgency.High,
                null,
                null,
                null,
                false,
                null
            );
            var table = page.Render<ListTable<Need, NeedRow>>(p =>
                p.Add(t => t.List, NeedList.List).Add(t => t.Rows, [row]).Add(t => t.Show, NeedList.List.OnScreen)
            );
            Assert.Contains(expected, table.Find(".cell-title .sub").TextContent, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public void The_log_says_every_stage_and_part_of_every_kind_and_with_whom_a_programme_is_shared_in_words()
    {
        var programme = Cast.Programme()
            .SharedAs(
                new ProgrammeSharing(
                    ProgrammeParts.Finance | ProgrammeParts.Results,
                    ProgrammeParts.Description,
                    ProgrammeParts.None,
                    ProgrammeParts.Summary
                )
            );
        var shared = programme.Acts.Take().Single(a => a.Code == "programme.shared").To!;
        foreach (var language in Languages.All)
            In(
                language.Tag(),
                say =>
                {
                    foreach (var kind in Kinds.All)
                    {
                        foreach (var status in kind.Stages)
                            Assert.Equal(say.Code("status", status), AuditSay.Value(say, kind.Act("moved"), status));
                        foreach (var part in kind.Parts.Named)
                            Assert.Equal(say.Part(kind, part), AuditSay.Value(say, kind.Act("given"), part.Name));
                        Assert.Equal(say.Code("part", "Whole"), AuditSay.Value(say, kind.Act("given"), "Whole"));
                        Assert.Equal(say.Code("part", "None"), AuditSay.Value(say, kind.Act("given"), "None"));
                        // A number is no stage and no part.
                        Assert.Equal("1", AuditSay.Value(say, kind.Act("given"), "1"));
                    }
                    var said = AuditSay.Value(say, "programme.shared", shared);
                    Assert.Contains(
                        say.Labelled(
                            say.Code("audience", "providers"),
                            say.List(say.Part(Programme.Card, ProgrammeParts.Summary), say.Part(Programme.Card, ProgrammeParts.Description))
                        ),
                        said,
                        StringComparison.Ordinal
                    );
                    foreach (var code in new[] { "States:", "Everyone", "Providers:" })
                        Assert.DoesNotContain(code, said, StringComparison.Ordinal);
                }
            );
    }

    private static void In(string tag, Action<Say> check)
    {
        Assert.True(Languages.TryParse(tag, out var language));
        using var speaking = Culture.Speak(language);
        using var services = new ServiceCollection().AddLogging().AddWords().BuildServiceProvider();
        check(services.GetRequiredService<Say>());
    }
}
