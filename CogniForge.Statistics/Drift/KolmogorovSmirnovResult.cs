namespace CogniForge.Statistics.Drift;

/// <summary>The result of a two-sample Kolmogorov–Smirnov test.</summary>
/// <param name="Statistic">D, the largest distance between the two empirical distribution functions, in [0, 1].</param>
/// <param name="PValue">Two-sided p-value of one common distribution, in [0, 1].</param>
/// <param name="IsExact">Whether the p-value is exact for distinct values; otherwise asymptotic.</param>
public sealed record KolmogorovSmirnovResult(double Statistic, double PValue, bool IsExact);
