using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;
using CogniForge.Statistics.Experiments;

namespace CogniForge.Serving.Experiments;

/// <summary>Validates and computes plans of experiments. Pure.</summary>
internal static class PowerPlanner
{
    private const double MinSize = 1e-9;
    private const double MaxUnits = 1e12;

    public static IEnumerable<FieldError> Validate(PowerAnalysisRequest request)
    {
        if (request.Kind is null)
        {
            yield return new("kind", LogisticModelValidator.Required);
        }

        if (request.Kind == MetricKind.Binary && request.Baseline is not (>= MinSize and <= 1 - MinSize))
        {
            yield return new("baseline", $"must be {MinSize} to {1 - MinSize}");
        }

        if (
            request.Kind == MetricKind.Continuous
            && request.StandardDeviation is not (>= MinSize and <= Outcome.MaxValue)
        )
        {
            yield return new("standardDeviation", $"must be {MinSize} to {Outcome.MaxValue}");
        }

        if (request.Effect is { } effect && !(Math.Abs(effect) is >= MinSize and <= Outcome.MaxValue))
        {
            yield return new("effect", $"must be {MinSize} to {Outcome.MaxValue} in magnitude");
        }
        else if (request.Kind == MetricKind.Binary && request.Baseline + request.Effect is < 0 or > 1)
        {
            yield return new("effect", "must keep the rate within 0 to 1");
        }

        if (request.UnitsPerVariant is < 2 or > MaxUnits)
        {
            yield return new("unitsPerVariant", $"must be 2 to {MaxUnits}");
        }

        if ((request.Effect, request.UnitsPerVariant) is (null, null))
        {
            yield return new("", "must have effect, unitsPerVariant or both");
        }

        if (!ExperimentValidator.IsAlpha(request.Alpha))
        {
            yield return new("alpha", ExperimentValidator.AlphaRule);
        }

        if (!(request.Power is >= 0.5 and < 1))
        {
            yield return new("power", "must be 0.5 to below 1");
        }
    }

    /// <summary>Computes a valid plan.</summary>
    public static PowerAnalysisResponse Compute(PowerAnalysisRequest request)
    {
        var units = request.UnitsPerVariant ?? GetSampleSize(request);

        // Without an effect, a rate has the control's variance in both variants.
        var variances =
            request.Kind == MetricKind.Binary
                ? GetVariance(request.Baseline!.Value) + GetVariance(request.Baseline.Value + (request.Effect ?? 0))
                : 2 * request.StandardDeviation!.Value * request.StandardDeviation.Value;
        var error = Math.Sqrt(variances / units);
        return new(
            units,
            request.Effect is { } effect ? PowerAnalysis.Power(effect, error, request.Alpha) : request.Power,
            PowerAnalysis.MinimumDetectableEffect(error, request.Alpha, request.Power)
        );
    }

    private static double GetSampleSize(PowerAnalysisRequest request) =>
        request.Kind == MetricKind.Binary
            ? PowerAnalysis.SampleSizeForRates(
                request.Baseline!.Value,
                request.Baseline.Value + request.Effect!.Value,
                request.Alpha,
                request.Power
            )
            : PowerAnalysis.SampleSizeForMeans(
                request.Effect!.Value,
                request.StandardDeviation!.Value,
                request.Alpha,
                request.Power
            );

    private static double GetVariance(double rate) => rate * (1 - rate);
}
