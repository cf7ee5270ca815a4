namespace CogniForge.Serving.Experiments;

/// <summary>What a plan needs and can detect.</summary>
/// <param name="UnitsPerVariant">The units of each variant: those given, or those that the effect needs.</param>
/// <param name="Power">The probability to detect the effect with them.</param>
/// <param name="MinimumDetectableEffect">The smallest effect that they detect with the power asked for.</param>
internal sealed record PowerAnalysisResponse(double UnitsPerVariant, double Power, double MinimumDetectableEffect);
