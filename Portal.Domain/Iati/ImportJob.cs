using Portal.Domain.Access;

namespace Portal.Domain.Iati;

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

/// <summary>What an activity of a file would do.</summary>
public enum ActivityOutcome
{
    /// <summary>A new programme.</summary>
    New,
    /// <summary>Changes a programme that is there.</summary>
    Changed,
    /// <summary>Says what is there already.</summary>
    Same,
    /// <summary>Is not taken.</summary>
    Refused,
}

/// <summary>
/// The import of one file, kept in the database: it can be left and come back to, and goes on where it was when a node dies. Whichever node holds the lease works on it.
/// </summary>
public sealed class ImportJob
{
    /// <summary>How long a node may be silent before another takes over.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private ImportJob() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();
    /// <summary>The organisation whose programmes they are.</summary>
    public Guid OrganisationId { get; private set; }
    /// <summary>The membership under which it was started; what is written is written as that.</summary>
    public Guid MembershipId { get; private set; }
    /// <summary>Name of who started it.</summary>
    public string By { get; private set; } = "";
    /// <summary>Name of the file, without any path.</summary>
    public string FileName { get; private set; } = "";
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
    /// <summary>Programmes written so far.</summary>
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

    /// <summary>Begins to receive a file.</summary>
    /// <exception cref="Refusal">The actor has no programmes to write, or the file is empty or larger than can be taken.</exception>
    public static ImportJob Receive(Actor actor, string fileName, long size, DateTime now)
    {
        Refusal.Unless(Assistance.Programme.CanDraft(actor), "programme.not_yours_to_draft");
        Refusal.If(size == 0, "file.empty", "File");
        Refusal.If(size > IatiReader.LargestFile, "import.too_large", "File");
        return new ImportJob
        {
            OrganisationId = actor.Membership!.OrganisationId,
            MembershipId = actor.Membership.Id,
            By = actor.Name,
            FileName = Text.Required(Path.GetFileName((fileName ?? "").Replace('\\', '/')), 200, "File"),
            Size = size,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>The same of a file that need not be received.</summary>
    public static ImportJob AtHand(Actor actor, string fileName, long size, DateTime now)
    {
        var job = Receive(actor, fileName, size, now);
        (job.Received, job.Stage, job.Worker, job.LeaseUntil) = (size, ImportStage.Checking, job.Id, now.AddHours(1));
        return job;
    }

    /// <summary>Takes a piece of the file.</summary>
    public ImportChunk Take(ReadOnlyMemory<byte> bytes, DateTime now)
    {
        Refusal.Unless(Stage == ImportStage.Receiving, "import.wrong_stage");
        Refusal.If(Received + bytes.Length > IatiReader.LargestFile, "import.too_large", "File");
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
            case ActivityOutcome.New: New++; break;
            case ActivityOutcome.Changed: Changed++; break;
            case ActivityOutcome.Same: Same++; break;
            case ActivityOutcome.Refused: Refused++; break;
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

    internal ImportChunk(Guid jobId, Guid organisationId, int index, byte[] bytes) => (JobId, OrganisationId, Index, Bytes) = (jobId, organisationId, index, bytes);

    /// <summary>The import.</summary>
    public Guid JobId { get; private set; }
    /// <summary>Whose it is.</summary>
    public Guid OrganisationId { get; private set; }
    /// <summary>Position, from zero.</summary>
    public int Index { get; private set; }
    /// <summary>Bytes.</summary>
    public byte[] Bytes { get; private set; } = [];
}

/// <summary>One activity of a file: what it would do, and why.</summary>
public sealed class ImportLine
{
    private ImportLine() { }

    /// <summary>Notes an activity.</summary>
    public ImportLine(ImportJob job, int index, string identifier, string title, int line, ActivityOutcome outcome, IatiRelevance relevance, Guid? programmeId, string? reference, IReadOnlyList<IatiProblem> problems)
    {
        (JobId, OrganisationId, Index, Line, Outcome, Relevance, ProgrammeId, Reference, Problems) = (job.Id, job.OrganisationId, index, line, outcome, relevance, programmeId, reference, problems);
        (Identifier, Title) = (Short(identifier), Short(title));
        IsChosen = outcome is ActivityOutcome.New or ActivityOutcome.Changed;
    }

    /// <summary>The import.</summary>
    public Guid JobId { get; private set; }
    /// <summary>Whose it is.</summary>
    public Guid OrganisationId { get; private set; }
    /// <summary>Position in the file, from zero.</summary>
    public int Index { get; private set; }
    /// <summary>Identifier of the activity, cut short.</summary>
    public string Identifier { get; private set; } = "";
    /// <summary>Its title, cut short.</summary>
    public string Title { get; private set; } = "";
    /// <summary>Line in the file.</summary>
    public int Line { get; private set; }
    /// <summary>What it would do.</summary>
    public ActivityOutcome Outcome { get; private set; }
    /// <summary>Why it may be of interest.</summary>
    public IatiRelevance Relevance { get; private set; }
    /// <summary>The programme it is, if there is one already or was written.</summary>
    public Guid? ProgrammeId { get; private set; }
    /// <summary>Its reference.</summary>
    public string? Reference { get; private set; }
    /// <summary>What is wrong with it, or noted of it.</summary>
    public IReadOnlyList<IatiProblem> Problems { get; private set; } = [];
    /// <summary>Whether it is to be taken.</summary>
    public bool IsChosen { get; private set; }
    /// <summary>Whether it was.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Chooses it or leaves it out.</summary>
    public void Choose(bool chosen) => IsChosen = chosen && Outcome is (ActivityOutcome.New or ActivityOutcome.Changed);

    /// <summary>It was written.</summary>
    public void Took(Guid programmeId, string reference) => (IsTaken, ProgrammeId, Reference) = (true, programmeId, reference);

    /// <summary>It was refused only when it was to be written.</summary>
    public void Refuse(string code) => (Outcome, Problems) = (ActivityOutcome.Refused, [.. Problems, new IatiProblem(code, Line, "iati-activity", null, true)]);

    private static string Short(string text) => text.Length > 200 ? text[..199] + "…" : text;
}

/// <summary>The activity that a programme was imported with, as it was published: what the portal does not understand comes back from here.</summary>
public sealed class IatiSource
{
    private IatiSource() { }

    /// <summary>Keeps an activity.</summary>
    public IatiSource(Assistance.Programme programme, IatiActivity activity)
    {
        (ProgrammeId, OrganisationId) = (programme.Id, programme.OrganisationId);
        Keep(programme, activity);
    }

    /// <summary>The programme.</summary>
    public Guid ProgrammeId { get; private set; }
    /// <summary>Whose it is.</summary>
    public Guid OrganisationId { get; private set; }
    /// <summary>Its identifier.</summary>
    public string Identifier { get; private set; } = "";
    /// <summary>Identifier of who reported it.</summary>
    public string Reporter { get; private set; } = "";
    /// <summary>The reporter's own number of it, or null.</summary>
    public string? InternalIdentifier { get; private set; }
    /// <summary>The activity.</summary>
    public string Xml { get; private set; } = "";
    /// <summary>Its fingerprint.</summary>
    public string Fingerprint { get; private set; } = "";
    /// <summary>What the programme said when it was imported.</summary>
    public Guid SaidVersion { get; private set; }

    /// <summary>Keeps a newer one.</summary>
    public void Keep(Assistance.Programme programme, IatiActivity activity)
    {
        (Identifier, Reporter, InternalIdentifier) = (activity.Identifier, activity.Reporter, activity.InternalIdentifier is { Length: <= 200 } i ? i : null);
        Xml = activity.Xml.ToString(System.Xml.Linq.SaveOptions.DisableFormatting);
        Fingerprint = IatiActivity.Fingerprint(activity.Xml);
        SaidVersion = programme.SaidVersion;
    }
}
