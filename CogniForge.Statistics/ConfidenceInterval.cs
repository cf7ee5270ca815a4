namespace CogniForge.Statistics;

/// <summary>A two-sided interval, both ends included, in the unit of what it estimates.</summary>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end, at least <paramref name="Lower"/>.</param>
/// <param name="Confidence">The share of samples whose interval covers the truth, in (0, 1): 0.95 for α = 0.05.</param>
public readonly record struct ConfidenceInterval(double Lower, double Upper, double Confidence)
{
    internal static ConfidenceInterval Around(double center, double halfWidth, double alpha) =>
        new(center - halfWidth, center + halfWidth, 1 - alpha);
}
