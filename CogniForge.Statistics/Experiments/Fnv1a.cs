namespace CogniForge.Statistics.Experiments;

/// <summary>The 32-bit FNV-1a hash over UTF-16 code units, as GrowthBook's JavaScript SDK.</summary>
/// <remarks>
/// Source: Fowler, Noll, Vo and Eastlake, <i>The FNV Non-Cryptographic Hash Algorithm</i> (RFC 9923). For ASCII it
/// equals the hash over bytes in any language; a code unit above 127 is one step here and several there.
/// </remarks>
public static class Fnv1a
{
    private const uint OffsetBasis = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>Hashes a text, given in two parts to save the concatenation.</summary>
    /// <param name="first">The first part, any length.</param>
    /// <param name="second">The second part, any length.</param>
    /// <returns>The hash.</returns>
    public static uint Hash(ReadOnlySpan<char> first, ReadOnlySpan<char> second = default) =>
        Add(Add(OffsetBasis, first), second);

    private static uint Add(uint hash, ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
        {
            hash = unchecked((hash ^ unit) * Prime);
        }

        return hash;
    }
}
