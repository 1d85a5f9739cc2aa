namespace Portal.Assistance.Proposals;

/// <summary>Marker of the words of circulation, answers and the funding gap.</summary>
public sealed class AnswerWords;
