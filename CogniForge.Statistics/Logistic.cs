namespace CogniForge.Statistics;

/// <summary>The logistic function and the model that is built on it.</summary>
/// <remarks>Definition: Hosmer, Lemeshow and Sturdivant, <i>Applied Logistic Regression</i> (3rd ed., 2013), section 1.1; scikit-learn's
/// <c>predict_proba</c> for two classes is the same figure. Pure, so safe for concurrent use.</remarks>
public static class Logistic
{
    /// <summary>The logistic function 1 / (1 + e^−x): log-odds to probability.</summary>
    /// <param name="x">Log-odds in nats, any number; ±∞ give 1 and 0.</param>
    /// <returns>A probability in [0, 1], accurate in both tails: below about −745.13 it is 0, above about 36.7 it is 1, as the nearest double is.</returns>
    /// <exception cref="ArgumentException"><paramref name="x"/> is NaN.</exception>
    public static double Sigmoid(double x)
    {
        if (double.IsNaN(x))
        {
            throw new ArgumentException("Log-odds must be a number, not NaN.", nameof(x));
        }

        // Only e^−|x| is ever computed: it cannot overflow, and the lower tail loses nothing against 1.
        var e = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <summary>The probability that a logistic model gives: <see cref="Sigmoid"/> of <c>intercept + Σ features[i]·coefficients[i]</c>.</summary>
    /// <remarks>The sum runs from the first feature to the last, so that the same model gives the same answer on every processor.</remarks>
    /// <param name="features">One row, in the units that the coefficients are for; finite.</param>
    /// <param name="coefficients">Log-odds for each unit of each feature, as many as <paramref name="features"/>; finite.</param>
    /// <param name="intercept">Log-odds where all features are 0; finite.</param>
    /// <returns>A probability in [0, 1], for all finite arguments: also where the sum leaves the range of a double on its way.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or the sum is NaN (only non-finite arguments can make it so).</exception>
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

    // ∞ − ∞ is NaN though the true sum has a sign. Each factor is below 2^1024, so with 2^−520 on both a product is below 2^1008, and 65,536 of them fit.
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
