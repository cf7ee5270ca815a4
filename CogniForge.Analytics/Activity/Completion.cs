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
    int Status = 200
)
{
    /// <summary>Whether the request succeeded; the gateway publishes failed requests too.</summary>
    public bool IsSuccess => Status == 200;
}
