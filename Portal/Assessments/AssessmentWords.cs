namespace Portal.Assessments;

/// <summary>Marker of the words of dossiers and assessments.</summary>
public sealed class AssessmentWords;
