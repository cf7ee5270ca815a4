using MathNet.Numerics.Distributions;

namespace CogniForge.Statistics.Experiments;

/// <summary>Thompson sampling: traffic goes to an arm as often as it is likely to be the best.</summary>
/// <remarks>
/// Source: Russo et al., <i>A Tutorial on Thompson Sampling</i> (Foundations and Trends in Machine Learning 11(1),
/// 2018). Pure but for the generator; the highest value is the best.
/// </remarks>
public static class ThompsonSampling
{
    /// <summary>Draws a rate for each arm and chooses the highest.</summary>
    /// <param name="arms">The posterior of each arm's rate, at least one arm.</param>
    /// <param name="random">The generator; not thread-safe unless it is <see cref="Random.Shared"/>.</param>
    /// <returns>Index of the arm.</returns>
    /// <exception cref="ArgumentException"><paramref name="arms"/> is empty.</exception>
    public static int Choose(ReadOnlySpan<BetaPosterior> arms, Random random)
    {
        RequireArms(arms.Length);
        var (best, highest) = (0, double.NegativeInfinity);
        for (var i = 0; i < arms.Length; i++)
        {
            var draw = Beta.Sample(random, arms[i].Alpha, arms[i].Beta);
            (best, highest) = draw > highest ? (i, draw) : (best, highest);
        }

        return best;
    }

    /// <summary>Draws a mean for each arm and chooses the highest.</summary>
    /// <param name="arms">The posterior of each arm's mean, at least one arm.</param>
    /// <param name="random">The generator; not thread-safe unless it is <see cref="Random.Shared"/>.</param>
    /// <returns>Index of the arm.</returns>
    /// <exception cref="ArgumentException"><paramref name="arms"/> is empty.</exception>
    public static int Choose(ReadOnlySpan<NormalPosterior> arms, Random random)
    {
        RequireArms(arms.Length);
        var (best, highest) = (0, double.NegativeInfinity);
        for (var i = 0; i < arms.Length; i++)
        {
            var draw = Normal.Sample(random, arms[i].Mean, arms[i].StandardDeviation);
            (best, highest) = draw > highest ? (i, draw) : (best, highest);
        }

        return best;
    }

    /// <summary>The probability of each arm to have the highest rate, by quadrature.</summary>
    /// <param name="arms">The posterior of each arm's rate, at least one arm.</param>
    /// <returns>One probability per arm, which sum to 1; accurate to about 1e-9.</returns>
    /// <exception cref="ArgumentException"><paramref name="arms"/> is empty.</exception>
    public static double[] ChanceToBeBest(ReadOnlySpan<BetaPosterior> arms)
    {
        RequireArms(arms.Length);
        var copy = arms.ToArray();

        // At x = sin²θ the density has no poles, and its width 1/(2√(α+β)) does not depend on the rate.
        return BestArm.Probabilities(
            [.. copy.Select(arm => Math.Asin(Math.Sqrt(arm.Mean)))],
            [.. copy.Select(arm => 0.5 / Math.Sqrt(arm.Alpha + arm.Beta))],
            (0, Math.PI / 2),
            (i, angle) => BetaAngle.Density(copy[i], angle),
            (i, angle) => BetaAngle.Cumulative(copy[i], angle)
        );
    }

    /// <summary>The probability of each arm to have the highest mean, by quadrature.</summary>
    /// <param name="arms">The posterior of each arm's mean, at least one arm.</param>
    /// <returns>One probability per arm, which sum to 1; accurate to about 1e-9.</returns>
    /// <exception cref="ArgumentException"><paramref name="arms"/> is empty.</exception>
    public static double[] ChanceToBeBest(ReadOnlySpan<NormalPosterior> arms)
    {
        RequireArms(arms.Length);
        var copy = arms.ToArray();
        return BestArm.Probabilities(
            [.. copy.Select(arm => arm.Mean)],
            [.. copy.Select(arm => arm.StandardDeviation)],
            (double.NegativeInfinity, double.PositiveInfinity),
            (i, x) => Normal.PDF(copy[i].Mean, copy[i].StandardDeviation, x),
            (i, x) => Distributions.NormalCdf((x - copy[i].Mean) / copy[i].StandardDeviation)
        );
    }

    /// <summary>Traffic shares from chances to be best, with a floor so that each arm goes on being observed.</summary>
    /// <param name="chances">The chance of each arm, each at least 0, of sum 1.</param>
    /// <param name="minimumShare">Smallest share of an arm, from 0 to 1 / number of arms.</param>
    /// <returns>One share per arm, of sum 1: floor + (1 − k·floor)·chance.</returns>
    /// <exception cref="ArgumentException"><paramref name="chances"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double[] Allocate(ReadOnlySpan<double> chances, double minimumShare = 0)
    {
        RequireArms(chances.Length);
        if (!(minimumShare >= 0 && minimumShare * chances.Length <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(minimumShare),
                minimumShare,
                $"The share must be from 0 to 1/{chances.Length}."
            );
        }

        var shares = new double[chances.Length];
        for (var i = 0; i < shares.Length; i++)
        {
            Require.Probability(chances[i], nameof(chances));
            shares[i] = minimumShare + ((1 - (minimumShare * chances.Length)) * chances[i]);
        }

        return shares;
    }

    private static void RequireArms(int arms)
    {
        if (arms == 0)
        {
            throw new ArgumentException("There must be at least one arm.", nameof(arms));
        }
    }
}
