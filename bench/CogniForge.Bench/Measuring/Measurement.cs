namespace CogniForge.Bench.Measuring;

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
