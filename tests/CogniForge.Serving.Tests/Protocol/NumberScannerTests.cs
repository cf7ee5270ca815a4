using System.Globalization;
using System.Text;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Tests.Protocol;

public class NumberScannerTests
{
    private const string More = ",0,0,0,0,0,0,0,0,0";

    [Theory]
    [InlineData("0", 1)]
    [InlineData("-0", 2)]
    [InlineData("12.5e-3,", 7)]
    [InlineData("9007199254740993", 16)] // 2^53 + 1
    [InlineData("123456789012345678901234567890", 30)]
    [InlineData("0.1234567890123456789", 21)]
    [InlineData("1e22", 4)]
    [InlineData("1e23", 4)]
    [InlineData("5e-324", 6)]
    [InlineData("1.7976931348623157E+308", 23)]
    [InlineData("1e-9999", 7)]
    [InlineData("0.000000000000000000000000000000000000001", 41)]
    [InlineData("0.1", 3)]
    [InlineData("-17.99", 6)]
    [InlineData("0.05", 4)]
    [InlineData("12345678901234", 14)]
    [InlineData("123456789012345", 15)]
    [InlineData("1.2345678901234", 15)]
    [InlineData("1.23456789012345", 16)]
    [InlineData("-123456789.0123", 15)]
    [InlineData("99999999999999.9", 16)]
    [InlineData("1234567e5", 9)]
    [InlineData("123.4567E-5", 11)]
    [InlineData("12345678901.2345e6", 18)]
    public void TryScan_Number_EqualsDotNet(string text, int length)
    {
        var expected = double.Parse(text.TrimEnd(','), CultureInfo.InvariantCulture);
        foreach (var end in new[] { "", More, "]" + More })
        {
            Assert.True(NumberScanner.TryScan(Encoding.UTF8.GetBytes(text + end), out var value, out var scanned));
            Assert.Equal(length, scanned);
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
        }
    }

    [Fact]
    public void TryScan_AnyDigits_EqualsDotNet()
    {
        for (var whole = 1; whole <= 17; whole++)
        {
            for (var fraction = 0; fraction <= 17; fraction++)
            {
                var point = fraction == 0 ? "" : ".";
                var text = $"{"98765432109876543"[..whole]}{point}{"01234567890123456"[..fraction]}";
                Assert.True(NumberScanner.TryScan(Encoding.UTF8.GetBytes(text + More), out var value, out var length));
                Assert.Equal(text.Length, length);
                Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), value);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1.e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e309")]
    [InlineData("NaN")]
    [InlineData("null")]
    [InlineData("\"1\"")]
    public void TryScan_OtherText_GivesUp(string text)
    {
        Assert.False(NumberScanner.TryScan(Encoding.UTF8.GetBytes(text), out _, out _));
        Assert.False(NumberScanner.TryScan(Encoding.UTF8.GetBytes(text + More), out _, out _));
    }

    [Fact]
    public void TryScan_RandomDoubles_RoundTrip()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var expected = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(expected))
            {
                var text = Encoding.UTF8.GetBytes(expected.ToString("R", CultureInfo.InvariantCulture));
                Assert.True(NumberScanner.TryScan(text, out var value, out _));
                Assert.Equal(expected, value);
            }
        }
    }

    [Fact]
    public void ReadSingles_BetweenTwoSingles_RoundsOnce()
    {
        // Just above the middle of 1 and the next single; as a double, it is exactly the middle.
        const string Text = "1.000000059604644775390625000000000000001";
        var tensor = InferJson.Tensor("[1]", "FP32", $"[{Text}]");
        Assert.Equal(float.Parse(Text, CultureInfo.InvariantCulture), ((Tensor<float>)tensor).Data[0]);
    }

    [Theory]
    [InlineData("[ [1 , 2.5],\n[3,4e1]\t]", "[2,2]")]
    [InlineData("[1,2.5,3,40]", "[2,2]")]
    [InlineData("[[1,2.5],[3,40]]", "[2,2]")]
    public void Scan_AnySpacing_GivesSameElements(string data, string shape) =>
        Assert.Equal([1, 2.5, 3, 40], InferJson.Tensor(shape, "FP64", data).AsDoubles().ToArray());

    [Fact]
    public void Parse_MalformedAfterNumbers_NamesPosition() =>
        Assert.Contains(
            "it is not at line 2, byte 1",
            InferJson.Error(
                """
                {"inputs":[{"name":"x","shape":[2],"datatype":"FP64","data":[1,2]}],
                x}
                """
            ),
            StringComparison.Ordinal
        );
}
