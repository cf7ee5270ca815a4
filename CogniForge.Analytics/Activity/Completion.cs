namespace CogniForge.Analytics.Activity;

/// <summary>What this service reads of a request that the gateway dealt with.</summary>
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
    /// <summary>Whether it was answered: the gateway announces requests that failed too.</summary>
    public bool IsAnswered => Status == 200;
}
