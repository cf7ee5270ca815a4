using System.Globalization;
using System.Text;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Tests.Protocol;

public class NumberBlockScannerTests
{
    private const string Digits = "98765432109876543";

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    public void Scan_AnyDigits_EqualsDotNet(string sign)
    {
        for (var whole = 1; whole <= 14; whole++)
        {
            for (var fraction = 0; fraction <= 14 - whole; fraction++)
            {
                var text = $"{sign}{Digits[..whole]}{(fraction == 0 ? "" : ".")}{Digits[^fraction..]}";
                var (scanned, end, numbers) = Scan<double>(Enumerable.Repeat(text, 100));

                Assert.InRange(scanned, 70, 100); // the last ones have too few bytes after them
                Assert.Equal(scanned * (text.Length + 1), end);
                Assert.All(numbers[..scanned], n => AssertSame(double.Parse(text, CultureInfo.InvariantCulture), n));
            }
        }
    }

    [Theory]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("1-2")]
    [InlineData("1.-2")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("1.2.3")]
    [InlineData("1e5")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("1234567890123456")]
    [InlineData("0.12345678901234")]
    [InlineData("1]")]
    public void Scan_OtherForm_StopsBefore(string form)
    {
        for (var before = 0; before < 20; before++)
        {
            var few = Enumerable.Repeat("1.5", before);
            var (scanned, end, _) = Scan<double>([.. few, form, .. Enumerable.Repeat("7", 50)]);

            Assert.Equal((before, before * 4), (scanned, end));
        }
    }

    /// <summary>Rounding to double and then to single would be wrong.</summary>
    [Fact]
    public void Scan_MidpointOfSingles_StopsBefore()
    {
        var (scanned, end, numbers) = Scan<float>(["0.1", "16777217", .. Enumerable.Repeat("1", 50)]);

        Assert.Equal((1, 4), (scanned, end));
        Assert.Equal(0.1f, numbers[0]);
    }

    [Fact]
    public void Array_RandomNumbers_EqualsDotNet()
    {
        var random = new Random(1);
        for (var run = 0; run < 300; run++)
        {
            string[] texts = [.. Enumerable.Range(0, random.Next(1, 80)).Select(_ => Write(random))];
            var json = Encoding.ASCII.GetBytes($"[{string.Join(random.Next(4) == 0 ? ", " : ",", texts)}]");
            var (doubles, singles) = (new double[texts.Length], new float[texts.Length]);

            Assert.True(new FloatScanner<double>(json, 0, [texts.Length], doubles).TryScan());
            Assert.True(new FloatScanner<float>(json, 0, [texts.Length], singles).TryScan());
            for (var i = 0; i < texts.Length; i++)
            {
                AssertSame(double.Parse(texts[i], CultureInfo.InvariantCulture), doubles[i]);
                Assert.Equal(float.Parse(texts[i], CultureInfo.InvariantCulture), singles[i]);
            }
        }
    }

    private static string Write(Random random)
    {
        var number = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 12));
        return random.Next(10) switch
        {
            0 => ((long)number).ToString(CultureInfo.InvariantCulture),
            1 => number.ToString("R", CultureInfo.InvariantCulture),
            2 => number.ToString("E4", CultureInfo.InvariantCulture),
            3 => "-0",
            _ => number.ToString($"F{random.Next(1, 8)}", CultureInfo.InvariantCulture),
        };
    }

    private static (int Scanned, int End, T[] Numbers) Scan<T>(IEnumerable<string> texts)
    {
        var utf8 = Encoding.ASCII.GetBytes(string.Concat(texts.Select(t => $"{t},")));
        var numbers = new T[texts.Count()];
        var end = 0;
        return (NumberBlockScanner.Scan<T>(utf8, ref end, numbers), end, numbers);
    }

    private static void AssertSame(double expected, double actual) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual));
}
