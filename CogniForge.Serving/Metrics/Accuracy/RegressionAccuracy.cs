using CogniForge.Statistics.Accuracy;

namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>How far predicted numbers are from the true ones, as scikit-learn defines it.</summary>
/// <param name="Count">The number of predictions, at least 1.</param>
/// <param name="MeanAbsoluteError">MAE, in the unit of the values.</param>
/// <param name="RootMeanSquaredError">RMSE, in the unit of the values.</param>
/// <param name="RSquared">R², at most 1; null when the true values are all equal.</param>
internal sealed record RegressionAccuracy(
    int Count,
    double MeanAbsoluteError,
    double RootMeanSquaredError,
    double? RSquared
)
{
    public static RegressionAccuracy? From(IReadOnlyList<(double Actual, double Predicted)> rows) =>
        RegressionMetrics.FromPredictions(
            [.. rows.Select(r => r.Actual)],
            [.. rows.Select(r => r.Predicted)]
        ) is { } metrics
        && double.IsFinite(metrics.RootMeanSquaredError)
            ? new(
                metrics.Count,
                metrics.MeanAbsoluteError,
                metrics.RootMeanSquaredError,
                FiniteOrNull(metrics.RSquared)
            )
            : null;

    // Extreme numbers overflow, and JSON has no infinity.
    private static double? FiniteOrNull(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
