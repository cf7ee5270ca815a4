namespace CogniForge.Statistics;

/// <summary>Count, mean and variance of a sample: all that a comparison of means needs.</summary>
/// <remarks><c>default</c> is the empty sample.</remarks>
public readonly record struct SampleMoments
{
    /// <summary>
    /// Creates the moments that another system computed, such as SQL's <c>avg</c> and <c>var_samp</c>.
    /// </summary>
    /// <param name="count">Number of values, at least 0.</param>
    /// <param name="mean">Arithmetic mean; ignored for an empty sample.</param>
    /// <param name="variance">Sample variance with divisor n − 1, at least 0; ignored below two values.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range or not finite.</exception>
    public SampleMoments(long count, double mean, double variance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > 0)
        {
            Require.Finite(mean);
            Mean = mean;
        }

        if (count > 1)
        {
            Require.NotNegative(variance);
            Variance = variance;
        }

        Count = count;
    }

    /// <summary>Number of values.</summary>
    public long Count { get; }

    /// <summary>Arithmetic mean; null for an empty sample.</summary>
    public double? Mean { get; }

    /// <summary>Sample variance, divisor n − 1, in squared units; null below two values.</summary>
    public double? Variance { get; }

    /// <summary>Variance of the mean, in squared units; null below two values.</summary>
    internal double? VarianceOfMean => Variance / Count;

    /// <summary>The moments of values, in two passes, so that a large mean costs no precision.</summary>
    /// <param name="values">The sample; finite, in any order.</param>
    /// <returns>The moments of the sample.</returns>
    /// <exception cref="ArgumentException">A value, or the sum of squares, is not finite.</exception>
    public static SampleMoments FromValues(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return default;
        }

        var mean = Sums.Mean(values);
        var squares = Sums.SquaredDeviations(values, mean);
        return double.IsFinite(squares)
            ? new SampleMoments(values.Length, mean, squares / (values.Length - 1.0))
            : throw new ArgumentException("The values and the sum of their squares must be finite.", nameof(values));
    }

    /// <summary>The moments from running sums.</summary>
    /// <remarks>Loses digits when the mean is large against the standard deviation; prefer the constructor.</remarks>
    /// <param name="count">Number of values, at least 0.</param>
    /// <param name="sum">Sum of the values.</param>
    /// <param name="sumOfSquares">Sum of the squared values, at least 0.</param>
    /// <returns>The moments of the sample.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range or not finite.</exception>
    public static SampleMoments FromSums(long count, double sum, double sumOfSquares)
    {
        Require.Finite(sum);
        Require.NotNegative(sumOfSquares);
        var mean = sum / count;
        return new SampleMoments(count, mean, Math.Max(0, (sumOfSquares - (sum * mean)) / (count - 1)));
    }

    /// <summary>The moments of a yes-or-no outcome, 1 for success, with variance p(1 − p), as GrowthBook.</summary>
    /// <param name="successes">Number of successes, from 0 to <paramref name="count"/>.</param>
    /// <param name="count">Number of trials, at least 0.</param>
    /// <returns>The moments of the sample.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static SampleMoments FromSuccesses(long successes, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        var rate = (double)successes / count;
        return new SampleMoments(count, rate, rate * (1 - rate));
    }
}
