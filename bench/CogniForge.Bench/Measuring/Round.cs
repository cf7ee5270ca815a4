namespace CogniForge.Bench.Measuring;

/// <summary>One round of one contestant.</summary>
/// <param name="RequestsPerSecond">Correct responses per second.</param>
/// <param name="P50Microseconds">The median latency.</param>
/// <param name="P99Microseconds">The 99th percentile of the latency.</param>
/// <param name="FirstByteP50Microseconds">The median time to the body's first byte; in a stream, to its first
/// event.</param>
/// <param name="FirstByteP99Microseconds">The 99th percentile of that time.</param>
/// <param name="CpuMicroseconds">The server's CPU time per request, user and system, including work after the
/// response.</param>
/// <param name="GeneratorCpuMicroseconds">The load generator's CPU time per request.</param>
/// <param name="Errors">The number of failed requests.</param>
/// <param name="FirstError">The reason for one of the failures.</param>
internal sealed record Round(
    double RequestsPerSecond,
    double P50Microseconds,
    double P99Microseconds,
    double FirstByteP50Microseconds,
    double FirstByteP99Microseconds,
    double CpuMicroseconds,
    double GeneratorCpuMicroseconds,
    long Errors,
    string? FirstError
)
{
    /// <summary>The median of each figure, and the sum of the errors.</summary>
    public static Round Median(IReadOnlyCollection<Round> rounds) =>
        new(
            GetMedian(rounds, r => r.RequestsPerSecond),
            GetMedian(rounds, r => r.P50Microseconds),
            GetMedian(rounds, r => r.P99Microseconds),
            GetMedian(rounds, r => r.FirstByteP50Microseconds),
            GetMedian(rounds, r => r.FirstByteP99Microseconds),
            GetMedian(rounds, r => r.CpuMicroseconds),
            GetMedian(rounds, r => r.GeneratorCpuMicroseconds),
            rounds.Sum(r => r.Errors),
            rounds.Select(r => r.FirstError).FirstOrDefault(e => e is not null)
        );

    public static double GetMedian<T>(IEnumerable<T> items, Func<T, double> figure)
    {
        var sorted = items.Select(figure).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
