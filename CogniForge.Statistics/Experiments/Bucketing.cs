using System.Globalization;

namespace CogniForge.Statistics.Experiments;

/// <summary>Sticky assignment: the same unit gets the same arm in every process and language.</summary>
/// <remarks>Equals GrowthBook's <c>hash</c>, <c>getBucketRanges</c> and <c>chooseVariation</c>. Pure.</remarks>
public static class Bucketing
{
    /// <summary>
    /// The place of a unit in [0, 1): FNV-1a of the decimal digits of FNV-1a(seed + unit), modulo 10,000.
    /// </summary>
    /// <param name="seed">The experiment's salt: different seeds give independent assignments.</param>
    /// <param name="unit">The id of the unit, such as a user.</param>
    /// <returns>A multiple of 0.0001 in [0, 1).</returns>
    public static double Hash(string seed, string unit)
    {
        Span<char> digits = stackalloc char[10];
        Fnv1a.Hash(seed, unit).TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        return Fnv1a.Hash(digits[..length]) % 10_000 / 10_000.0;
    }

    /// <summary>
    /// GrowthBook's first hash, FNV-1a(unit + seed) modulo 1,000, only for experiments that began with it.
    /// </summary>
    /// <remarks>Biased: experiments of similar seeds assign alike.</remarks>
    /// <param name="seed">The experiment's salt.</param>
    /// <param name="unit">The id of the unit.</param>
    /// <returns>A multiple of 0.001 in [0, 1).</returns>
    public static double HashVersion1(string seed, string unit) => Fnv1a.Hash(unit, seed) % 1_000 / 1_000.0;

    /// <summary>
    /// The arm at a place. Arm i begins at the sum of the weights before it and covers its weight times the coverage,
    /// so raising the coverage moves no unit from one arm to another.
    /// </summary>
    /// <param name="place">The unit's place, in [0, 1).</param>
    /// <param name="weights">Weight of each arm, each at least 0, of any positive sum; normalised here.</param>
    /// <param name="coverage">Share of the units that take part, in [0, 1].</param>
    /// <returns>Index of the arm; null for a unit outside the experiment.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An argument is out of its range, or no weight is positive.
    /// </exception>
    public static int? Choose(double place, ReadOnlySpan<double> weights, double coverage = 1)
    {
        if (!(place is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(place), place, "The place must be in [0, 1).");
        }

        Require.Probability(coverage);
        var total = 0.0;
        foreach (var weight in weights)
        {
            Require.NotNegative(weight, nameof(weights));
            total += weight;
        }

        Require.Positive(total, nameof(weights));
        var cumulative = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            var start = cumulative / total;
            var end = coverage == 1 ? (cumulative + weights[i]) / total : start + (coverage * weights[i] / total);
            if (place >= start && place < end)
            {
                return i;
            }

            cumulative += weights[i];
        }

        return null;
    }
}
