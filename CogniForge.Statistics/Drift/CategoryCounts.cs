using System.Runtime.InteropServices;

namespace CogniForge.Statistics.Drift;

/// <summary>How often each category occurs in two samples.</summary>
/// <param name="Reference">Count of each category in the reference.</param>
/// <param name="Current">Count of the same categories in the current data.</param>
public sealed record CategoryCounts(long[] Reference, long[] Current)
{
    /// <summary>Counts the categories that occur in either sample, in the order of their first occurrence.</summary>
    /// <typeparam name="T">The type of the categories, compared by their equality.</typeparam>
    /// <param name="reference">Values of the reference; null is missing and not counted.</param>
    /// <param name="current">Current values; null is missing and not counted.</param>
    /// <returns>The counts.</returns>
    public static CategoryCounts FromValues<T>(ReadOnlySpan<T?> reference, ReadOnlySpan<T?> current)
        where T : notnull
    {
        var counts = new Dictionary<T, (long Reference, long Current)>();
        foreach (var value in reference)
        {
            if (value is not null)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _).Reference++;
            }
        }

        foreach (var value in current)
        {
            if (value is not null)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _).Current++;
            }
        }

        return new([.. counts.Values.Select(c => c.Reference)], [.. counts.Values.Select(c => c.Current)]);
    }
}
