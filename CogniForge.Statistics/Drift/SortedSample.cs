namespace CogniForge.Statistics.Drift;

internal static class SortedSample
{
    public static double[] Create(ReadOnlySpan<double> values, string name)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);

        // Sorting puts NaN first and infinities at the ends.
        return sorted.Length > 0 && !(double.IsFinite(sorted[0]) && double.IsFinite(sorted[^1]))
            ? throw new ArgumentException("The values must be finite.", name)
            : sorted;
    }
}
