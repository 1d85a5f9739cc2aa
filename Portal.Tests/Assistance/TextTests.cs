using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

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
    public void An_ordinary_text_is_taken_trimmed_and_composed(string typed, string kept) =>
        Assert.Equal(kept, Text.Required(typed, 100, "Field"));

    // What is pasted from elsewhere brings along what its writer cannot see.
    [Theory]
    [InlineData("soft\vbreak", "soft\nbreak")]
    [InlineData("page\fbreak", "page\nbreak")]
    [InlineData("line\u2028paragraph\u2029next\u0085last\rend", "line\nparagraph\nnext\nlast\nend")]
    [InlineData("a\0b\u0001c\u001Bd\u007Fe", "abcde")]
    [InlineData("\u202Bمرحبا\u202C abc", "\u2067مرحبا\u2069 abc")]
    [InlineData("\u202Aabc", "\u2066abc\u2069")]
    [InlineData("invoice\u202Efdp.exe", "invoicefdp.exe")]
    [InlineData("\u202D\u202Bx\u202C\u202Cy\u202C", "\u2067x\u2069y")]
    [InlineData("open \u2066isolate", "open \u2066isolate\u2069")]
    [InlineData("one \u2067line\ntwo\u2069", "one \u2067line\u2069\ntwo")]
    [InlineData("\uFEFFwith a mark\u200B of order", "with a mark of order")]
    [InlineData("co\u00ADop\u2060er\u3164ation", "cooperation")]
    [InlineData("a\U000E0041\U000E007Fb", "ab")]
    [InlineData("picture \uFFFC here", "picture  here")]
    [InlineData("می\u200Cخواهم 👩\u200D🏫", "می\u200Cخواهم 👩\u200D🏫")]
    [InlineData("\u0601١٢", "\u0601١٢")]
    public void What_nobody_sees_is_taken_out_and_nothing_reads_in_another_order(string typed, string kept) =>
        Assert.Equal(kept, Text.Required(typed, 100, "Field"));

    [Theory]
    [InlineData("\u200B\u200B")]
    [InlineData("\u3164")]
    [InlineData("\u2800")]
    [InlineData("\u061C")]
    [InlineData("\u2067\u2069")]
    [InlineData("\u0301")]
    [InlineData("\u202E")]
    public void A_text_of_which_nothing_is_seen_is_none(string typed)
    {
        Assert.Null(Text.Optional(typed, 10, "Field"));
        Assert.Equal("field.required", Assert.Throws<Refusal>(() => Text.RequiredLine(typed, 10, "Field")).Code);
    }

    [Theory]
    [InlineData("two\nlines", "two lines")]
    [InlineData("a \r\n\t b   c", "a b c")]
    [InlineData("« mot »", "« mot »")]
    public void A_title_is_one_line(string typed, string kept) => Assert.Equal(kept, Text.RequiredLine(typed, 100, "Field"));

    [Theory]
    [InlineData("Daniel  Oketa", "Daniel Oketa")]
    [InlineData("Daniel \u202Eateko", "Daniel ateko")]
    [InlineData("Lucía Solórzano", "Lucía Solórzano")]
    [InlineData("O’Brien-Núñez, Jr.", "O’Brien-Núñez, Jr.")]
    [InlineData("李小龙", "李小龙")]
    public void A_person_is_called_what_is_seen(string typed, string kept) => Assert.Equal(kept, Text.PersonName(typed, "Name"));

    [Theory]
    [InlineData("")]
    [InlineData("\u200B\u200B")]
    [InlineData("...")]
    [InlineData("007")]
    public void A_name_holds_a_letter(string typed) =>
        Assert.Equal("account.name_required", Assert.Throws<Refusal>(() => Text.PersonName(typed, "Name")).Code);

    [Theory]
    [InlineData("contributor.ken@dеmo.example")]
    [InlineData("cоntributor.ken@demo.example")]
    public void An_address_that_only_looks_like_another_is_none(string typed) => Assert.Null(EmailAddress.Read(typed));

    [Fact]
    public void Half_a_character_makes_no_address() => Assert.Null(EmailAddress.Read("a\uD800b@example.org"));

    [Theory]
    [InlineData("MIN/2027/4\u200B")]
    [InlineData("\u200EMIN/2027/4")]
    [InlineData("MIN/2027/４")]
    [InlineData(" MIN\uFE0F/2027/4\u3164 ")]
    [InlineData("МІN/2027/4")]
    public void Identifiers_that_look_the_same_are_the_same(string typed) => Assert.Equal("MIN/2027/4", Text.Code(typed));

    [Theory]
    [InlineData("user@bücher.example", "USER@XN--BCHER-KVA.EXAMPLE")]
    [InlineData("user@xn--bcher-kva.example", "USER@XN--BCHER-KVA.EXAMPLE")]
    [InlineData("USER@BÜCHER.EXAMPLE", "USER@XN--BCHER-KVA.EXAMPLE")]
    [InlineData("مريم@مثال.example", "مريم@XN--MGBH0FB.EXAMPLE")]
    [InlineData("ülkü@demo.example", "ÜLKÜ@DEMO.EXAMPLE")]
    [InlineData("u\u0308lku\u0308@demo.example", "ÜLKÜ@DEMO.EXAMPLE")]
    [InlineData("\u200Eamina@example.org\u200B ", "AMINA@EXAMPLE.ORG")]
    [InlineData("ａｍｉｎａ＠example。org", "AMINA@EXAMPLE.ORG")]
    [InlineData("amina@example.org.", "AMINA@EXAMPLE.ORG")]
    [InlineData("ami\u3164na\uFE0F@example.org", "AMINA@EXAMPLE.ORG")]
    public void An_address_is_the_same_however_it_is_written(string typed, string key)
    {
        Assert.Equal(key, EmailAddress.Key(typed));
        Assert.Equal(key, EmailAddress.Key(EmailAddress.Read(typed)));
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
    [InlineData("a b@example.org", false)]
    [InlineData("a@b@example.org", false)]
    [InlineData("a@exa mple.org", false)]
    [InlineData("a@example..org", false)]
    [InlineData("مريم@مثال.example", true)]
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
    [InlineData("مُكافحة الإِرهاب", "مكافحه ارهاب")]
    [InlineData("أمن إرهاب آلية ٱلله", "امن ارهاب يه له")]
    [InlineData("الأصول والأصول بالأصول للأصول", "اصول اصول اصول اصول")]
    [InlineData("٢٠٢٦ ۲۰۲۶ ２０２６ २०२६", "2026 2026 2026 2026")]
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
    public void Words_are_folded_alike_for_every_database(string? text, string words) =>
        Assert.Equal(words, string.Join(' ', Text.SearchWords(text)));

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
    [InlineData("اصول", "تجميد الأصول")]
    [InlineData("الاصول", "أصول")]
    [InlineData("الأص", "الأصول")]
    [InlineData("٢٠٢٦", "NEED-2026-0042")]
    [InlineData("айгуль", "Айгуль Касымова")]
    [InlineData("Tarimo Amina", "Amina Tarimo")]
    [InlineData("cooperation", "co\u00ADoperation")]
    public void What_people_type_meets_what_was_written(string typed, string written)
    {
        var found = Text.SearchWords(written);
        Assert.All(
            Text.SearchWords(typed).Where(w => w.EnumerateRunes().Count() > 1 || typed.Length == 1),
            word => Assert.Contains(found, f => f.StartsWith(word, StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_word_without_end_is_cut() => Assert.Equal(64, Assert.Single(Text.SearchWords(new string('a', 5000))).Length);

    [Theory]
    [InlineData("usd", "USD")]
    [InlineData("Eur", "EUR")]
    [InlineData("USD", "USD")]
    public void A_currency_is_kept_as_its_standard_writes_it(string sent, string kept) =>
        Assert.Equal(kept, Text.CurrencyFor(5000, sent, "Currency"));

    [Fact]
    public void A_rate_of_the_dollar_is_none_in_whichever_case() =>
        Assert.Equal(
            "field.unknown_code",
            Assert.Single(ExchangeRate.Problems("usd", new DateOnly(2026, 1, 5), 1, "UN operational rates", Cast.Now)).Code
        );
}
