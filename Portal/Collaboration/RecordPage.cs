using Microsoft.AspNetCore.Components;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>What the frame of a record's page says of every kind alike.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">The record.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="Language">Language of the title.</param>
/// <param name="Version">What is decided on.</param>
/// <param name="Revision">What changes when readers and activity may have.</param>
public sealed record RecordHead(Kind Kind, Guid Id, string Reference, string Title, Language Language, Guid Version, string Revision);

/// <summary>A page of one record, drawn in <c>RecordFrame</c>.</summary>
/// <typeparam name="T">The record as its reader sees it.</typeparam>
public abstract class RecordPage<T> : OnePage<T>
    where T : class
{
    /// <summary>Reference of the record.</summary>
    [Parameter]
    public string Reference { get; set; } = "";

    /// <inheritdoc/>
    protected override string Named => Reference;

    /// <summary>What the frame says of it, once it is read.</summary>
    protected internal abstract RecordHead Head { get; }

    /// <inheritdoc/>
    protected internal override IReadOnlyCollection<Seen> Seen => [new(Head.Id, Head.Version)];

    /// <summary>Whether a change concerns what the page shows.</summary>
    protected internal virtual bool Concerns(Change change) => true;
}
