namespace CogniForge.Llm.Domain;

/// <summary>The fact that a completion was answered: stored, and announced as <see cref="EventType"/>.</summary>
/// <param name="Id">UUID version 7; who reads the record twice knows it by this.</param>
/// <param name="OccurredAt">When it was answered, UTC.</param>
/// <param name="Caller">The id of the key that asked.</param>
/// <param name="Provider">Who answered, e.g. <c>mock</c>.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
/// <param name="DurationMs">From request to answer, in milliseconds.</param>
/// <param name="TraceParent">The W3C trace context of the request; null: it was not traced.</param>
internal sealed record CompletionRecord(
    Guid Id, DateTimeOffset OccurredAt, string Caller, string Provider, string Model, int InputTokens, int OutputTokens, double DurationMs, string? TraceParent)
{
    /// <summary>The type of the event whose body is an array of these records.</summary>
    public const string EventType = "llm.completion.recorded.v1";
}
