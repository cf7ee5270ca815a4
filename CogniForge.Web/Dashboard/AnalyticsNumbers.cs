namespace CogniForge.Web.Dashboard;

/// <summary>The numbers of analytics.</summary>
/// <param name="Events">User events recorded.</param>
/// <param name="Completions">Completions received from the gateway.</param>
/// <param name="Inferences">Inferences received from model serving.</param>
/// <param name="Promotions">Model versions that began to serve.</param>
/// <param name="Drifts">Models that began to drift.</param>
internal sealed record AnalyticsNumbers(long Events, long Completions, long Inferences, long Promotions, long Drifts);
