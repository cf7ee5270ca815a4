namespace CogniForge.Llm.RequestLog;

/// <summary>How many.</summary>
/// <param name="Count">The number, 0 or more.</param>
internal sealed record CountResponse(long Count);
