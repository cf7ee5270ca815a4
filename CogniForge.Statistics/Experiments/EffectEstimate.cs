namespace CogniForge.Statistics.Experiments;

/// <summary>An effect with its uncertainty.</summary>
/// <param name="Effect">The effect, in the metric's unit or relative.</param>
/// <param name="StandardError">Its standard error, positive, in the same unit.</param>
public readonly record struct EffectEstimate(double Effect, double StandardError);
