using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Metrics.Predictions;
using CogniForge.Serving.Models;
using CogniForge.Statistics.Drift;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>Validates a reference and its settings.</summary>
internal static class DriftReferenceValidator
{
    public const int MaxRows = 10_000;
    private const int MaxWindowHours = 8_760;

    public static IEnumerable<FieldError> Validate(PutDriftReferenceRequest request) =>
        ValidateRows(request).Concat(request.Settings is { } settings ? Validate(settings) : []);

    private static IEnumerable<FieldError> ValidateRows(PutDriftReferenceRequest request)
    {
        var hasWindow = request.From is not null || request.To is not null;
        if (request.Rows is null)
        {
            return
                request.From is null || request.To is null ? [new("rows", "is required, or from and to")]
                : request.From >= request.To ? [new("from", "must be before to")]
                : [];
        }

        return
            hasWindow ? [new("rows", "must be absent if from or to is given")]
            : request.Rows.Count is 0 or > MaxRows
                ? [new("rows", $"must have 1 to {MaxRows} entries, has {request.Rows.Count}")]
            : request.Rows.SelectMany(
                (row, i) =>
                    row is null
                        ? [new FieldError($"rows[{i}]", LogisticModelValidator.Required)]
                        : Validate($"rows[{i}]", row)
            );
    }

    private static IEnumerable<FieldError> Validate(string path, DriftRow row) =>
        row is { Features: null, Prediction: null }
            ? [new(path, "must have features or prediction")]
            : PredictionsValidator
                .ValidateFeatures($"{path}.features", row.Features)
                .Concat(
                    row.Prediction is null
                        ? []
                        : PredictionsValidator.ValidateOutput($"{path}.prediction", row.Prediction)
                );

    private static IEnumerable<FieldError> Validate(DriftSettings settings)
    {
        if (settings.WindowHours is < 1 or > MaxWindowHours)
        {
            yield return new("settings.windowHours", $"must be 1 to {MaxWindowHours}");
        }

        if (settings.MinRows is < 1 or > MaxRows)
        {
            yield return new("settings.minRows", $"must be 1 to {MaxRows}");
        }

        if (settings.NumericTest is DriftTest.ProportionZ or DriftTest.ChiSquare or DriftTest.TotalVariation)
        {
            yield return new(
                "settings.numericTest",
                "must not be proportionZ, chiSquare or totalVariation, which compare categories only"
            );
        }

        if (settings.CategoricalTest is DriftTest.ProportionZ or DriftTest.KolmogorovSmirnov or DriftTest.Wasserstein)
        {
            yield return new(
                "settings.categoricalTest",
                "must not be proportionZ, kolmogorovSmirnov or wasserstein, which do not compare categories"
            );
        }

        if (settings.PValueThreshold is not (> 0 and < 1))
        {
            yield return new("settings.pValueThreshold", "must be above 0 and below 1");
        }

        if (settings.DistanceThreshold is not (> 0 and <= 1_000))
        {
            yield return new("settings.distanceThreshold", "must be above 0, at most 1000");
        }

        if (settings.DriftedShare is not (> 0 and <= 1))
        {
            yield return new("settings.driftedShare", "must be above 0, at most 1");
        }
    }
}
