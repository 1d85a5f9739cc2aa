using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Shell;

namespace Portal.Tests.Shell;

/// <summary>Amounts and days as people type and paste them: what is plain is taken, what may be two things is not.</summary>
public sealed class AmountTests
{
    [Theory]
    [InlineData("1000", 1000)]
    [InlineData(" 1,000 ", 1000)]
    [InlineData("1,000.00", 1000)]
    [InlineData("1.000,00", 1000)]
    [InlineData("1,000.0", 1000)]
    [InlineData("150000.00", 150_000)]
    [InlineData("150000,00", 150_000)]
    [InlineData("150.000,00", 150_000)]
    [InlineData("1 000 000,00", 1_000_000)]
    [InlineData("\u200F1000\u200F", 1000)]
    [InlineData("\u202A1,000\u202C", 1000)]
    [InlineData("\u2066 1 000\u2069", 1000)]
    [InlineData("1，000", 1000)]
    [InlineData("１，０００．００", 1000)]
    [InlineData("1\u2009000", 1000)]
    [InlineData("1\u2007000\u00A0000", 1_000_000)]
    [InlineData("1\u3000000", 1000)]
    [InlineData("1, 000", 1000)]
    [InlineData("10,00,000", 1_000_000)]
    [InlineData("1,00,000.00", 100_000)]
    [InlineData("1’000’000", 1_000_000)]
    [InlineData("١٬٠٠٠٫٠٠", 1000)]
    [InlineData("۱۰۰۰", 1000)]
    [InlineData("١٠٠٠", 1000)]
    [InlineData("-5,000", -5000)]
    [InlineData("\u200E−5", -5)]
    [InlineData("0", 0)]
    public void An_amount_is_read_as_it_is_meant(string typed, int amount) => Assert.Equal(amount, Amount.Read(typed));

    [Theory]
    [InlineData("0.500", "field.amount_fraction")]
    [InlineData("0,750", "field.amount_fraction")]
    [InlineData("0.5", "field.amount_fraction")]
    [InlineData("1.50", "field.amount_fraction")]
    [InlineData("1,234.567", "field.amount_fraction")]
    [InlineData("1'000.50", "field.amount_fraction")]
    [InlineData("١٫٥٠٠", "field.amount_fraction")]
    [InlineData("1,000.000", "field.amount_unreadable")]
    [InlineData("1500.000", "field.amount_unreadable")]
    [InlineData("10,0000", "field.amount_unreadable")]
    [InlineData("1,000,00", "field.amount_unreadable")]
    [InlineData("1,000 000", "field.amount_unreadable")]
    [InlineData("12 34", "field.amount_unreadable")]
    [InlineData("0,000,500", "field.amount_unreadable")]
    [InlineData("\u202E001", "field.amount_unreadable")]
    [InlineData("1e9", "field.amount_unreadable")]
    [InlineData("USD 5", "field.amount_unreadable")]
    [InlineData("--5", "field.amount_unreadable")]
    [InlineData(".", "field.amount_unreadable")]
    [InlineData("99999999999999999999999999999999999", "field.amount_out_of_range")]
    public void What_may_be_another_amount_is_none(string typed, string code)
    {
        Assert.Equal(code, Assert.Throws<Refusal>(() => Amount.Read(typed)).Code);
        Assert.False(Amount.TryRead(typed, out _));
    }

    [Theory]
    [InlineData("2027-01-15")]
    [InlineData("2027-1-15")]
    [InlineData("2027/01/15")]
    [InlineData("2027.01.15")]
    [InlineData("2027年1月15日")]
    [InlineData("15/01/2027")]
    [InlineData("15.1.2027")]
    [InlineData("1/15/2027")]
    [InlineData("2027-01-15 00:00:00")]
    [InlineData("2027-01-15T00:00:00.000")]
    [InlineData("2027-01-15T10:30:00")]
    [InlineData("2027-01-15T00:00:00+03:00")]
    [InlineData("2027-01-15T00:00:00Z")]
    [InlineData("15/01/2027 00:00")]
    [InlineData("٢٠٢٧/٠١/١٥")]
    [InlineData("١٥\u200F/٠١\u200F/٢٠٢٧")]
    [InlineData("２０２７－０１－１５")]
    public void A_day_is_read_where_it_is_one(string written) => Assert.Equal(new DateOnly(2027, 1, 15), WrittenDay.Read(written));

    [Theory]
    [InlineData("01/02/2027", "field.date_ambiguous")]
    [InlineData("3.4.2027", "field.date_ambiguous")]
    [InlineData("01/02/2027 00:00:00", "field.date_ambiguous")]
    [InlineData("11:00:00", "field.date_time_only")]
    [InlineData("T11:00", "field.date_time_only")]
    [InlineData("2027-01-14T21:00:00Z", "field.date_zone")]
    [InlineData("2027-01-15T10:00:00+03:00", "field.date_zone")]
    [InlineData("2027-02-30", "field.date_unreadable")]
    [InlineData("30/02/2027", "field.date_unreadable")]
    [InlineData("2027-01", "field.date_unreadable")]
    [InlineData("15/01/27", "field.date_unreadable")]
    [InlineData("2027", "field.date_unreadable")]
    [InlineData("soon", "field.date_unreadable")]
    [InlineData("2027-01-15/16", "field.date_unreadable")]
    public void What_may_be_another_day_is_none(string written, string code) =>
        Assert.Equal(code, Assert.Throws<Refusal>(() => WrittenDay.Read(written)).Code);

    [Fact]
    public void The_same_day_twice_over_is_one() => Assert.Equal(new DateOnly(2027, 5, 5), WrittenDay.Read("05/05/2027"));

    [Theory]
    [InlineData("0.921", 0.921)]
    [InlineData("1,08", 1.08)]
    [InlineData("1.3450", 1.345)]
    [InlineData("1300", 1300)]
    [InlineData("16 250", 16250)]
    [InlineData("16,250.5", 16250.5)]
    [InlineData("16.250,5", 16250.5)]
    [InlineData("1,000,000", 1000000)]
    [InlineData("١٠٫٥", 10.5)]
    [InlineData("１．０８", 1.08)]
    public void A_rate_may_have_a_fraction(string typed, double rate) => Assert.Equal((decimal)rate, Amount.ReadFraction(typed));

    [Theory]
    [InlineData("1,300")]
    [InlineData("1.380")]
    [InlineData("16,250")]
    [InlineData("١,٣٠٠")]
    public void A_rate_that_is_thousands_in_one_language_and_a_fraction_in_another_is_refused(string typed) =>
        Assert.Equal("field.number_ambiguous", Assert.Throws<Refusal>(() => Amount.ReadFraction(typed)).Code);

    [Theory]
    [InlineData("1.2.3")]
    [InlineData("1,30x")]
    [InlineData(".5.")]
    [InlineData("12e3")]
    public void What_is_no_number_is_no_rate(string typed) =>
        Assert.Equal("field.amount_unreadable", Assert.Throws<Refusal>(() => Amount.ReadFraction(typed)).Code);

    [Fact]
    public void What_cannot_be_read_is_not_called_missing_as_well()
    {
        var typed = new Typed();
        var rate = typed.Fraction("1,300", "PerDollar");
        var problems = typed.Before(
            ExchangeRate.Problems("KRW", new DateOnly(2026, 1, 1), rate, null, new DateTime(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc))
        );
        Assert.Equal([("field.number_ambiguous", "PerDollar"), ("field.required", "Source")], problems.Select(p => (p.Code, p.Field)));
    }
}
