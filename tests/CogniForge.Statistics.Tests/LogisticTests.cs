namespace CogniForge.Statistics.Tests;

public class LogisticTests
{
    // Expected: 1/(1+e^-x) to 50 decimal digits (Python's decimal), rounded once to a double.
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.6224593312018546)]
    [InlineData(1, 0.7310585786300049)]
    [InlineData(-1, 0.2689414213699951)]
    [InlineData(2, 0.8807970779778824)]
    [InlineData(10, 0.9999546021312976)]
    [InlineData(-10, 4.5397868702434395e-05)]
    [InlineData(-40, 4.248354255291589e-18)]
    [InlineData(-700, 9.85967654375977e-305)]
    public void Sigmoid_Number_EqualsReference(double x, double expected) =>
        Assert.Equal(1, Logistic.Sigmoid(x) / expected, 1e-15);

    [Theory]
    [InlineData(745, 1)]
    [InlineData(-745, double.Epsilon)] // e^-745 rounds to the smallest double; 1/(1+e^745) would give 0
    [InlineData(-746, 0)]
    [InlineData(double.MaxValue, 1)]
    [InlineData(double.MinValue, 0)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(-0.0, 0.5)]
    public void Sigmoid_Extreme_Saturates(double x, double expected) => Assert.Equal(expected, Logistic.Sigmoid(x));

    [Fact]
    public void Sigmoid_NaN_Throws() => Assert.Throws<ArgumentException>("x", () => Logistic.Sigmoid(double.NaN));

    [Fact]
    public void Sigmoid_OppositeLogOdds_SumToOne()
    {
        for (var x = -40.0; x <= 40; x += 0.37)
        {
            Assert.Equal(1, Logistic.Sigmoid(x) + Logistic.Sigmoid(-x), 1e-15);
        }
    }

    [Fact]
    public void Probability_Row_IsSigmoidOfWeightedSum() =>
        Assert.Equal(0.8807970779778824, Logistic.Probability([3, -1.5], [0.5, 1], 2), 1e-15); // log-odds 2

    [Fact]
    public void Probability_NoFeatures_IsSigmoidOfIntercept() =>
        Assert.Equal(Logistic.Sigmoid(-1), Logistic.Probability([], [], -1));

    [Fact]
    public void Probability_UnequalLengths_Throws() =>
        Assert.Throws<ArgumentException>("features", () => Logistic.Probability([1, 2], [1], 0));

    [Theory]
    [InlineData(10, -9, 1)] // 1e309 - 9e308 = 1e308
    [InlineData(9, -10, 0)]
    [InlineData(10, -10, 0.5)]
    public void Probability_PartialSumOverflows_KeepsSign(double first, double second, double expected) =>
        Assert.Equal(expected, Logistic.Probability([1e308, 1e308], [first, second], 0));

    [Fact]
    public void Probability_SumIsNaN_Throws()
    {
        Assert.Throws<ArgumentException>(() => Logistic.Probability([double.NaN], [1], 0));
        Assert.Throws<ArgumentException>(() =>
            Logistic.Probability([double.PositiveInfinity, double.NegativeInfinity], [1, 1], 0)
        );
        Assert.Throws<ArgumentException>(() => Logistic.Probability([1], [1], double.NaN));
    }
}
