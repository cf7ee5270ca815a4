namespace CogniForge.Analytics.Domain;

/// <summary>What this service reads of a request that the gateway dealt with.</summary>
internal sealed record Completion(Guid Id, DateTimeOffset OccurredAt, string Caller, string Provider, string Model, int InputTokens, int OutputTokens, int Status = 200)
{
    /// <summary>Whether it was answered: the gateway announces requests that failed too.</summary>
    public bool IsAnswered => Status == 200;
}

/// <summary>What this service reads of an inference that a model made.</summary>
internal sealed record Inference(Guid Id, DateTimeOffset OccurredAt, string Model, int Version, int Rows);

/// <summary>What this service reads of a model version that began to serve.</summary>
internal sealed record Promotion(Guid Id, DateTimeOffset OccurredAt, string Model, int Version);

/// <summary>How much has been recorded.</summary>
/// <param name="Events">User events.</param>
/// <param name="Completions">Completions of the gateway.</param>
/// <param name="Inferences">Inferences of the served models.</param>
/// <param name="Promotions">Model versions that began to serve.</param>
internal sealed record ActivityCounts(long Events, long Completions, long Inferences, long Promotions);
