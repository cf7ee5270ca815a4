namespace CogniForge.Serving.Metrics.Usage;

/// <summary>The usage of a version as the database returns it.</summary>
internal sealed record UsageRow
{
    public int Version { get; init; }
    public long Requests { get; init; }
    public long Rows { get; init; }
    public long Tokens { get; init; }
    public long Timed { get; init; }
    public double? Mean { get; init; }
    public double? Min { get; init; }
    public double? Max { get; init; }
    public double[]? Percentiles { get; init; }

    public VersionUsage ToUsage() =>
        new(
            Version,
            Requests,
            Rows,
            Tokens,
            (Mean ?? 0) * Timed / 1_000,
            Percentiles is [var p50, var p90, var p95, var p99]
                ? new((int)Timed, Mean!.Value, Min!.Value, p50, p90, p95, p99, Max!.Value)
                : null
        );
}
