namespace CogniForge.Statistics.Experiments;

/// <summary>CUPED: reduces variance by a covariate that was measured before the experiment.</summary>
/// <remarks>
/// Source: Deng, Xu, Kohavi and Walker, <i>Improving the Sensitivity of Online Controlled Experiments by Utilizing
/// Pre-Experiment Data</i> (WSDM 2013). As in GrowthBook, θ is cov(Y, X)/var(X) of all arms joined. Pure.
/// </remarks>
public static class Cuped
{
    /// <summary>Adjusts the outcomes of all arms with one θ: Y′ = Y − θ(X − mean of X over all arms).</summary>
    /// <remarks>Centring keeps means on the outcome's scale, so that lifts stay meaningful.</remarks>
    /// <param name="arms">The moments of each arm, at least one arm.</param>
    /// <returns>The adjusted arms; null (not estimable) when outcome or covariate do not vary.</returns>
    /// <exception cref="ArgumentException"><paramref name="arms"/> is empty.</exception>
    public static CupedResult? Adjust(IReadOnlyList<CovariateMoments> arms)
    {
        if (arms.Count == 0)
        {
            throw new ArgumentException("There must be at least one arm.", nameof(arms));
        }

        var filled = arms.Where(arm => arm.Outcome.Count > 0).ToList();
        double count = filled.Sum(arm => arm.Outcome.Count);
        var meanY = filled.Sum(arm => arm.Outcome.Mean!.Value * (arm.Outcome.Count / count));
        var meanX = filled.Sum(arm => arm.Covariate.Mean!.Value * (arm.Covariate.Count / count));
        var (squaresY, squaresX, products) = (0.0, 0.0, 0.0);
        foreach (var arm in filled)
        {
            var n = arm.Outcome.Count;
            var (y, x) = (arm.Outcome.Mean!.Value - meanY, arm.Covariate.Mean!.Value - meanX);
            squaresY += ((n - 1) * (arm.Outcome.Variance ?? 0)) + (n * y * y);
            squaresX += ((n - 1) * (arm.Covariate.Variance ?? 0)) + (n * x * x);
            products += ((n - 1) * (arm.Covariance ?? 0)) + (n * x * y);
        }

        if (!(squaresX > 0 && squaresY > 0))
        {
            return null;
        }

        var theta = products / squaresX;
        var remaining = Math.Clamp(1 - (theta * (products / squaresY)), 0, 1);
        return new CupedResult(theta, [.. arms.Select(arm => Adjust(arm, theta, meanX))], remaining);
    }

    private static SampleMoments Adjust(CovariateMoments arm, double theta, double meanX) =>
        arm.Outcome.Count == 0
            ? default
            : new SampleMoments(
                arm.Outcome.Count,
                arm.Outcome.Mean!.Value - (theta * (arm.Covariate.Mean!.Value - meanX)),
                Math.Max(
                    0,
                    (arm.Outcome.Variance ?? 0)
                        + (theta * theta * (arm.Covariate.Variance ?? 0))
                        - (2 * theta * (arm.Covariance ?? 0))
                )
            );
}
