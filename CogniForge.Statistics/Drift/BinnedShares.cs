namespace CogniForge.Statistics.Drift;

/// <summary>Shares of two samples in common bins or categories.</summary>
/// <param name="Reference">Share of the reference in each bin, of sum 1 unless empty bins were filled.</param>
/// <param name="Current">Share of the current data in the same bins.</param>
public sealed record BinnedShares(double[] Reference, double[] Current)
{
    /// <summary>
    /// Replaces shares of 0, which make logarithms infinite, on each side: by 0.0001, or by a millionth of the smallest
    /// share that is not 0 if that share is at most 0.0001, as Evidently. The sums then exceed 1 slightly.
    /// </summary>
    /// <returns>The filled shares.</returns>
    public BinnedShares FillEmpty() => new(Fill(Reference), Fill(Current));

    internal static BinnedShares FromCounts(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) =>
        new(Shares(reference), Shares(current));

    private static double[] Fill(double[] shares)
    {
        var smallest = shares.Where(share => share > 0).DefaultIfEmpty(1).Min();
        var filling = smallest <= 0.0001 ? smallest / 1e6 : 0.0001;
        return [.. shares.Select(share => share == 0 ? filling : share)];
    }

    private static double[] Shares(ReadOnlySpan<long> counts)
    {
        double total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        var shares = new double[counts.Length];
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = counts[i] / total;
        }

        return shares;
    }
}
