namespace CogniForge.Bench.Measuring;

/// <summary>One round of one contestant.</summary>
/// <param name="RequestsPerSecond">Right answers per second.</param>
/// <param name="P50Microseconds">The median of their durations.</param>
/// <param name="P99Microseconds">The duration that 99 % of them do not exceed.</param>
/// <param name="FirstByteP50Microseconds">The median of the times after which the answers' bodies began: of a stream, its first event.</param>
/// <param name="FirstByteP99Microseconds">The time that 99 % of them do not exceed.</param>
/// <param name="CpuMicroseconds">The server's CPU time per request, user and system, with the work that it does after its answers.</param>
/// <param name="GeneratorCpuMicroseconds">The load generator's CPU time per request.</param>
/// <param name="Errors">How many requests failed.</param>
/// <param name="FirstError">What was wrong with one of them.</param>
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
    /// <summary>The median of each figure, and all errors.</summary>
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
