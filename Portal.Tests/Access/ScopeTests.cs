using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Tests.Access;

/// <summary>The algebra of scopes, against plain sets of the States they hold and "about no State".</summary>
[Properties(Arbitrary = [typeof(Scopes)], MaxTest = 500)]
public sealed class ScopeTests
{
    private static readonly string?[] World = ["KEN", "PER", "NOR", "UGA", "JPN", null];

    public static class Scopes
    {
        // Scopes over few States, so that they overlap often.
        public static Arbitrary<Scope> Scope() =>
            Arb.From(
                from states in Gen.SubListOf("KEN", "PER", "NOR", "UGA", "JPN")
                from allBut in Gen.Elements(true, false)
                select allBut
                    ? Portal.Domain.Access.Scope.All.Except(Portal.Domain.Access.Scope.Only(states))
                    : Portal.Domain.Access.Scope.Only(states)
            );
    }

    private static HashSet<string> Inside(Scope scope) => [.. World.Where(scope.Includes).Select(s => s ?? "none")];

    [Property]
    public bool What_is_taken_away_is_in_the_first_and_not_in_the_second(Scope a, Scope b) =>
        Inside(a.Except(b)).SetEquals(Inside(a).Except(Inside(b)));

    [Property]
    public bool Taking_away_twice_is_taking_away_once(Scope a, Scope b) => a.Except(b).Except(b).Equals(a.Except(b));

    [Property]
    public bool The_order_of_taking_away_does_not_matter(Scope a, Scope b, Scope c) => a.Except(b).Except(c).Equals(a.Except(c).Except(b));

    [Property]
    public bool Nothing_is_left_of_a_scope_less_itself(Scope a) => a.Except(a).IsEmpty;

    [Property]
    public bool A_scope_less_nothing_is_itself(Scope a) => a.Except(Scope.Only([])).Equals(a);

    [Property]
    public bool Nothing_is_left_when_all_is_taken(Scope a) => a.Except(Scope.All).IsEmpty;

    [Property]
    public bool What_is_left_never_grows(Scope a, Scope b) => Inside(a.Except(b)).IsSubsetOf(Inside(a));

    [Property]
    public bool Less_what_is_left_is_what_both_hold(Scope a, Scope b) =>
        Inside(a.Except(a.Except(b))).SetEquals(Inside(a).Intersect(Inside(b)));

    [Property]
    public bool Equal_scopes_hold_the_same_and_have_one_hash(Scope a, Scope b) =>
        a.Equals(b) == (a.AllBut == b.AllBut && Inside(a).SetEquals(Inside(b))) && (!a.Equals(b) || a.GetHashCode() == b.GetHashCode());

    [Property]
    public bool Empty_and_all_say_what_they_hold(Scope a) =>
        a.IsEmpty == (Inside(a).Count == 0) && a.IsAll == (Inside(a).Count == World.Length);

    [Fact]
    public void A_record_about_no_State_is_inside_all_but_and_never_inside_named_States()
    {
        Assert.True(Scope.All.Includes(null));
        Assert.True(Scope.All.Except(Scope.Only(["KEN"])).Includes(null));
        Assert.False(Scope.Only(MemberStates.All.Select(s => s.Iso3)).Includes(null));
    }

    [Fact]
    public void A_grant_for_a_region_holds_its_States_and_those_named_narrow_it()
    {
        var africa = Cast.GrantTo(Principal.Of(Role.Delegate), Section.Needs, Level.View, false, [], RegionalGroup.Africa, Cast.Now, null);
        Assert.True(africa.Scope.Includes("KEN"));
        Assert.False(africa.Scope.Includes("PER"));
        Assert.False(africa.Scope.Includes(null));
        var narrowed = Cast.GrantTo(
            Principal.Of(Role.Delegate),
            Section.Needs,
            Level.View,
            false,
            ["KEN", "PER"],
            RegionalGroup.Africa,
            Cast.Now,
            null
        );
        Assert.True(narrowed.Scope.Includes("KEN"));
        Assert.False(narrowed.Scope.Includes("UGA"));
        Assert.False(narrowed.Scope.Includes("PER"));
    }
}
