using System.Text.Json.Serialization;
using CogniForge.Statistics.Drift;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>How drift is detected; the tests and thresholds by default are Evidently's.</summary>
/// <param name="Version">Only predictions of this version are compared. Default: of all versions.</param>
/// <param name="WindowHours">The hours before an evaluation that are compared, 1 to 8,760. Default: 24.</param>
/// <param name="MinRows">The rows from which on the window is compared, 1 to 10,000. Default: 100.</param>
/// <param name="NumericTest">
/// The test of numbers, any but proportionZ, chiSquare and totalVariation. Default: by the data.
/// </param>
/// <param name="CategoricalTest">
/// The test of categories, any but proportionZ, kolmogorovSmirnov and wasserstein. Default: by the data.
/// </param>
/// <param name="PValueThreshold">The p-value below which a column drifted, above 0 and below 1. Default: 0.05.</param>
/// <param name="DistanceThreshold">The distance from which on a column drifted, above 0. Default: 0.1.</param>
/// <param name="DriftedShare">The share of drifted columns from which on the model drifted. Default: 0.5.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DriftSettings(
    int? Version = null,
    int WindowHours = 24,
    int MinRows = 100,
    DriftTest? NumericTest = null,
    DriftTest? CategoricalTest = null,
    double PValueThreshold = 0.05,
    double DistanceThreshold = 0.1,
    double DriftedShare = 0.5
)
{
    public DriftOptions GetOptions(DriftTest? test) =>
        new()
        {
            Test = test,
            PValueThreshold = PValueThreshold,
            DistanceThreshold = DistanceThreshold,
        };
}
