namespace CogniForge.Statistics.Drift;

/// <summary>Distances between two distributions over the same bins or categories.</summary>
/// <remarks>
/// The arguments are weights, each at least 0 and of positive sum: shares or counts. Where a method does not say
/// otherwise, it divides them by their sums. Pure, so thread-safe.
/// </remarks>
public static class Divergence
{
    /// <summary>The population stability index: Σ (r − c)·ln(r / c).</summary>
    /// <remarks>
    /// Takes shares as they are. The industry's rule: below 0.1 stable, to 0.25 moderate, above that a major shift.
    /// </remarks>
    /// <param name="reference">Shares of the reference.</param>
    /// <param name="current">Shares of the current data, of the same bins.</param>
    /// <returns>
    /// At least 0; +∞ when only one side of a bin is empty (see <see cref="BinnedShares.FillEmpty"/>).
    /// </returns>
    /// <exception cref="ArgumentException">The lengths differ, or a weight is negative or not finite.</exception>
    public static double PopulationStabilityIndex(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        Sum(reference, nameof(reference));
        Sum(current, nameof(current));
        Require.SameLength(current.Length, reference.Length, nameof(current));
        var index = 0.0;
        for (var i = 0; i < reference.Length; i++)
        {
            var (r, c) = (reference[i], current[i]);
            index += r == c ? 0 : (r - c) * Math.Log(r / c);
        }

        return index;
    }

    /// <summary>The Kullback–Leibler divergence in nats: Σ p·ln(p / q), as SciPy's <c>entropy(p, q)</c>.</summary>
    /// <param name="p">Weights of the true distribution.</param>
    /// <param name="q">Weights of the approximation.</param>
    /// <returns>At least 0; +∞ when q is 0 where p is not.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or weights are negative or of sum 0.</exception>
    public static double KullbackLeibler(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var (sumP, sumQ) = Sums(p, q);
        var divergence = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            divergence += RelativeEntropy(p[i] / sumP, q[i] / sumQ);
        }

        return Math.Max(0, divergence);
    }

    /// <summary>
    /// The Jensen–Shannon distance √((KL(p|m) + KL(q|m)) / 2), m = (p + q)/2, as SciPy's <c>jensenshannon</c>.
    /// </summary>
    /// <param name="p">Weights of one distribution.</param>
    /// <param name="q">Weights of the other.</param>
    /// <param name="logarithmBase">
    /// Base of the logarithm, above 1: e as in Evidently gives at most √ln 2 = 0.8326, base 2 at most 1.
    /// </param>
    /// <returns>The distance, 0 for equal distributions.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or weights are negative or of sum 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The base is not above 1.</exception>
    public static double JensenShannonDistance(
        ReadOnlySpan<double> p,
        ReadOnlySpan<double> q,
        double logarithmBase = Math.E
    )
    {
        if (!(logarithmBase > 1 && double.IsFinite(logarithmBase)))
        {
            throw new ArgumentOutOfRangeException(nameof(logarithmBase), logarithmBase, "The base must be above 1.");
        }

        var (sumP, sumQ) = Sums(p, q);
        var divergence = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            var (a, b) = (p[i] / sumP, q[i] / sumQ);
            var middle = (a + b) / 2;
            divergence += RelativeEntropy(a, middle) + RelativeEntropy(b, middle);
        }

        return Math.Sqrt(Math.Max(0, divergence) / 2 / Math.Log(logarithmBase));
    }

    /// <summary>The Hellinger distance √(1 − Σ √(p·q)).</summary>
    /// <param name="p">Weights of one distribution.</param>
    /// <param name="q">Weights of the other.</param>
    /// <returns>From 0 for equal distributions to 1 for disjoint ones.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or weights are negative or of sum 0.</exception>
    public static double Hellinger(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var (sumP, sumQ) = Sums(p, q);
        var squares = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            // 1 − Σ √(pq) = Σ (√p − √q)² / 2, which keeps precision for near distributions.
            var difference = Math.Sqrt(p[i] / sumP) - Math.Sqrt(q[i] / sumQ);
            squares += difference * difference;
        }

        return Math.Min(1, Math.Sqrt(squares / 2));
    }

    /// <summary>The total variation distance Σ |p − q| / 2: the share of mass that must move.</summary>
    /// <param name="p">Weights of one distribution.</param>
    /// <param name="q">Weights of the other.</param>
    /// <returns>From 0 for equal distributions to 1 for disjoint ones.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or weights are negative or of sum 0.</exception>
    public static double TotalVariation(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var (sumP, sumQ) = Sums(p, q);
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            sum += Math.Abs((p[i] / sumP) - (q[i] / sumQ));
        }

        return Math.Min(1, sum / 2);
    }

    private static double RelativeEntropy(double p, double q) => p == 0 ? 0 : p * Math.Log(p / q);

    private static (double P, double Q) Sums(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        Require.SameLength(q.Length, p.Length, nameof(q));
        return (Sum(p, nameof(p)), Sum(q, nameof(q)));
    }

    private static double Sum(ReadOnlySpan<double> weights, string name)
    {
        var sum = 0.0;
        foreach (var weight in weights)
        {
            Require.NotNegative(weight, name);
            sum += weight;
        }

        return sum > 0 && double.IsFinite(sum)
            ? sum
            : throw new ArgumentException("The weights must have a positive, finite sum.", name);
    }
}
