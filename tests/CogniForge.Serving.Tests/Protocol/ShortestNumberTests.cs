using System.Globalization;
using System.Text;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Tests.Protocol;

/// <summary>The reference is .NET's own shortest format.</summary>
public class ShortestNumberTests
{
    private const int Seed = 20261130;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.0001)]
    [InlineData(0.00012345)]
    [InlineData(-1234.5678)]
    [InlineData(100)]
    [InlineData(123.456e-3)]
    [InlineData(999_999_999_999_999.9)]
    [InlineData(4_503_599_627_370_497.5 / 8)]
    [InlineData(9007199254740.993)]
    public void TryFormat_KnownDouble_EqualsNet(double value) => Check(value);

    [Fact]
    public void TryFormat_NegativeZero_KeepsSign() => Check(-0.0);

    [Fact]
    public void TryFormat_RandomDoubles_EqualsNet()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 200_000; i++)
        {
            Check(random.NextDouble());
            Check((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 15)));
            Check(Math.Round(random.NextDouble() * 1_000, random.Next(0, 6)));
        }
    }

    [Fact]
    public void TryFormat_NeighborsOfPowers_EqualsNet()
    {
        for (var power = -13; power <= 49; power++)
        {
            CheckNeighbors(Math.ScaleB(1, power));
        }

        for (var power = -3; power <= 14; power++)
        {
            CheckNeighbors(Math.Pow(10, power));
        }
    }

    [Fact]
    public void TryFormat_RandomSingles_EqualsNet()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 200_000; i++)
        {
            Check(random.NextSingle());
            Check((random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-3, 7)));
        }

        for (var power = -13; power <= 23; power++)
        {
            var value = MathF.ScaleB(1, power);
            Check(value);
            Check(MathF.BitIncrement(value));
            Check(MathF.BitDecrement(value));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e15)]
    [InlineData(0.00009999)]
    [InlineData(1e-30)]
    public void TryFormat_OtherSize_ReturnsFalse(double value)
    {
        Assert.False(ShortestNumber.TryFormat(value, stackalloc byte[ShortestNumber.MaxBytes], out _));
        Assert.False(ShortestNumber.TryFormat((float)value, stackalloc byte[ShortestNumber.MaxBytes], out _));
    }

    private static void CheckNeighbors(double value)
    {
        Check(value);
        Check(Math.BitIncrement(value));
        Check(Math.BitDecrement(value));
        Check(value * 3);
    }

    private static void Check(double value)
    {
        Span<byte> utf8 = stackalloc byte[ShortestNumber.MaxBytes];
        if (ShortestNumber.TryFormat(value, utf8, out var written))
        {
            Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(utf8[..written]));
        }
        else
        {
            Assert.True(Math.Abs(value) is < 1e-4 or >= 1e15);
        }
    }

    private static void Check(float value)
    {
        Span<byte> utf8 = stackalloc byte[ShortestNumber.MaxBytes];
        if (ShortestNumber.TryFormat(value, utf8, out var written))
        {
            Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(utf8[..written]));
        }
        else
        {
            Assert.True(Math.Abs(value) is < 1e-4f or >= 1e7f);
        }
    }
}
