using Portal.Domain;
using Portal.Domain.Access;

namespace Portal.Tests.Assistance;

/// <summary>What may be typed, and the words that search compares.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("  trimmed \n", "trimmed")]
    [InlineData("two\r\nlines", "two\nlines")]
    [InlineData("tab\there", "tab\there")]
    [InlineData("e\u0301te\u0301", "été")]
    [InlineData("مرحبا بكم", "مرحبا بكم")]
    [InlineData("\u200Fمرحبا\u200E abc", "\u200Fمرحبا\u200E abc")]
    [InlineData("\u2067مرحبا\u2069", "\u2067مرحبا\u2069")]
    [InlineData("Алёна", "Алёна")]
    [InlineData("反恐", "反恐")]
    [InlineData("😀 𠀀", "😀 𠀀")]
    [InlineData("<script>alert(1)</script>", "<script>alert(1)</script>")]
    public void An_ordinary_text_is_taken_trimmed_and_composed(string typed, string kept) => Assert.Equal(kept, Text.Required(typed, 100, "Field"));

    [Theory]
    [InlineData("a\0b")]
    [InlineData("\u0001")]
    [InlineData("a\u001Bb")]
    [InlineData("a\u007Fb")]
    [InlineData("a\u0085b")]
    [InlineData("\u202Aa")]
    [InlineData("\u202Ba")]
    [InlineData("a\u202C")]
    [InlineData("\u202Da")]
    [InlineData("invoice\u202Efdp.exe")]
    [InlineData("\uFFFE")]
    [InlineData("a\uFFFEb")]
    public void Characters_that_hide_reverse_or_break_a_text_are_refused(string typed)
    {
        var refusal = Assert.Throws<Refusal>(() => Text.Optional(typed, 100, "Field"));
        Assert.Equal(("field.bad_character", "Field"), (refusal.Code, refusal.Field));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u00A0\u3000\n")]
    public void Nothing_typed_is_null_and_refused_where_something_must_be(string? typed)
    {
        Assert.Null(Text.Optional(typed, 10, "Field"));
        Assert.Equal("field.required", Assert.Throws<Refusal>(() => Text.Required(typed, 10, "Field")).Code);
    }

    [Fact]
    public void The_length_is_of_what_is_kept()
    {
        Assert.Equal(10, Text.Required("  " + new string('a', 10) + "  ", 10, "Field").Length);
        Assert.Equal("field.too_long", Assert.Throws<Refusal>(() => Text.Required(new string('a', 11), 10, "Field")).Code);
        Assert.Equal(10, Text.Required(string.Concat(Enumerable.Repeat("e\u0301", 10)), 10, "Field").Length);
        Assert.Equal(10, Text.Required(string.Concat(Enumerable.Repeat("a\r\n", 5)) + "b", 10 + 1, "Field").Length - 1);
    }

    [Theory]
    [InlineData("a@example.org", true)]
    [InlineData("first.last@example.int", true)]
    [InlineData("no-at.example.org", false)]
    [InlineData("@example.org", false)]
    [InlineData("a@", false)]
    [InlineData("two@example.org, three@example.org", false)]
    public void An_address_looks_like_one(string typed, bool ok)
    {
        if (ok)
            Assert.Equal(typed, Text.Email(typed, "Email"));
        else
            Assert.Equal("field.email", Assert.Throws<Refusal>(() => Text.Email(typed, "Email")).Code);
    }

    [Theory]
    [InlineData("Training of Investigators", "training of investigators")]
    [InlineData("NEED-2027-0042", "need 2027 0042")]
    [InlineData("été Ñandú Öl", "ete nandu ol")]
    [InlineData("straße œuvre Ærø", "strasse oeuvre aero")]
    [InlineData("Алёна ЕЩЁ", "алена еще")]
    [InlineData("مُكافحة الإِرهاب", "مكافحه الارهاب")]
    [InlineData("أمن إرهاب آلية ٱلله", "امن ارهاب اليه الله")]
    [InlineData("على مسؤول هيئة", "علي مسوول هييه")]
    [InlineData("مـحـمـد", "محمد")]
    [InlineData("反恐", "反恐 恐")]
    [InlineData("反恐怖主义", "反恐 恐怖 怖主 主义 义")]
    [InlineData("CTED反恐 2027", "cted 反恐 恐 2027")]
    [InlineData("反", "反")]
    [InlineData("反a恐", "反 a 恐")]
    [InlineData("ＡＢＣ １２３", "abc 123")]
    [InlineData("a'b \"c\" (d) & | ! : * -e", "a b c d e")]
    [InlineData("", "")]
    [InlineData(null, "")]
    [InlineData("… — !", "")]
    [InlineData("a\0b", "a b")]
    public void Words_are_folded_alike_for_every_database(string? text, string words) => Assert.Equal(words, string.Join(' ', Text.SearchWords(text)));

    // Half characters cannot be written in an attribute.
    [Fact]
    public void Half_characters_are_refused_in_a_record_and_passed_over_in_a_search()
    {
        foreach (var broken in new[] { "\uD800", "\uDC00", "\uD83D", "\uDE00\uD83D", "\uD83D\uD83D", "\uFFFE", "\uFFFF" })
            foreach (var typed in new[] { broken, "a " + broken, broken + " a", "good 😀 then bad " + broken + " a" })
            {
                Assert.Equal("field.bad_character", Assert.Throws<Refusal>(() => Text.Required(typed, 100, "Field")).Code);
                Assert.Equal(typed.Contains('a') ? "a" : null, Text.SearchWords(typed).LastOrDefault());
            }
    }

    [Theory]
    [InlineData("مكافحة", "مُكَافَحَة")]
    [InlineData("ارهاب", "إرهاب")]
    [InlineData("пришлем", "пришлём")]
    [InlineData("ecole", "École")]
    [InlineData("恐怖", "反恐怖主义")]
    public void What_people_type_meets_what_was_written(string typed, string written)
    {
        var found = Text.SearchWords(written);
        Assert.All(Text.SearchWords(typed).Where(w => w.EnumerateRunes().Count() > 1 || typed.Length == 1), word => Assert.Contains(found, f => f.StartsWith(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_word_without_end_is_cut() => Assert.Equal(64, Assert.Single(Text.SearchWords(new string('a', 5000))).Length);
}
