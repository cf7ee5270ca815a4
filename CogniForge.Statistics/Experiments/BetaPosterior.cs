namespace CogniForge.Statistics.Experiments;

/// <summary>What is known of a success rate: a Beta distribution.</summary>
public readonly record struct BetaPosterior
{
    /// <summary>Creates a Beta distribution.</summary>
    /// <param name="alpha">Successes plus the prior's, at least 0.5.</param>
    /// <param name="beta">Failures plus the prior's, at least 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is below 0.5 or not finite.</exception>
    public BetaPosterior(double alpha, double beta)
    {
        RequireShape(alpha, nameof(alpha));
        RequireShape(beta, nameof(beta));
        (Alpha, Beta) = (alpha, beta);
    }

    /// <summary>First shape parameter.</summary>
    public double Alpha { get; }

    /// <summary>Second shape parameter.</summary>
    public double Beta { get; }

    /// <summary>Mean of the rate, in (0, 1).</summary>
    public double Mean => Alpha / (Alpha + Beta);

    /// <summary>The posterior after trials, from the uniform prior Beta(1, 1) unless another is given.</summary>
    /// <param name="successes">Number of successes, at least 0.</param>
    /// <param name="failures">Number of failures, at least 0.</param>
    /// <param name="priorAlpha">First parameter of the prior, at least 0.5 (Jeffreys' prior).</param>
    /// <param name="priorBeta">Second parameter of the prior, at least 0.5.</param>
    /// <returns>The posterior.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static BetaPosterior FromCounts(long successes, long failures, double priorAlpha = 1, double priorBeta = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        RequireShape(priorAlpha, nameof(priorAlpha));
        RequireShape(priorBeta, nameof(priorBeta));
        return new BetaPosterior(priorAlpha + successes, priorBeta + failures);
    }

    private static void RequireShape(double value, string name)
    {
        if (!(value >= 0.5 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "The parameter must be at least 0.5 and finite.");
        }
    }
}
