namespace CogniForge.Bench.Measuring;

/// <summary>One round of one contestant.</summary>
internal sealed record Round(double RequestsPerSecond, double P50Microseconds, double P99Microseconds, double CpuMicroseconds, double GeneratorCpuMicroseconds, long Errors, string? FirstError)
{
    public static Round Median(IReadOnlyCollection<Round> rounds) => new(
        MedianOf(rounds, r => r.RequestsPerSecond),
        MedianOf(rounds, r => r.P50Microseconds),
        MedianOf(rounds, r => r.P99Microseconds),
        MedianOf(rounds, r => r.CpuMicroseconds),
        MedianOf(rounds, r => r.GeneratorCpuMicroseconds),
        rounds.Sum(r => r.Errors),
        rounds.Select(r => r.FirstError).FirstOrDefault(e => e is not null));

    public static double MedianOf<T>(IEnumerable<T> items, Func<T, double> figure)
    {
        var sorted = items.Select(figure).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>All rounds of one contestant at one number of connections.</summary>
/// <param name="Connections">The number of connections.</param>
/// <param name="Contestant">Who was measured.</param>
/// <param name="Rounds">The rounds, in their order.</param>
/// <param name="Baseline">The measurement of its baseline, round for round beside this one; null: it is one.</param>
internal sealed record Measurement(int Connections, Contestant Contestant, IReadOnlyList<Round> Rounds, Measurement? Baseline)
{
    public Round Median { get; } = Round.Median(Rounds);

    /// <summary>Requests per second as a share of the baseline's: the median of the rounds' own ratios, so that a disturbance that lasts longer than a pair cancels out.</summary>
    public double? Ratio { get; } = Baseline is null
        ? null
        : Round.MedianOf(Rounds.Zip(Baseline.Rounds), pair => pair.First.RequestsPerSecond / pair.Second.RequestsPerSecond);

    /// <summary>The server's CPU time per request as a multiple of the baseline's.</summary>
    public double? CpuRatio { get; } = Baseline is null
        ? null
        : Round.MedianOf(Rounds.Zip(Baseline.Rounds), pair => pair.First.CpuMicroseconds / pair.Second.CpuMicroseconds);

    /// <summary>How far the rounds lie apart: the fastest over the slowest, less one.</summary>
    public double Spread { get; } = (Rounds.Max(r => r.RequestsPerSecond) / Rounds.Min(r => r.RequestsPerSecond)) - 1;
}
