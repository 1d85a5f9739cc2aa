using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Domain.Imports;

/// <summary>How far an import has come.</summary>
public enum ImportStage
{
    /// <summary>The file is being received.</summary>
    Receiving,

    /// <summary>The file is there and waits to be checked, or is being checked.</summary>
    Checking,

    /// <summary>Checked; waits for somebody to say what of it is taken.</summary>
    Checked,

    /// <summary>What was chosen is being taken.</summary>
    Applying,

    /// <summary>Taken.</summary>
    Done,

    /// <summary>The file could not be read, or the import broke off.</summary>
    Failed,

    /// <summary>Given up.</summary>
    Discarded,
}

/// <summary>What a file brings in.</summary>
public enum ImportSubject
{
    /// <summary>Programmes of a provider or partner organisation.</summary>
    Programmes,

    /// <summary>Needs of a State.</summary>
    Needs,
}

/// <summary>What a file is.</summary>
public enum ImportFormat
{
    /// <summary>IATI activities, XML.</summary>
    Iati,

    /// <summary>A table as text: commas, semicolons or tabs.</summary>
    Csv,

    /// <summary>A table as a workbook.</summary>
    Xlsx,
}

/// <summary>A column of a table and the field it fills.</summary>
/// <param name="Heading">Its heading, as it stands in the file.</param>
/// <param name="Field">The field; null where it fills none.</param>
public sealed record ImportColumn(string Heading, string? Field);

/// <summary>What an activity or row of a file would do.</summary>
public enum ActivityOutcome
{
    /// <summary>A new record.</summary>
    New,

    /// <summary>Changes a record that is there.</summary>
    Changed,

    /// <summary>Says what is there already.</summary>
    Same,

    /// <summary>Is not taken.</summary>
    Refused,
}

/// <summary>
/// The import of one file, kept in the database: it can be left and come back to, and goes on where it was when a node dies. Whichever node
/// holds the lease works on it.
/// </summary>
public sealed class ImportJob
{
    /// <summary>How long a node may be silent before another takes over.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>Largest file of activities, bytes.</summary>
    public const long LargestFile = 256L * 1024 * 1024;

    /// <summary>Largest table, bytes.</summary>
    public const long LargestTable = 10L * 1024 * 1024;

    private ImportJob() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The organisation whose records they are: the State itself, for needs.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>The membership under which it was started; what is written is written as that.</summary>
    public Guid MembershipId { get; private set; }

    /// <summary>Name of who started it.</summary>
    public string By { get; private set; } = "";

    /// <summary>Name of the file, without any path.</summary>
    public string FileName { get; private set; } = "";

    /// <summary>What it brings in.</summary>
    public ImportSubject Subject { get; private set; }

    /// <summary>What the file is.</summary>
    public ImportFormat Format { get; private set; }

    /// <summary>Language of whoever started it: that of texts whose row names none.</summary>
    public Language Language { get; private set; }

    /// <summary>The columns of a table, and what each fills: guessed from the headings until somebody says otherwise.</summary>
    public IReadOnlyList<ImportColumn> Columns { get; private set; } = [];

    /// <summary>Whether somebody said what the columns fill.</summary>
    public bool IsMappedByHand { get; private set; }

    /// <summary>Name of the encoding that a text was read in; null until it is known.</summary>
    public string? Encoding { get; private set; }

    /// <summary>Whether the encoding is a guess, because the text is no Unicode and does not say what else it is.</summary>
    public bool IsEncodingGuessed { get; private set; }

    /// <summary>Bytes in all.</summary>
    public long Size { get; private set; }

    /// <summary>Bytes received.</summary>
    public long Received { get; private set; }

    /// <summary>Chunks received.</summary>
    public int Chunks { get; private set; }

    /// <summary>How far it has come.</summary>
    public ImportStage Stage { get; private set; }

    /// <summary>Bytes read in this stage.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Activities found.</summary>
    public int Activities { get; private set; }

    /// <summary>Of them new.</summary>
    public int New { get; private set; }

    /// <summary>Of them changed.</summary>
    public int Changed { get; private set; }

    /// <summary>Of them the same.</summary>
    public int Same { get; private set; }

    /// <summary>Of them refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Records written so far.</summary>
    public int Taken { get; private set; }

    /// <summary>Place of the next activity to take.</summary>
    public int Next { get; private set; }

    /// <summary>Whether new programmes are shared with everyone at once, as what is published already; else with nobody.</summary>
    public bool ShareAsPublished { get; private set; }

    /// <summary>Code of what made it fail.</summary>
    public string? Fault { get; private set; }

    /// <summary>Line in the file at which it failed; 0 where there is none.</summary>
    public int FaultLine { get; private set; }

    /// <summary>What was found there.</summary>
    public string? FaultDetail { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <summary>The node at work on it.</summary>
    public Guid? Worker { get; private set; }

    /// <summary>UTC until which that node has it.</summary>
    public DateTime? LeaseUntil { get; private set; }

    /// <summary>Concurrency token.</summary>
    public Guid Version { get; private set; } = Guid.CreateVersion7();

    /// <summary>
    /// Whether an actor may import: people of a State its needs, people of a provider or partner organisation their programmes.
    /// </summary>
    public static bool May(Actor actor, ImportSubject subject) =>
        subject switch
        {
            ImportSubject.Programmes => Programme.CanDraft(actor),
            ImportSubject.Needs => NeedRules.CanDraft(actor),
        };

    /// <summary>The kind of record that a subject is.</summary>
    public static Kind KindOf(ImportSubject subject) =>
        subject switch
        {
            ImportSubject.Programmes => Programme.Card,
            ImportSubject.Needs => Need.Card,
        };

    /// <summary>The section that the records of a subject belong to.</summary>
    public static Section SectionOf(ImportSubject subject) => KindOf(subject).Section;

    /// <summary>What a file is by the ending of its name.</summary>
    /// <exception cref="Refusal"><c>import.format</c>: nothing of the kind is taken for this subject.</exception>
    public static ImportFormat FormatOf(string fileName, ImportSubject subject)
    {
        var ending = Path.GetExtension(fileName ?? "").ToLowerInvariant();
        var isOther = ending is ".xls" or ".xlsm" or ".xlsb" or ".ods" or ".numbers" or ".doc" or ".docx" or ".pdf" or ".zip";
        var format = ending switch
        {
            ".csv" or ".tsv" or ".txt" => ImportFormat.Csv,
            ".xlsx" => ImportFormat.Xlsx,
            _ => ImportFormat.Iati,
        };
        Refusal.If(isOther || (format == ImportFormat.Iati && subject != ImportSubject.Programmes), "import.format", "File");
        return format;
    }

    /// <summary>Begins to receive a file.</summary>
    /// <exception cref="Refusal">
    /// The actor has no such records to write, or the file is empty, of another kind, or larger than can be taken.
    /// </exception>
    public static ImportJob Receive(Actor actor, ImportSubject subject, string fileName, long size, Language language, DateTime now)
    {
        Refusal.Unless(
            May(actor, subject),
            subject switch
            {
                ImportSubject.Programmes => "programme.not_yours_to_draft",
                ImportSubject.Needs => "need.not_yours_to_draft",
            }
        );
        Refusal.If(size == 0, "file.empty", "File");
        var job = new ImportJob
        {
            OrganisationId = actor.Membership!.OrganisationId,
            MembershipId = actor.Membership.Id,
            By = actor.Name,
            FileName = Text.RequiredLine(Path.GetFileName((fileName ?? "").Replace('\\', '/')), 200, "File"),
            Subject = subject,
            Format = FormatOf(fileName ?? "", subject),
            Language = language,
            Size = size,
            CreatedAt = now,
            UpdatedAt = now,
        };
        Refusal.If(size > job.Largest, "import.too_large", "File");
        return job;
    }

    /// <summary>Bytes it may have.</summary>
    public long Largest => Format == ImportFormat.Iati ? LargestFile : LargestTable;

    /// <summary>The same of a file that need not be received.</summary>
    public static ImportJob AtHand(Actor actor, ImportSubject subject, string fileName, long size, Language language, DateTime now)
    {
        var job = Receive(actor, subject, fileName, size, language, now);
        (job.Received, job.Stage) = (size, ImportStage.Checking);
        job.Hold(now);
        return job;
    }

    /// <summary>Whoever has the file at hand works on it, and no node does.</summary>
    public void Hold(DateTime now) => (Worker, LeaseUntil) = (Id, now.AddHours(1));

    /// <summary>Takes a piece of the file.</summary>
    public ImportChunk Take(ReadOnlyMemory<byte> bytes, DateTime now)
    {
        Refusal.Unless(Stage == ImportStage.Receiving, "import.wrong_stage");
        Refusal.If(Received + bytes.Length > Largest, "import.too_large", "File");
        Received += bytes.Length;
        Touch(now);
        return new ImportChunk(Id, OrganisationId, Chunks++, bytes.ToArray());
    }

    /// <summary>All of the file is there; it waits to be checked.</summary>
    public void Complete(DateTime now)
    {
        Refusal.Unless(Stage == ImportStage.Receiving, "import.wrong_stage");
        Refusal.If(Received == 0, "file.empty", "File");
        (Size, Stage) = (Received, ImportStage.Checking);
        Touch(now);
    }

    /// <summary>A node takes the work up; false where another has it.</summary>
    public bool TryTake(Guid worker, DateTime now)
    {
        if (Stage is not (ImportStage.Checking or ImportStage.Applying) || (LeaseUntil > now && Worker != worker))
            return false;
        (Worker, LeaseUntil) = (worker, now + Lease);
        if (Stage == ImportStage.Checking)
            (BytesRead, Activities, New, Changed, Same, Refused) = (0, 0, 0, 0, 0, 0);
        Touch(now);
        return true;
    }

    /// <summary>Notes what was found so far.</summary>
    public void Found(ActivityOutcome outcome)
    {
        Activities++;
        switch (outcome)
        {
            case ActivityOutcome.New:
                New++;
                break;
            case ActivityOutcome.Changed:
                Changed++;
                break;
            case ActivityOutcome.Same:
                Same++;
                break;
            case ActivityOutcome.Refused:
                Refused++;
                break;
        }
    }

    /// <summary>Notes progress and keeps the lease.</summary>
    public void Reached(long bytesRead, DateTime now)
    {
        BytesRead = Math.Min(bytesRead, Size);
        LeaseUntil = now + Lease;
        Touch(now);
    }

    /// <summary>Notes what was written, in the transaction that wrote it.</summary>
    /// <param name="next">Place of the next activity.</param>
    /// <param name="taken">Programmes written.</param>
    /// <param name="refused">Activities that were refused only now.</param>
    /// <param name="bytesRead">Bytes read.</param>
    /// <param name="now">UTC.</param>
    public void Wrote(int next, int taken, int refused, long bytesRead, DateTime now)
    {
        (Next, Taken, Refused) = (next, Taken + taken, Refused + refused);
        Reached(bytesRead, now);
    }

    /// <summary>Notes how a table was read.</summary>
    public void Read(IReadOnlyList<ImportColumn> columns, string? encoding, bool isGuess) =>
        (Columns, Encoding, IsEncodingGuessed) = (columns, encoding, isGuess);

    /// <summary>Somebody says what the columns fill, and how the text is to be read; it is checked anew.</summary>
    /// <param name="fields">The field of each column, or null.</param>
    /// <param name="encoding">Name of the encoding; null to find it out.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">It is not waiting, or two columns fill one field.</exception>
    public void Map(IReadOnlyList<string?> fields, string? encoding, DateTime now)
    {
        Refusal.Unless(Stage == ImportStage.Checked && Format != ImportFormat.Iati && fields.Count == Columns.Count, "import.wrong_stage");
        // Another encoding makes other headings; what they fill is guessed anew then.
        IsMappedByHand = encoding == Encoding;
        if (IsMappedByHand)
            Columns = [.. Columns.Zip(fields, (column, field) => column with { Field = field })];
        IsEncodingGuessed &= encoding == Encoding;
        (Encoding, Stage) = (encoding, ImportStage.Checking);
        (BytesRead, Activities, New, Changed, Same, Refused) = (0, 0, 0, 0, 0, 0);
        Touch(now);
    }

    /// <summary>All is checked; it waits for somebody to choose.</summary>
    public void Checked(DateTime now) => Rest(ImportStage.Checked, now);

    /// <summary>Says that what is chosen is to be taken.</summary>
    public void Apply(bool shareAsPublished, DateTime now)
    {
        Refusal.Unless(Stage == ImportStage.Checked, "import.wrong_stage");
        (ShareAsPublished, Stage, Next, Taken, BytesRead) = (shareAsPublished, ImportStage.Applying, 0, 0, 0);
        Touch(now);
    }

    /// <summary>All that was chosen is taken.</summary>
    public void Finish(DateTime now) => Rest(ImportStage.Done, now);

    /// <summary>It broke off.</summary>
    public void Fail(string code, int line, string? detail, DateTime now)
    {
        (Fault, FaultLine, FaultDetail) = (code, line, detail);
        Rest(ImportStage.Failed, now);
    }

    /// <summary>Gives it up. What was taken already stays.</summary>
    public void Discard(DateTime now)
    {
        Refusal.If(Stage is ImportStage.Done or ImportStage.Discarded, "import.wrong_stage");
        Rest(ImportStage.Discarded, now);
    }

    private void Rest(ImportStage stage, DateTime now)
    {
        (Stage, Worker, LeaseUntil) = (stage, null, null);
        Touch(now);
    }

    private void Touch(DateTime now) => (UpdatedAt, Version) = (now, Guid.CreateVersion7());
}

/// <summary>A piece of a file that is being imported.</summary>
public sealed class ImportChunk
{
    /// <summary>Bytes in a full chunk.</summary>
    public const int FullSize = 1024 * 1024;

    private ImportChunk() { }

    internal ImportChunk(Guid jobId, Guid organisationId, int index, byte[] bytes) =>
        (JobId, OrganisationId, Index, Bytes) = (jobId, organisationId, index, bytes);

    /// <summary>The import.</summary>
    public Guid JobId { get; private set; }

    /// <summary>Whose it is.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>Position, from zero.</summary>
    public int Index { get; private set; }

    /// <summary>Bytes.</summary>
    public byte[] Bytes { get; private set; } = [];
}

/// <summary>One activity or row of a file: what it would do, and why.</summary>
public sealed class ImportLine
{
    private ImportLine() { }

    /// <summary>Notes an activity or row. One that changes nothing until somebody settles its conflicts is not chosen.</summary>
    public ImportLine(
        ImportJob job,
        int index,
        string identifier,
        string title,
        int line,
        ActivityOutcome outcome,
        ImportRelevance relevance,
        Guid? recordId,
        string? reference,
        IReadOnlyList<ImportProblem> problems,
        bool isDispute = false
    )
    {
        (JobId, OrganisationId, Index, Line, Outcome, Relevance, RecordId, Reference, Problems) = (
            job.Id,
            job.OrganisationId,
            index,
            line,
            outcome,
            relevance,
            recordId,
            reference,
            problems
        );
        (Identifier, Title) = (Short(identifier), Short(title));
        IsChosen = outcome is ActivityOutcome.New or ActivityOutcome.Changed && !isDispute;
    }

    /// <summary>The import.</summary>
    public Guid JobId { get; private set; }

    /// <summary>Whose it is.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>Position in the file, from zero.</summary>
    public int Index { get; private set; }

    /// <summary>Identifier of the activity, or the row's own reference, cut short.</summary>
    public string Identifier { get; private set; } = "";

    /// <summary>Its title, cut short.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Line or row in the file.</summary>
    public int Line { get; private set; }

    /// <summary>What it would do.</summary>
    public ActivityOutcome Outcome { get; private set; }

    /// <summary>Why it may be of interest.</summary>
    public ImportRelevance Relevance { get; private set; }

    /// <summary>The record it is, if there is one already or was written.</summary>
    public Guid? RecordId { get; private set; }

    /// <summary>Its reference.</summary>
    public string? Reference { get; private set; }

    /// <summary>What is wrong with it, or noted of it.</summary>
    public IReadOnlyList<ImportProblem> Problems { get; private set; } = [];

    /// <summary>Whether it is to be taken.</summary>
    public bool IsChosen { get; private set; }

    /// <summary>Whether it was.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Chooses it or leaves it out.</summary>
    public void Choose(bool chosen) => IsChosen = chosen && Outcome is (ActivityOutcome.New or ActivityOutcome.Changed);

    /// <summary>
    /// Says of a field that was changed on both sides whose word counts. What the publisher is to change is chosen with it.
    /// </summary>
    public void Settle(string field, bool forPublisher)
    {
        var (from, to) = forPublisher
            ? (Iati.IatiRestatement.ChangedHere, Iati.IatiRestatement.PublisherWins)
            : (Iati.IatiRestatement.PublisherWins, Iati.IatiRestatement.ChangedHere);
        Problems = [.. Problems.Select(p => p.Code == from && p.Where == field ? p with { Code = to } : p)];
        if (forPublisher)
            Choose(true);
    }

    /// <summary>It was written.</summary>
    public void Took(Guid recordId, string reference) => (IsTaken, RecordId, Reference) = (true, recordId, reference);

    /// <summary>It was refused only when it was to be written.</summary>
    public void Refuse(string code) =>
        (Outcome, Problems) = (ActivityOutcome.Refused, [.. Problems, new ImportProblem(code, Line, "", null, true)]);

    private static string Short(string text) => ImportProblem.Shown(text)!;
}

/// <summary>
/// The number or name by which an organisation knows a record of its own: with it a table that comes again updates, and never duplicates.
/// </summary>
public sealed class OwnReference
{
    /// <summary>Most characters.</summary>
    public const int Longest = 100;

    private OwnReference() { }

    /// <summary>Notes one.</summary>
    public OwnReference(ImportJob job, string text, Guid recordId) =>
        (OrganisationId, Subject, Text, RecordId) = (job.OrganisationId, job.Subject, Key(text), recordId);

    /// <summary>One as it is kept and compared: those that look the same are the same.</summary>
    public static string Key(string? typed) => Domain.Text.Code(typed);

    /// <summary>Whose it is.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>What kind of record it is.</summary>
    public ImportSubject Subject { get; private set; }

    /// <summary>As the organisation writes it.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The record.</summary>
    public Guid RecordId { get; private set; }
}
