namespace CogniForge.Statistics.Accuracy;

/// <summary>How well scores order positive rows above negative ones.</summary>
/// <remarks>Equal to scikit-learn's functions of the names in brackets. Pure, so thread-safe.</remarks>
public static class RankingMetrics
{
    /// <summary>
    /// Area under the ROC curve [<c>roc_auc_score</c>]: the chance that a positive row scores above a negative one,
    /// ties counting half.
    /// </summary>
    /// <param name="isPositive">Whether each row is positive.</param>
    /// <param name="scores">The score of each row, higher for likelier positives; not NaN.</param>
    /// <returns>The area, in [0, 1]; null (not estimable) without a positive or without a negative row.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static double? RocAuc(ReadOnlySpan<bool> isPositive, ReadOnlySpan<double> scores)
    {
        var (keys, labels) = Order(isPositive, scores);
        var (positives, negatives, wins) = (0L, 0L, 0.0);
        var i = 0;
        while (i < keys.Length)
        {
            var (tiedPositives, tiedNegatives) = CountTies(keys, labels, ref i);
            wins += tiedPositives * (negatives + (tiedNegatives / 2.0));
            positives += tiedPositives;
            negatives += tiedNegatives;
        }

        return positives == 0 || negatives == 0 ? null : wins / positives / negatives;
    }

    /// <summary>
    /// Area under the precision–recall curve as the average precision Σ (Rₙ − Rₙ₋₁)·Pₙ, without interpolation
    /// [<c>average_precision_score</c>].
    /// </summary>
    /// <param name="isPositive">Whether each row is positive.</param>
    /// <param name="scores">The score of each row, higher for likelier positives; not NaN.</param>
    /// <returns>The average precision, in [0, 1]; null (not estimable) without a positive row.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static double? AveragePrecision(ReadOnlySpan<bool> isPositive, ReadOnlySpan<double> scores)
    {
        var (keys, labels) = Order(isPositive, scores);
        Array.Reverse(keys);
        Array.Reverse(labels);
        var (positives, rows, sum) = (0L, 0L, 0.0);
        var i = 0;
        while (i < keys.Length)
        {
            var (tiedPositives, tiedNegatives) = CountTies(keys, labels, ref i);
            positives += tiedPositives;
            rows += tiedPositives + tiedNegatives;
            sum += tiedPositives * ((double)positives / rows);
        }

        return positives == 0 ? null : sum / positives;
    }

    private static (double[] Scores, bool[] IsPositive) Order(
        ReadOnlySpan<bool> isPositive,
        ReadOnlySpan<double> scores
    )
    {
        Require.SameLength(scores.Length, isPositive.Length, nameof(scores));
        var (keys, labels) = (scores.ToArray(), isPositive.ToArray());
        Array.Sort(keys, labels);
        return keys.Length > 0 && double.IsNaN(keys[0])
            ? throw new ArgumentException("The scores must not be NaN.", nameof(scores))
            : (keys, labels);
    }

    private static (long Positives, long Negatives) CountTies(double[] keys, bool[] labels, ref int i)
    {
        var (score, positives, negatives) = (keys[i], 0L, 0L);
        for (; i < keys.Length && keys[i] == score; i++)
        {
            positives += labels[i] ? 1 : 0;
            negatives += labels[i] ? 0 : 1;
        }

        return (positives, negatives);
    }
}
