namespace CogniForge.Llm.RequestLog;

/// <summary>A number of requests.</summary>
/// <param name="Count">The number of all, 0 or more.</param>
/// <param name="Completions">The number of those that generated text, unlike embeddings, images or files.</param>
internal sealed record CountResponse(long Count, long Completions);
