namespace CogniForge.Serving.Metrics.Judging;

/// <summary>The scores that a model gave.</summary>
/// <param name="Model">The route of the model.</param>
/// <param name="Count">The number of scores.</param>
/// <param name="Mean">The mean score; null: none.</param>
/// <param name="Min">The lowest score.</param>
/// <param name="Failed">The texts without a score.</param>
/// <param name="Error">Why the first of them has none.</param>
internal sealed record TextScores(string Model, int Count, double? Mean, double? Min, int Failed, string? Error);
