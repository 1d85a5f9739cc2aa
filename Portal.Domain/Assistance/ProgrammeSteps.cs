using Portal.Domain.Access;
using static Portal.Domain.Assistance.NextStep;

namespace Portal.Domain.Assistance;

/// <summary>As what somebody stands to a programme.</summary>
public enum ProgrammeSide
{
    /// <summary>Decides for the organisation whose programme it is.</summary>
    Manager,

    /// <summary>Writes for it.</summary>
    Contributor,

    /// <summary>Is shown it.</summary>
    Reader,
}

/// <summary>What is known of a programme besides its stage.</summary>
/// <param name="Today">The day on which it is asked.</param>
/// <param name="IsShared">Whether anybody outside its organisation was ever shown it.</param>
/// <param name="Starts">First day as planned.</param>
/// <param name="Ends">Last day as planned.</param>
public sealed record ProgrammeSituation(DateOnly Today, bool IsShared, DateOnly? Starts, DateOnly? Ends);

/// <summary>The next step of a programme: total over stages and sides.</summary>
public static class ProgrammeSteps
{
    /// <summary>As what an actor stands to a programme, by what they may do and not by their role.</summary>
    public static ProgrammeSide SideOf(Programme programme, Actor actor) =>
        actor.LevelAs(Audience.Org(programme.OrganisationNumber), Section.Programmes, programme.StateIso3) switch
        {
            >= Level.Decide => ProgrammeSide.Manager,
            Level.Contribute => ProgrammeSide.Contributor,
            _ => ProgrammeSide.Reader,
        };

    /// <summary>The next step.</summary>
    public static NextStep Of(ProgrammeStatus stage, ProgrammeSide side, ProgrammeSituation s) =>
        stage switch
        {
            ProgrammeStatus.Cancelled => Rest(NextNote.Cancelled),
            ProgrammeStatus.Pipeline
            or ProgrammeStatus.Active
            or ProgrammeStatus.Completed when !s.IsShared && side == ProgrammeSide.Manager => Do(
                NextAct.ShareProgramme,
                NextNote.ShareProgramme
            ),
            ProgrammeStatus.Pipeline or ProgrammeStatus.Active or ProgrammeStatus.Completed when !s.IsShared => Await(
                Awaited.Provider,
                NextNote.AwaitSharing
            ),
            ProgrammeStatus.Completed => Rest(NextNote.Completed),
            ProgrammeStatus.Pipeline when side == ProgrammeSide.Manager => s.Starts is not { } day
                ? Do(NextAct.StartProgramme, NextNote.StartUndated)
                : Do(NextAct.StartProgramme, day < s.Today ? NextNote.StartOverdue : NextNote.StartProgramme, day),
            ProgrammeStatus.Active when side == ProgrammeSide.Manager => s.Ends is not { } day
                ? Do(NextAct.CompleteProgramme, NextNote.CompleteUndated)
                : Do(NextAct.CompleteProgramme, day < s.Today ? NextNote.CompleteOverdue : NextNote.CompleteProgramme, day),
            ProgrammeStatus.Pipeline => Await(Awaited.Provider, NextNote.AwaitStart),
            ProgrammeStatus.Active => Await(Awaited.Provider, NextNote.UnderWay),
        };
}
