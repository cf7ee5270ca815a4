namespace CogniForge.Serving.Routing.Canaries;

/// <summary>Buckets of latencies that grow by 2^(1/8), about 9 %, from 1 µs to 18 minutes.</summary>
internal static class LatencyHistogram
{
    /// <summary>The number of buckets.</summary>
    public const int Buckets = 240;

    private const int PerDoubling = 8;

    /// <summary>The bucket of a latency.</summary>
    public static int Find(TimeSpan latency) =>
        (int)Math.Clamp(Math.Log2(Math.Max(1, latency.TotalMicroseconds)) * PerDoubling, 0, Buckets - 1);

    /// <summary>The number of latencies in buckets above that of a limit.</summary>
    public static long CountAbove(IReadOnlyList<long> counts, TimeSpan limit) => counts.Skip(Find(limit) + 1).Sum();

    /// <summary>The upper bound of the bucket of a quantile (nearest rank); 0 if all are empty.</summary>
    /// <param name="counts">The number of latencies in each bucket.</param>
    /// <param name="quantile">The quantile, 0 to 1.</param>
    public static TimeSpan GetQuantile(IReadOnlyList<long> counts, double quantile)
    {
        var rank = (long)Math.Ceiling(counts.Sum() * quantile);
        var seen = 0L;
        for (var i = 0; i < counts.Count; i++)
        {
            seen += counts[i];
            if (seen >= rank && seen > 0)
            {
                return TimeSpan.FromMicroseconds(Math.Pow(2, (i + 1.0) / PerDoubling));
            }
        }

        return TimeSpan.Zero;
    }
}
