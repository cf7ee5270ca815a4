namespace CogniForge.Statistics.Drift;

/// <summary>The result of a χ² test.</summary>
/// <param name="Statistic">Pearson's χ², at least 0; +∞ when a category is new.</param>
/// <param name="DegreesOfFreedom">Categories that occur, less one.</param>
/// <param name="PValue">The p-value, in [0, 1].</param>
public sealed record ChiSquareResult(double Statistic, int DegreesOfFreedom, double PValue);
