using CogniForge.Bench.Load;

namespace CogniForge.Bench.Measuring;

/// <summary>All rounds of one contestant under one load.</summary>
/// <param name="Traffic">The load.</param>
/// <param name="Contestant">Who was measured.</param>
/// <param name="Rounds">The rounds, in their order.</param>
/// <param name="Baseline">The measurement of its baseline, round for round beside this one; null: it is one.</param>
internal sealed record Measurement(
    Traffic Traffic,
    Contestant Contestant,
    IReadOnlyList<Round> Rounds,
    Measurement? Baseline
)
{
    public Round Median { get; } = Round.Median(Rounds);

    /// <summary>How far the rounds lie apart: the fastest over the slowest, less one.</summary>
    public double Spread { get; } = (Rounds.Max(r => r.RequestsPerSecond) / Rounds.Min(r => r.RequestsPerSecond)) - 1;

    /// <summary>A figure as a multiple of another measurement's: the median of the rounds' own ratios, so that a disturbance that lasts longer than a pair cancels out.</summary>
    public double RatioTo(Measurement other, Func<Round, double> figure) =>
        Round.GetMedian(Rounds.Zip(other.Rounds), pair => figure(pair.First) / figure(pair.Second));

    /// <summary>By how much a figure is above another measurement's: the median of the rounds' own differences.</summary>
    public double Above(Measurement other, Func<Round, double> figure) =>
        Round.GetMedian(Rounds.Zip(other.Rounds), pair => figure(pair.First) - figure(pair.Second));
}
