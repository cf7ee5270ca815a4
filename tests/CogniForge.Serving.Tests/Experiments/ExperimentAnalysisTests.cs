using CogniForge.Serving.Experiments;

namespace CogniForge.Serving.Tests.Experiments;

public class ExperimentAnalysisTests
{
    private static readonly ExperimentMetric _bought = new("bought", MetricKind.Binary);
    private static readonly ExperimentMetric _failed = new(
        "failed",
        MetricKind.Binary,
        MetricDirection.Decrease,
        Tolerance: 0.01
    );

    // Expected: SciPy 1.10.1 and statsmodels 0.13.5 for 200/1000 against 250/1000.
    [Fact]
    public void Analyze_Rates_EqualStatsmodels()
    {
        var results = Analyze(Rate("control", 200, 1000), Rate("new", 250, 1000));
        var difference = results.Metrics[0].Variants[1].Comparison!.Difference!;
        Assert.Equal(0.05, difference.Effect, 1e-9);
        Assert.Equal(0.0074196, difference.PValue, 1e-6);
        Assert.Equal((0.0134636, 0.0865364), (difference.Lower, difference.Upper), Within(1e-6));
        Assert.Equal(VerdictDecision.Undecided, results.Verdict.Decision);
    }

    [Fact]
    public void Analyze_ClearDifference_NamesTheWinner()
    {
        var better = Analyze(Rate("control", 200, 1000), Rate("new", 320, 1000));
        Assert.Equal((VerdictDecision.Winner, "new"), (better.Verdict.Decision, better.Verdict.Variant));
        var worse = Analyze(Rate("control", 320, 1000), Rate("new", 200, 1000));
        Assert.Equal((VerdictDecision.Winner, "control"), (worse.Verdict.Decision, worse.Verdict.Variant));
    }

    [Fact]
    public void Analyze_SampleRatioMismatch_BlocksTheVerdict()
    {
        var results = Analyze(Rate("control", 180, 900), Rate("new", 700, 1100));
        Assert.True(results.SampleRatio!.IsMismatch);
        Assert.Equal(VerdictDecision.SampleRatioMismatch, results.Verdict.Decision);
    }

    [Fact]
    public void Analyze_TooFewUnits_IsUndecided()
    {
        var results = Analyze(Rate("control", 0, 99), Rate("new", 99, 99));
        Assert.Equal(VerdictDecision.Undecided, results.Verdict.Decision);
        Assert.Contains("fewer than 100", results.Verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1000, true)] // rates without variance
    [InlineData(20, 80, true)]
    [InlineData(20, 25, false)]
    [InlineData(80, 20, false)]
    public void FindHarm_FailureRates_FindsOnlyCertainHarm(int control, int variant, bool isHarmful)
    {
        var settings = Settings() with { GuardRails = [_failed] };
        var summary = Summarize(
            Rate("control", control, 1000) with { Metric = "failed" },
            Rate("new", variant, 1000) with { Metric = "failed" }
        );
        Assert.Equal(isHarmful ? "new" : null, ExperimentAnalysis.FindHarm(settings, summary)?.Variant);
    }

    [Fact]
    public void FindHarm_WithinTolerance_FindsNone()
    {
        var tolerant = Settings() with { GuardRails = [_failed with { Tolerance = 0.2 }] };
        var summary = Summarize(
            Rate("control", 20, 1000) with { Metric = "failed" },
            Rate("new", 80, 1000) with { Metric = "failed" }
        );
        Assert.Null(ExperimentAnalysis.FindHarm(tolerant, summary));
    }

    [Fact]
    public void Analyze_CovariateThatExplains_NarrowsTheInterval()
    {
        // Correlation 0.9: 19 % of the variance remains.
        MetricSummary Spent(string variant, double mean) => new(variant, "bought", 500, mean, 100, 50, 100, 90);
        var settings = Settings() with { PrimaryMetric = _bought with { Kind = MetricKind.Continuous } };
        var comparison = Analyze(settings, Spent("control", 50), Spent("new", 51)).Metrics[0].Variants[1].Comparison!;
        Assert.True(comparison.Difference!.PValue > 0.05);
        Assert.True(comparison.Cuped!.PValue < 0.001);
        Assert.Equal(0.19, comparison.Cuped.VarianceRemaining, 0.01);
        Assert.Equal(comparison.Difference.Effect, comparison.Cuped.Effect, 1e-9);
    }

    [Fact]
    public void Allocate_BetterVariant_GetsMoreUnits()
    {
        var settings = Settings() with { Allocation = AllocationKind.Thompson };
        var shares = ExperimentAnalysis.Allocate(
            settings,
            Summarize(Rate("control", 200, 1000), Rate("new", 300, 1000))
        )!;
        Assert.Equal(0.05, shares[0], 0.001);
        Assert.Equal(0.95, shares[1], 0.001);

        var lower = settings with { PrimaryMetric = _bought with { Direction = MetricDirection.Decrease } };
        Assert.Equal(
            0.95,
            ExperimentAnalysis.Allocate(lower, Summarize(Rate("control", 200, 1000), Rate("new", 300, 1000)))![0],
            0.001
        );
        Assert.Null(ExperimentAnalysis.Allocate(settings, Summarize(Rate("control", 2, 10), Rate("new", 3, 10))));
    }

    private static ExperimentSettings Settings() =>
        new() { Variants = [new("control", 1), new("new", 2)], PrimaryMetric = _bought };

    private static MetricSummary Rate(string variant, int successes, int count)
    {
        var rate = (double)successes / count;
        return new(variant, "bought", count, rate, rate * (1 - rate) * count / (count - 1), null, null, null);
    }

    private static ExperimentSummary Summarize(params MetricSummary[] metrics) =>
        new([.. metrics.Select(m => new VariantUnits(m.Variant, m.Count))], 0, metrics);

    private static ExperimentResults Analyze(params MetricSummary[] metrics) => Analyze(Settings(), metrics);

    private static ExperimentResults Analyze(ExperimentSettings settings, params MetricSummary[] metrics) =>
        ExperimentAnalysis.Analyze(
            Experiment.Create("test", "model", settings, TestTime.Start),
            Summarize(metrics)
        );

    private static EqualityComparer<(double, double)> Within(double tolerance) =>
        EqualityComparer<(double, double)>.Create(
            (a, b) => Math.Abs(a.Item1 - b.Item1) < tolerance && Math.Abs(a.Item2 - b.Item2) < tolerance
        );
}
