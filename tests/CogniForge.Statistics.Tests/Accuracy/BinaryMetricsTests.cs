using CogniForge.Statistics.Accuracy;

namespace CogniForge.Statistics.Tests.Accuracy;

public class BinaryMetricsTests
{
    private static readonly bool[] _isPositive = [.. Series.Uniform(500).Select(x => x < 0.3)];

    private static readonly double[] _scores =
    [
        .. Series
            .Uniform(500, 5)
            .Select((x, i) => Math.Clamp(Math.Round((0.5 * x) + (_isPositive[i] ? 0.35 : 0) + 0.1, 2), 0, 1)),
    ];

    // Expected: roc_auc_score, average_precision_score, log_loss and brier_score_loss of scikit-learn 1.2.1.
    [Fact]
    public void Metrics_Scores_EqualScikitLearn()
    {
        Approximately.Equal(0.9312, RankingMetrics.RocAuc(_isPositive, _scores), 1e-9);
        Approximately.Equal(0.8734995671293233, RankingMetrics.AveragePrecision(_isPositive, _scores), 1e-9);
        Approximately.Equal(0.4704483212719776, ProbabilityMetrics.LogLoss(_isPositive, _scores), 1e-9);
        Approximately.Equal(0.1494904, ProbabilityMetrics.BrierScore(_isPositive, _scores), 1e-9);
    }

    // Expected: the example of scikit-learn's documentation, and all scores equal.
    [Theory]
    [InlineData(new[] { 0.1, 0.4, 0.35, 0.8 }, 0.75, 0.8333333333333333)]
    [InlineData(new[] { 0.5, 0.5, 0.5, 0.5 }, 0.5, 0.5)]
    [InlineData(new[] { 0.1, 0.2, 0.8, 0.9 }, 1, 1)]
    [InlineData(new[] { 0.9, 0.8, 0.2, 0.1 }, 0, 0.41666666666666663)]
    public void Ranking_Scores_EqualsScikitLearn(double[] scores, double auc, double averagePrecision)
    {
        bool[] isPositive = [false, false, true, true];
        Approximately.Equal(auc, RankingMetrics.RocAuc(isPositive, scores), 1e-9);
        Approximately.Equal(averagePrecision, RankingMetrics.AveragePrecision(isPositive, scores), 1e-9);
    }

    // Expected: calibration_curve of scikit-learn 1.2.1, and the weighted gap of its bins.
    [Fact]
    public void Calibration_TenBins_EqualsScikitLearn()
    {
        var calibration = Calibration.FromPredictions(_isPositive, _scores)!;
        Approximately.Equal(0.24204, calibration.ExpectedError, 1e-9);
        long[] counts = [4, 59, 60, 73, 101, 115, 39, 20, 20, 9];
        Assert.Equal(counts, calibration.Bins.Select(bin => bin.Count));
        Approximately.Equal(0.22772277227722773, calibration.Bins[4].PositiveShare, 1e-9);
        Approximately.Equal(0.46059405940594056, calibration.Bins[4].MeanProbability, 1e-9);
        Approximately.Equal(1, calibration.Bins[9].PositiveShare, 1e-9);
        Approximately.Equal(0.9255555555555556, calibration.Bins[9].MeanProbability, 1e-9);
    }

    [Fact]
    public void Calibration_FiveBins_EqualsScikitLearn()
    {
        var calibration = Calibration.FromPredictions(_isPositive, _scores, 5)!;
        Approximately.Equal(0.24204, calibration.ExpectedError, 1e-9);
        Assert.Equal([63, 133, 216, 59, 29], calibration.Bins.Select(bin => bin.Count));
        Approximately.Equal(0.28703703703703703, calibration.Bins[2].PositiveShare, 1e-9);
    }

    [Fact]
    public void Calibration_EmptyBin_HasNoShare()
    {
        var calibration = Calibration.FromPredictions([true, false], [1, 0], 3)!;
        Assert.Equal(new CalibrationBin(1 / 3.0, 2 / 3.0, 0, null, null), calibration.Bins[1]);
        Assert.Equal(0, calibration.ExpectedError);
    }

    // Expected: log_loss of scikit-learn 1.2.1, which keeps probabilities 2⁻⁵² from 0 and 1.
    [Theory]
    [InlineData(new[] { 0, 1, 0.0 }, 12.014551129705717)]
    [InlineData(new[] { 0.2, 0.9, 0.6 }, 0.2797765635793423)]
    public void LogLoss_Probabilities_EqualsScikitLearn(double[] probabilities, double expected) =>
        Approximately.Equal(expected, ProbabilityMetrics.LogLoss([false, true, true], probabilities), 1e-9);

    // Expected: log_loss of scikit-learn 1.2.1 on softmax probabilities.
    [Fact]
    public void LogLoss_ThreeClasses_EqualsScikitLearn()
    {
        double[][] logits = [Series.Uniform(60, 2), Series.Uniform(60, 3), Series.Uniform(60, 5)];
        var probabilities = Enumerable
            .Range(0, 60)
            .SelectMany(row =>
            {
                var powers = logits.Select(column => Math.Exp(column[row] * 3)).ToList();
                return powers.Select(power => power / powers.Sum());
            });
        int[] classes = [.. Series.Uniform(60, 11).Select(x => (int)(x * 3))];
        Approximately.Equal(1.3104958599448264, ProbabilityMetrics.LogLoss(classes, [.. probabilities], 3), 1e-9);
    }

    [Fact]
    public void Metrics_NotEstimable_AreNull()
    {
        Assert.Null(RankingMetrics.RocAuc([true, true], [0.1, 0.2]));
        Assert.Null(RankingMetrics.RocAuc([false], [0.1]));
        Assert.Null(RankingMetrics.RocAuc([], []));
        Assert.Null(RankingMetrics.AveragePrecision([false], [0.1]));
        Assert.Equal(1, RankingMetrics.AveragePrecision([true], [0.1]));
        Assert.Null(ProbabilityMetrics.LogLoss([], []));
        Assert.Null(ProbabilityMetrics.LogLoss([], [], 2));
        Assert.Null(ProbabilityMetrics.BrierScore([], []));
        Assert.Null(Calibration.FromPredictions([], []));
    }

    [Fact]
    public void RocAuc_MillionRows_EqualsExpectation()
    {
        var scores = Series.Uniform(1_000_000);
        Approximately.Equal(
            0.7,
            RankingMetrics.RocAuc([.. scores.Select((s, i) => i % 2 == 0)], [.. scores.Select(Shifted)]),
            0.01
        );

        // Uniform on [0, 1] against uniform on [0.2254, 1.2254]: P = 1 − (1 − 0.2254)²/2 = 0.7.
        static double Shifted(double score, int i) => score + (i % 2 == 0 ? 0.2254 : 0);
    }

    [Fact]
    public void Metrics_OutOfRange_NameTheParameter()
    {
        Assert.Throws<ArgumentException>("scores", () => RankingMetrics.RocAuc([true], []));
        Assert.Throws<ArgumentException>("scores", () => RankingMetrics.RocAuc([true], [double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>("probabilities", () => ProbabilityMetrics.LogLoss([true], [1.1]));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => ProbabilityMetrics.LogLoss([2], [0.5, 0.5], 2));
        Assert.Throws<ArgumentException>("probabilities", () => ProbabilityMetrics.LogLoss([1], [0.5], 2));
        Assert.Throws<ArgumentOutOfRangeException>("binCount", () => Calibration.FromPredictions([true], [1], 0));
    }
}
