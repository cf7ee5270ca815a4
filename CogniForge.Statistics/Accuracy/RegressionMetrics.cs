namespace CogniForge.Statistics.Accuracy;

/// <summary>How far predicted numbers are from the actual ones.</summary>
/// <param name="Count">Number of rows, at least 1.</param>
/// <param name="MeanAbsoluteError">MAE, in the unit of the values.</param>
/// <param name="RootMeanSquaredError">RMSE, in the unit of the values.</param>
/// <param name="RSquared">
/// R² = 1 − Σ(y − ŷ)²/Σ(y − ȳ)², at most 1; null (not estimable) when the actual values are all equal.
/// </param>
public sealed record RegressionMetrics(
    int Count,
    double MeanAbsoluteError,
    double RootMeanSquaredError,
    double? RSquared
)
{
    /// <summary>Compares predictions, as scikit-learn's <c>mean_absolute_error</c> and its neighbours.</summary>
    /// <param name="actual">The actual values; finite.</param>
    /// <param name="predicted">The predicted values; finite.</param>
    /// <returns>The metrics; null without rows.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a value is not finite.</exception>
    public static RegressionMetrics? FromPredictions(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
    {
        Require.SameLength(predicted.Length, actual.Length, nameof(predicted));
        if (actual.IsEmpty)
        {
            return null;
        }

        var (absolute, squares) = (0.0, 0.0);
        for (var i = 0; i < actual.Length; i++)
        {
            Require.Finite(actual[i], nameof(actual));
            Require.Finite(predicted[i], nameof(predicted));
            var error = actual[i] - predicted[i];
            absolute += Math.Abs(error);
            squares += error * error;
        }

        var spread = Sums.SquaredDeviations(actual, Sums.Mean(actual));
        return new RegressionMetrics(
            actual.Length,
            absolute / actual.Length,
            Math.Sqrt(squares / actual.Length),
            spread > 0 ? 1 - (squares / spread) : null
        );
    }
}
