using CogniForge.Bench.Load;

namespace CogniForge.Bench.Measuring;

/// <summary>All rounds of one contestant under one load.</summary>
/// <param name="Traffic">The load.</param>
/// <param name="Contestant">The contestant.</param>
/// <param name="Rounds">The rounds, in order.</param>
/// <param name="Baseline">The baseline's measurement, round for round beside this one; null for a baseline.</param>
internal sealed record Measurement(
    Traffic Traffic,
    Contestant Contestant,
    IReadOnlyList<Round> Rounds,
    Measurement? Baseline
)
{
    public Round Median { get; } = Round.Median(Rounds);

    /// <summary>The spread of the rounds: the fastest divided by the slowest, minus one.</summary>
    public double Spread { get; } = (Rounds.Max(r => r.RequestsPerSecond) / Rounds.Min(r => r.RequestsPerSecond)) - 1;

    /// <summary>A figure as a multiple of another measurement's: the median of the ratios of each round.</summary>
    /// <remarks>A disturbance that lasts longer than a pair of measurements cancels out.</remarks>
    public double RatioTo(Measurement other, Func<Round, double> figure) =>
        Round.GetMedian(Rounds.Zip(other.Rounds), pair => figure(pair.First) / figure(pair.Second));

    /// <summary>
    /// The excess of a figure over another measurement's: the median of the differences of each round.
    /// </summary>
    public double Above(Measurement other, Func<Round, double> figure) =>
        Round.GetMedian(Rounds.Zip(other.Rounds), pair => figure(pair.First) - figure(pair.Second));
}
