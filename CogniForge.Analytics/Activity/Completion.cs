namespace CogniForge.Analytics.Activity;

/// <summary>The fields that analytics reads of a gateway request.</summary>
internal sealed record Completion(
    Guid Id,
    DateTimeOffset OccurredAt,
    string Caller,
    string Provider,
    string Model,
    int InputTokens,
    int OutputTokens,
    int Status = 200,
    string Protocol = "chat_completions"
)
{
    /// <summary>
    /// Whether the request generated text; the gateway publishes failed requests, embeddings, images and files too.
    /// </summary>
    public bool IsCompletion =>
        Status == 200 && Protocol is "chat_completions" or "responses" or "messages" or "completions";
}
