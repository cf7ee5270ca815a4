namespace CogniForge.Llm.RequestLog;

/// <summary>A number of requests.</summary>
/// <param name="Count">The number, 0 or more.</param>
internal sealed record CountResponse(long Count);
