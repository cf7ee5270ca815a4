namespace CogniForge.Statistics.Drift;

/// <summary>How drift is detected; the defaults are Evidently's.</summary>
public sealed record DriftOptions
{
    /// <summary>The test; null chooses it by type, number of distinct values and size of the reference.</summary>
    public DriftTest? Test { get; init; }

    /// <summary>Up to as many reference rows, the choice is a test with a p-value, above it a distance.</summary>
    public int MaxRowsForPValue { get; init; } = 1_000;

    /// <summary>Up to as many distinct values of both samples, a number is treated as a category.</summary>
    public int MaxCategoricalValues { get; init; } = 5;

    /// <summary>The p-value below which tests report drift, in (0, 1).</summary>
    public double PValueThreshold { get; init; } = 0.05;

    /// <summary>The distance from which on distances report drift, positive.</summary>
    public double DistanceThreshold { get; init; } = 0.1;
}
