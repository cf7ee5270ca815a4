using System.Diagnostics.Metrics;

namespace CogniForge.Llm.Telemetry;

/// <summary>The buckets of histograms; those of calls and tokens are OpenTelemetry's recommendation.</summary>
internal static class HistogramBuckets
{
    private static readonly double[] _seconds =
    [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    private static readonly long[] _tokens =
    [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    public static InstrumentAdvice<double> Seconds { get; } = new() { HistogramBucketBoundaries = _seconds };

    public static InstrumentAdvice<long> Tokens { get; } = new() { HistogramBucketBoundaries = _tokens };

    public static InstrumentAdvice<double> Overhead { get; } =
        new()
        {
            HistogramBucketBoundaries = [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
        };
}
