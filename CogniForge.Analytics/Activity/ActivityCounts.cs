namespace CogniForge.Analytics.Activity;

/// <summary>How much has been recorded.</summary>
/// <param name="Events">User events.</param>
/// <param name="Completions">Completions of the gateway.</param>
/// <param name="Inferences">Inferences of the served models.</param>
/// <param name="Promotions">Model versions that began to serve.</param>
internal sealed record ActivityCounts(long Events, long Completions, long Inferences, long Promotions);
