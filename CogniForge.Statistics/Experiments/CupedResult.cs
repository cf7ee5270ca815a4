namespace CogniForge.Statistics.Experiments;

/// <summary>Outcomes adjusted by a covariate.</summary>
/// <param name="Theta">The coefficient of the covariate, in units of the outcome per unit of the covariate.</param>
/// <param name="Arms">The adjusted moments of each arm, in the order given, for any test of means.</param>
/// <param name="VarianceRemaining">Share of the pooled variance that remains, 1 − r², in [0, 1].</param>
public sealed record CupedResult(double Theta, IReadOnlyList<SampleMoments> Arms, double VarianceRemaining);
