using System.Xml;

namespace Portal.Domain.Imports;

/// <summary>
/// Measures the tags of XML as it passes by. A reader of XML holds a tag whole, however long, and so it does a text set apart (CDATA);
/// other texts it passes on in
/// pieces. So it is those that are bounded, before the reader has them. Comments, which no reader holds, have no length.
/// </summary>
/// <param name="longest">Longest tag.</param>
/// <param name="code">Why a longer one is refused.</param>
public sealed class TagBound(int longest, string code)
{
    private const int LongestApart = 1024 * 1024;
    private State state;
    private int size;
    private char quote,
        ending,
        last,
        beforeLast;

    private enum State
    {
        Text,
        Opened,
        Declared,
        Tag,
        Quoted,
        Aside,
    }

    /// <summary>Looks at characters.</summary>
    public void Look(ReadOnlySpan<char> seen)
    {
        for (var i = 0; i < seen.Length; i++)
            if (state != State.Text)
                See(seen[i]);
            else if (seen[i..].IndexOf('<') is >= 0 and var skipped)
                (i, state, size) = (i + skipped, State.Opened, 0);
            else
                break;
    }

    /// <summary>
    /// Looks at bytes in whatever encoding: the signs of a tag are the same in all that are read, but for the zeros between them.
    /// </summary>
    public void Look(ReadOnlySpan<byte> seen)
    {
        for (var i = 0; i < seen.Length; i++)
            if (state == State.Text)
            {
                if (seen[i..].IndexOf((byte)'<') is >= 0 and var skipped)
                    (i, state, size) = (i + skipped, State.Opened, 0);
                else
                    break;
            }
            else if (seen[i] != 0)
            {
                See((char)seen[i]);
            }
    }

    private void See(char c)
    {
        switch (state)
        {
            case State.Opened:
                (state, ending) = c switch
                {
                    '!' => (State.Declared, ending),
                    '?' => (State.Aside, '?'),
                    '>' => (State.Text, ending),
                    _ => (State.Tag, ending),
                };
                break;
            case State.Declared:
                // A comment, or a text set apart; anything else is a document type, which is refused.
                (state, ending) = c switch
                {
                    '-' => (State.Aside, '-'),
                    '[' => (State.Aside, ']'),
                    _ => (State.Tag, ending),
                };
                break;
            case State.Tag:
                if (c is '"' or '\'')
                    (state, quote) = (State.Quoted, c);
                else if (c == '>')
                    state = State.Text;
                break;
            case State.Quoted:
                if (c == quote)
                    state = State.Tag;
                break;
            case State.Aside:
                size = ending == ']' ? size : 0;
                if (c == '>' && last == ending && (ending == '?' || beforeLast == ending))
                    state = State.Text;
                break;
        }
        (beforeLast, last) = (last, c);
        if (++size > (state == State.Aside ? LongestApart : longest))
            throw new ImportUnreadable(code, 0);
    }
}

/// <summary>The names of XML, which a reader keeps for as long as it reads.</summary>
/// <param name="code">Why more are refused.</param>
public sealed class FewNames(string code) : NameTable
{
    private const int Most = 512 * 1024;
    private int size;

    /// <inheritdoc/>
    public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Counted(base.Add(key, start, len));

    /// <inheritdoc/>
    public override string Add(string key) => Get(key) ?? Counted(base.Add(key));

    private string Counted(string name) => (size += name.Length + 16) <= Most ? name : throw new ImportUnreadable(code, 0);
}
