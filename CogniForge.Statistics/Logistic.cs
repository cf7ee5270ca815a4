namespace CogniForge.Statistics;

/// <summary>The logistic function, and the probability of a logistic model.</summary>
/// <remarks>
/// Source: Hosmer, Lemeshow and Sturdivant, <i>Applied Logistic Regression</i> (3rd ed., 2013), section 1.1. Equals
/// scikit-learn's <c>predict_proba</c> for two classes. Pure, so thread-safe.
/// </remarks>
public static class Logistic
{
    /// <summary>The logistic function 1 / (1 + e^−x), which converts log-odds to a probability.</summary>
    /// <param name="x">Log-odds in nats, any number; ±∞ give 1 and 0.</param>
    /// <returns>
    /// A probability in [0, 1], accurate in both tails. It rounds to 0 below about −745.13 and to 1 above about 36.7.
    /// </returns>
    public static double Sigmoid(double x)
    {
        if (double.IsNaN(x))
        {
            throw new ArgumentException("Log-odds must be a number, not NaN.", nameof(x));
        }

        // Computes only e^−|x|: it cannot overflow, and the lower tail keeps its precision.
        var e = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <summary>
    /// The probability of a logistic model: <see cref="Sigmoid"/> of <c>intercept + Σ features[i]·coefficients[i]</c>.
    /// </summary>
    /// <remarks>Adds from the first feature to the last, so the result is the same on every processor.</remarks>
    /// <param name="features">One row, in the units of the coefficients; finite.</param>
    /// <param name="coefficients">Log-odds per unit of each feature, as many as <paramref name="features"/>;
    /// finite.</param>
    /// <param name="intercept">Log-odds when all features are 0; finite.</param>
    /// <returns>A probability in [0, 1] for all finite arguments, even if the sum overflows a double on the
    /// way.</returns>
    /// <exception cref="ArgumentException">
    /// The lengths differ, or the sum is NaN (which requires arguments that are not finite).
    /// </exception>
    public static double Probability(ReadOnlySpan<double> features, ReadOnlySpan<double> coefficients, double intercept)
    {
        if (features.Length != coefficients.Length)
        {
            throw new ArgumentException(
                $"There are {features.Length} features for {coefficients.Length} coefficients.",
                nameof(features)
            );
        }

        var logOdds = WeightedSum(features, coefficients, intercept);
        return Sigmoid(double.IsFinite(logOdds) ? logOdds : WeightedSumOfHuge(features, coefficients, intercept));
    }

    private static double WeightedSum(ReadOnlySpan<double> features, ReadOnlySpan<double> coefficients, double sum)
    {
        for (var i = 0; i < features.Length; i++)
        {
            sum += features[i] * coefficients[i];
        }

        return sum;
    }

    // ∞ − ∞ is NaN, although the true sum has a sign. Factors are below 2^1024: scaled by 2^−520 each, a product is
    // below 2^1008, so 65,536 products fit.
    private static double WeightedSumOfHuge(
        ReadOnlySpan<double> features,
        ReadOnlySpan<double> coefficients,
        double intercept
    )
    {
        const int Down = -520;
        var sum = Math.ScaleB(intercept, 2 * Down);
        for (var i = 0; i < features.Length; i++)
        {
            sum += Math.ScaleB(features[i], Down) * Math.ScaleB(coefficients[i], Down);
        }

        return Math.ScaleB(sum, -2 * Down);
    }
}
