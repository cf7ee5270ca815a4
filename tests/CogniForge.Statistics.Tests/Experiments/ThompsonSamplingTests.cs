using CogniForge.Statistics.Experiments;

namespace CogniForge.Statistics.Tests.Experiments;

public class ThompsonSamplingTests
{
    // Expected: scipy.integrate.quad over the products of scipy.stats.beta, SciPy 1.10.1.
    public static TheoryData<double[][], double[]> BetaCases => new()
    {
        { [[201, 801], [251, 751]], [0.0037166708695597715, 0.9962833291304363] },
        { [[1, 1], [1, 1], [1, 1]], [1 / 3.0, 1 / 3.0, 1 / 3.0] },
        {
            [[11, 91], [15, 87], [3, 9], [100, 900]],
            [0.03765224547527023, 0.1914873691051727, 0.7661314186463352, 0.004728966773221796]
        },
        { [[0.5, 0.5], [2.5, 1.5]], [0.40993672148435234, 0.59006327] },
        {
            [[50001, 950001], [50301, 949701], [3, 40]],
            [0.05855531208426913, 0.2962778018730199, 0.6451668860425651]
        },
    };

    [Theory]
    [MemberData(nameof(BetaCases))]
    public void ChanceToBeBest_Rates_EqualsScipy(double[][] arms, double[] expected)
    {
        var chances = ThompsonSampling.ChanceToBeBest([.. arms.Select(arm => new BetaPosterior(arm[0], arm[1]))]);
        Assert.Equal(expected.Length, chances.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Approximately.Equal(expected[i], chances[i], 1e-7);
        }
    }

    // Expected: scipy.integrate.quad over the products of scipy.stats.norm, SciPy 1.10.1.
    public static TheoryData<double[][], double[]> NormalCases => new()
    {
        { [[0, 1], [1, 2]], [0.3273604230092886, 0.6726395769907115] },
        { [[10, 0.1], [10.05, 0.3], [9, 2]], [0.304389795690471, 0.41243997876943644, 0.28317022554009186] },
        { [[0, 0.001], [0, 1000]], [0.5, 0.5] },
    };

    [Theory]
    [MemberData(nameof(NormalCases))]
    public void ChanceToBeBest_Means_EqualsScipy(double[][] arms, double[] expected)
    {
        var chances = ThompsonSampling.ChanceToBeBest([.. arms.Select(arm => new NormalPosterior(arm[0], arm[1]))]);
        for (var i = 0; i < expected.Length; i++)
        {
            Approximately.Equal(expected[i], chances[i], 1e-9);
        }
    }

    [Fact]
    public void ChanceToBeBest_OneArm_IsCertain() =>
        Assert.Equal([1.0], ThompsonSampling.ChanceToBeBest([new BetaPosterior(3, 4)]));

    [Fact]
    public void Choose_ManyDraws_ApproachChances()
    {
        BetaPosterior[] arms = [new(11, 91), new(15, 87), new(3, 9)];
        var chances = ThompsonSampling.ChanceToBeBest(arms);
        var random = new Random(11);
        var chosen = new int[arms.Length];
        for (var i = 0; i < 20_000; i++)
        {
            chosen[ThompsonSampling.Choose(arms, random)]++;
        }

        for (var i = 0; i < arms.Length; i++)
        {
            Assert.Equal(chances[i], chosen[i] / 20_000.0, 0.015);
        }
    }

    [Fact]
    public void Choose_SameSeed_RepeatsTheChoices()
    {
        NormalPosterior[] arms = [new(1, 1), new(1.1, 1), new(0.9, 2)];
        Assert.Equal(Draw(), Draw());

        int[] Draw()
        {
            var random = new Random(3);
            return [.. Enumerable.Range(0, 100).Select(_ => ThompsonSampling.Choose(arms, random))];
        }
    }

    [Fact]
    public void Choose_Bandit_FindsTheBestArm()
    {
        double[] rates = [0.05, 0.1, 0.2];
        var (wins, pulls) = (new int[3], new int[3]);
        var random = new Random(8);
        for (var i = 0; i < 5_000; i++)
        {
            var arms = rates.Select((_, arm) => BetaPosterior.FromCounts(wins[arm], pulls[arm] - wins[arm]));
            var choice = ThompsonSampling.Choose([.. arms], random);
            pulls[choice]++;
            wins[choice] += random.NextDouble() < rates[choice] ? 1 : 0;
        }

        Assert.InRange(pulls[2], 4_000, 5_000);
    }

    [Fact]
    public void Allocate_Floor_KeepsEveryArm()
    {
        var shares = ThompsonSampling.Allocate([0, 0.25, 0.75], 0.1);
        Approximately.Equal(0.1, shares[0], 1e-12);
        Approximately.Equal(0.275, shares[1], 1e-12);
        Approximately.Equal(0.625, shares[2], 1e-12);
    }

    [Fact]
    public void Update_Prior_WeighsByPrecision()
    {
        // Precisions 1/0.09 and 1/0.01: mean 0.2·100/(100 + 11.1), as GrowthBook's default prior N(0, 0.3²) on lift.
        var posterior = new NormalPosterior(0, 0.3).Update(new EffectEstimate(0.2, 0.1));
        Approximately.Equal(0.18, posterior.Mean, 1e-12);
        Approximately.Equal(0.09486832980505137, posterior.StandardDeviation, 1e-12);
        Approximately.Equal(0.97111, posterior.ChanceAboveZero, 1e-4);
    }

    [Fact]
    public void FromMoments_NotEstimable_IsNull()
    {
        Assert.Null(NormalPosterior.FromMoments(new SampleMoments(1, 2, 0)));
        Assert.Null(NormalPosterior.FromMoments(new SampleMoments(5, 2, 0)));
    }

    [Fact]
    public void Functions_OutOfRange_NameTheParameter()
    {
        Assert.Throws<ArgumentOutOfRangeException>("alpha", () => new BetaPosterior(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("failures", () => BetaPosterior.FromCounts(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>("standardDeviation", () => new NormalPosterior(0, 0));
        Assert.Throws<ArgumentException>("arms", () => ThompsonSampling.ChanceToBeBest(Array.Empty<BetaPosterior>()));
        Assert.Throws<ArgumentOutOfRangeException>("minimumShare", () => ThompsonSampling.Allocate([0.5, 0.5], 0.6));
    }
}
