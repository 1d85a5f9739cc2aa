// The filters of a list: each with its name in the address, its label, and what it offers.
global using FilterMenus = System.Collections.Generic.IReadOnlyList<(
    string Name,
    string Label,
    System.Collections.Generic.IReadOnlyList<(string Value, string Text)> Options
)>;
