namespace Portal.Assistance.Traces;

/// <summary>Marker of the words of the chain.</summary>
public sealed class TraceWords;
