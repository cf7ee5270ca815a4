namespace CogniForge.Statistics.Drift;

/// <summary>How two samples of a feature are compared.</summary>
public enum DriftTest
{
    /// <summary>p-value of the two-sample Kolmogorov–Smirnov test, for numbers.</summary>
    KolmogorovSmirnov,

    /// <summary>p-value of the χ² test.</summary>
    ChiSquare,

    /// <summary>p-value of the two-proportion z-test, for at most two distinct values.</summary>
    ProportionZ,

    /// <summary>Wasserstein-1 distance in standard deviations of the reference, for numbers.</summary>
    Wasserstein,

    /// <summary>Jensen–Shannon distance with natural logarithms.</summary>
    JensenShannon,

    /// <summary>Population stability index.</summary>
    PopulationStabilityIndex,

    /// <summary>Kullback–Leibler divergence KL(reference | current), in nats.</summary>
    KullbackLeibler,

    /// <summary>Hellinger distance.</summary>
    Hellinger,

    /// <summary>Total variation distance.</summary>
    TotalVariation,
}
