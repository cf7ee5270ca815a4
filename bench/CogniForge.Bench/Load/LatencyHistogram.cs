using System.Numerics;

namespace CogniForge.Bench.Load;

/// <summary>
/// Counts durations in buckets no wider than 1/128 of their value, so percentiles are exact to 0.4 %.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int BitsPerOctave = 7;
    private const int BucketsPerOctave = 1 << BitsPerOctave;
    private readonly long[] _counts = new long[(64 - BitsPerOctave + 1) * BucketsPerOctave];

    public long Count { get; private set; }

    public void Record(long nanoseconds)
    {
        _counts[Bucket(nanoseconds)]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <summary>
    /// The duration that the given share of recorded durations does not exceed; NaN if there are none.
    /// </summary>
    public double Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Middle(i);
            }
        }

        return double.NaN;
    }

    // One bucket per nanosecond below 256 ns, then 128 buckets per doubling.
    private static int Bucket(long nanoseconds)
    {
        var value = (ulong)Math.Max(0, nanoseconds);
        var octave = Math.Max(0, BitOperations.Log2(value | 1) - BitsPerOctave);
        return octave == 0 ? (int)value : (octave * BucketsPerOctave) + (int)(value >> octave);
    }

    private static double Middle(int bucket)
    {
        if (bucket < 2 * BucketsPerOctave)
        {
            return bucket;
        }

        var octave = (bucket / BucketsPerOctave) - 1;
        return (BucketsPerOctave + (bucket % BucketsPerOctave) + 0.5) * (1L << octave);
    }
}
