namespace CogniForge.Statistics.Accuracy;

/// <summary>Whether events of predicted probability p occur in a share p of the rows.</summary>
/// <param name="Bins">Bins of equal width over [0, 1], in ascending order.</param>
/// <param name="ExpectedError">
/// Expected calibration error: the gap between probability and share of each bin, weighted by rows, in [0, 1].
/// </param>
public sealed record Calibration(IReadOnlyList<CalibrationBin> Bins, double ExpectedError)
{
    /// <summary>Bins predictions as scikit-learn's <c>calibration_curve(strategy="uniform")</c>.</summary>
    /// <remarks>Source of the error: Naeini, Cooper and Hauskrecht, AAAI 2015.</remarks>
    /// <param name="isPositive">Whether each row is positive.</param>
    /// <param name="probabilities">The predicted probability of positive, in [0, 1].</param>
    /// <param name="binCount">Number of bins, from 1 to 1,000.</param>
    /// <returns>The calibration; null without rows.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static Calibration? FromPredictions(
        ReadOnlySpan<bool> isPositive,
        ReadOnlySpan<double> probabilities,
        int binCount = 10
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(binCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(binCount, 1_000);
        Require.SameLength(probabilities.Length, isPositive.Length, nameof(probabilities));
        var sums = new (long Count, long Positives, double Probability)[binCount];
        for (var i = 0; i < probabilities.Length; i++)
        {
            Require.Probability(probabilities[i], nameof(probabilities));
            ref var bin = ref sums[GetBin(probabilities[i], binCount)];
            bin.Count++;
            bin.Positives += isPositive[i] ? 1 : 0;
            bin.Probability += probabilities[i];
        }

        var bins = sums.Select(
            (sum, i) =>
                new CalibrationBin(
                    i / (double)binCount,
                    (i + 1) / (double)binCount,
                    sum.Count,
                    sum.Count == 0 ? null : sum.Probability / sum.Count,
                    sum.Count == 0 ? null : (double)sum.Positives / sum.Count
                )
        );
        var error = sums.Sum(sum => Math.Abs(sum.Positives - sum.Probability)) / probabilities.Length;
        return probabilities.IsEmpty ? null : new Calibration([.. bins], error);
    }

    private static int GetBin(double probability, int binCount)
    {
        // The product may round to the neighbour; the edges i / binCount decide.
        var bin = Math.Clamp((int)(probability * binCount), 0, binCount - 1);
        if (bin > 0 && probability <= bin / (double)binCount)
        {
            return bin - 1;
        }

        return bin < binCount - 1 && probability > (bin + 1) / (double)binCount ? bin + 1 : bin;
    }
}
