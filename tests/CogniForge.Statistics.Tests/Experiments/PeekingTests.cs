using CogniForge.Statistics.Experiments;

namespace CogniForge.Statistics.Tests.Experiments;

/// <summary>Simulated A/A tests, looked at after every observation, and simulated traffic splits.</summary>
public class PeekingTests
{
    private const int Runs = 2_000;
    private const int Units = 1_000;
    private const double Alpha = 0.05;

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.02)]
    public void AlwaysValid_PeekingAtRates_StaysUnderAlpha(double rate)
    {
        var falsePositives = Simulate(random => random.NextDouble() < rate ? 1 : 0, isBinary: true, AlwaysValid);
        Assert.InRange(falsePositives, 0, Alpha);
    }

    [Fact]
    public void AlwaysValid_PeekingAtSkewedMeans_StaysUnderAlpha()
    {
        var falsePositives = Simulate(random => -Math.Log(1 - random.NextDouble()), isBinary: false, AlwaysValid);
        Assert.InRange(falsePositives, 0, Alpha);
    }

    [Fact]
    public void Welch_PeekingAtMeans_ExceedsAlpha()
    {
        // The reason for the always-valid test, and the proof that the simulation would show a failure.
        var falsePositives = Simulate(random => random.NextDouble(), isBinary: false, FixedHorizon);
        Assert.InRange(falsePositives, 4 * Alpha, 1);
    }

    [Fact]
    public void AlwaysValid_TrueEffect_IsDetected()
    {
        var random = new Random(5);
        var detected = 0;
        for (var run = 0; run < 200; run++)
        {
            var (control, treatment) = (0, 0);
            for (var unit = 0; unit < 5_000; unit++)
            {
                control += random.NextDouble() < 0.1 ? 1 : 0;
                treatment += random.NextDouble() < 0.15 ? 1 : 0;
            }

            var test = SequentialTest.Compare(
                SampleMoments.FromSuccesses(control, 5_000),
                SampleMoments.FromSuccesses(treatment, 5_000)
            )!;
            detected += test.PValue <= Alpha && test.Interval.Lower > 0 ? 1 : 0;
        }

        Assert.InRange(detected, 198, 200);
    }

    [Fact]
    public void SampleRatio_FortyFiveToFiftyFive_IsMismatch()
    {
        var random = new Random(6);
        for (var run = 0; run < 1_000; run++)
        {
            Assert.True(CheckSplit(random, 0.45).IsMismatch);
        }
    }

    [Fact]
    public void SampleRatio_EvenSplit_RarelyIsMismatch()
    {
        var random = new Random(7);
        var alarms = Enumerable.Range(0, 2_000).Count(_ => CheckSplit(random, 0.5).IsMismatch);
        Assert.InRange(alarms, 0, 8); // 2 expected at the threshold 0.001
    }

    private static SampleRatioResult CheckSplit(Random random, double share)
    {
        var first = 0L;
        for (var unit = 0; unit < 5_000; unit++)
        {
            first += random.NextDouble() < share ? 1 : 0;
        }

        return SampleRatio.Check([first, 5_000 - first], [0.5, 0.5])!;
    }

    private static bool AlwaysValid(SampleMoments control, SampleMoments treatment) =>
        SequentialTest.Compare(control, treatment, Alpha) is { PValue: <= Alpha };

    private static bool FixedHorizon(SampleMoments control, SampleMoments treatment) =>
        Effects.Difference(control, treatment) is { } difference
        && Math.Abs(difference.Effect / difference.StandardError) > 1.959964;

    private static double Simulate(
        Func<Random, double> draw,
        bool isBinary,
        Func<SampleMoments, SampleMoments, bool> isSignificant
    )
    {
        var random = new Random(42);
        var falsePositives = 0;
        for (var run = 0; run < Runs; run++)
        {
            falsePositives += Run(random, draw, isBinary, isSignificant) ? 1 : 0;
        }

        return (double)falsePositives / Runs;
    }

    private static bool Run(
        Random random,
        Func<Random, double> draw,
        bool isBinary,
        Func<SampleMoments, SampleMoments, bool> isSignificant
    )
    {
        var counts = new long[2];
        var sums = new double[2];
        var squares = new double[2];
        for (var unit = 0; unit < Units; unit++)
        {
            var arm = random.Next(2);
            var value = draw(random);
            counts[arm]++;
            sums[arm] += value;
            squares[arm] += value * value;
            if (isSignificant(Moments(0), Moments(1)))
            {
                return true;
            }
        }

        return false;

        SampleMoments Moments(int arm) =>
            isBinary
                ? SampleMoments.FromSuccesses((long)sums[arm], counts[arm])
                : SampleMoments.FromSums(counts[arm], sums[arm], squares[arm]);
    }
}
