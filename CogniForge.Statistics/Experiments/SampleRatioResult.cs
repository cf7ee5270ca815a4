namespace CogniForge.Statistics.Experiments;

/// <summary>Whether the traffic of an experiment arrived in the shares that were configured.</summary>
/// <param name="Statistic">Pearson's χ², at least 0.</param>
/// <param name="DegreesOfFreedom">Arms with positive weight, less one.</param>
/// <param name="PValue">Probability of a deviation at least as large by chance, in [0, 1]; 1 for a single arm.</param>
/// <param name="IsMismatch">Whether the p-value is below the threshold: the experiment's results mislead.</param>
public sealed record SampleRatioResult(double Statistic, int DegreesOfFreedom, double PValue, bool IsMismatch);
