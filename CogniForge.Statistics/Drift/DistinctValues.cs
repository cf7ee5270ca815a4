namespace CogniForge.Statistics.Drift;

internal static class DistinctValues
{
    /// <summary>The number of distinct values of two samples, counted no further than max.</summary>
    public static int Count(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int max = int.MaxValue)
    {
        var seen = new HashSet<double>();
        AddAll(first, seen, max);
        AddAll(second, seen, max);
        return seen.Count;
    }

    private static void AddAll(ReadOnlySpan<double> values, HashSet<double> seen, int max)
    {
        foreach (var value in values)
        {
            if (seen.Count >= max)
            {
                return;
            }

            seen.Add(value);
        }
    }
}
