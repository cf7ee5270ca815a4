namespace CogniForge.Analytics.Activity;

/// <summary>The numbers of recorded events, by kind.</summary>
/// <param name="Events">User events.</param>
/// <param name="Completions">Completions of the LLM gateway.</param>
/// <param name="Inferences">Inferences of model serving.</param>
/// <param name="Promotions">Model versions that began to serve.</param>
/// <param name="Drifts">Models that began to drift.</param>
internal sealed record ActivityCounts(long Events, long Completions, long Inferences, long Promotions, long Drifts);
