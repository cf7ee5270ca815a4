namespace CogniForge.Web.Dashboard;

/// <summary>Numbers of analytics.</summary>
/// <param name="Events">User events recorded.</param>
/// <param name="Completions">Completions that the gateway announced.</param>
/// <param name="Inferences">Inferences that serving announced.</param>
/// <param name="Promotions">Model versions that began to serve.</param>
internal sealed record AnalyticsNumbers(long Events, long Completions, long Inferences, long Promotions);
