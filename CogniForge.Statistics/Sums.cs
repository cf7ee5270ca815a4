namespace CogniForge.Statistics;

/// <summary>Sums over spans in blocks, so that the rounding error stays small for millions of values.</summary>
internal static class Sums
{
    private const int Block = 512;

    public static double Mean(ReadOnlySpan<double> values)
    {
        var (total, lost) = (0.0, 0.0);
        foreach (var value in values)
        {
            Add(value, ref total, ref lost);
        }

        return (total + lost) / values.Length;
    }

    public static double SquaredDeviations(ReadOnlySpan<double> values, double center)
    {
        var sum = 0.0;
        for (var start = 0; start < values.Length; start += Block)
        {
            var block = 0.0;
            foreach (var value in values.Slice(start, Math.Min(Block, values.Length - start)))
            {
                var deviation = value - center;
                block += deviation * deviation;
            }

            sum += block;
        }

        return sum;
    }

    /// <summary>Neumaier's compensated summation.</summary>
    public static void Add(double value, ref double total, ref double lost)
    {
        var sum = total + value;
        lost += Math.Abs(total) >= Math.Abs(value) ? total - sum + value : value - sum + total;
        total = sum;
    }
}
