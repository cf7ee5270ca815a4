using CogniForge.Statistics;
using CogniForge.Statistics.Experiments;

namespace CogniForge.Serving.Experiments;

/// <summary>An effect, variant minus control.</summary>
/// <param name="Effect">In the metric's unit, or relative (0.1 is +10 %).</param>
/// <param name="Lower">The lower end of its confidence interval.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="PValue">The two-sided p-value of no effect.</param>
internal sealed record EffectResult(double Effect, double Lower, double Upper, double PValue)
{
    public static EffectResult? From(EffectTest? test) =>
        test is null ? null : From(test.Effect, test.Interval, test.PValue);

    public static EffectResult? From(SequentialTestResult? test) =>
        test is null ? null : From(test.Effect, test.Interval, test.PValue);

    // Values near the limits of doubles have no finite lift.
    private static EffectResult? From(double effect, ConfidenceInterval interval, double pValue) =>
        double.IsFinite(interval.Lower) && double.IsFinite(interval.Upper)
            ? new(effect, interval.Lower, interval.Upper, pValue)
            : null;
}
