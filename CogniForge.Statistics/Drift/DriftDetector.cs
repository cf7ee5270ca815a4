using CogniForge.Statistics.Experiments;

namespace CogniForge.Statistics.Drift;

/// <summary>Compares a feature's current values with a reference.</summary>
/// <remarks>
/// Tests, choice among them and thresholds are those of Evidently (<c>calculations/stattests/registry.py</c>), except
/// that total variation is compared as a distance, not by a random permutation test. Pure, so thread-safe.
/// </remarks>
public static class DriftDetector
{
    /// <summary>Compares numbers; NaN and infinities count as missing.</summary>
    /// <param name="reference">Reference values, in any order.</param>
    /// <param name="current">Current values, in any order.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The result; null (not estimable) when a side has no finite values.</returns>
    /// <exception cref="ArgumentException">The test in the options does not fit the data.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is out of its range.</exception>
    public static DriftResult? CompareNumbers(
        ReadOnlySpan<double> reference,
        ReadOnlySpan<double> current,
        DriftOptions? options = null
    )
    {
        options = Validate(options);
        reference = FiniteValues(reference);
        current = FiniteValues(current);
        if (reference.IsEmpty || current.IsEmpty)
        {
            return null;
        }

        var max = Math.Max(2, options.MaxCategoricalValues) + 1;
        var test =
            options.Test
            ?? Choose(DistinctValues.Count(reference, current, max), isNumeric: true, reference.Length, options);
        return Result(test, Score(test, reference, current), reference.Length, current.Length, options);
    }

    /// <summary>Compares categories; null counts as missing.</summary>
    /// <typeparam name="T">The type of the categories, compared by their equality.</typeparam>
    /// <param name="reference">Reference values, in any order.</param>
    /// <param name="current">Current values, in any order.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The result; null (not estimable) when a side has no values.</returns>
    /// <exception cref="ArgumentException">The test in the options does not fit the data.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is out of its range.</exception>
    public static DriftResult? CompareCategories<T>(
        ReadOnlySpan<T?> reference,
        ReadOnlySpan<T?> current,
        DriftOptions? options = null
    )
        where T : notnull => CompareCounts(CategoryCounts.FromValues<T>(reference, current), options);

    /// <summary>Compares categories by their counts.</summary>
    /// <param name="counts">Count of each category on each side.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The result; null (not estimable) when a side has no values.</returns>
    /// <exception cref="ArgumentException">The test in the options does not fit the data.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is out of its range.</exception>
    public static DriftResult? CompareCounts(CategoryCounts counts, DriftOptions? options = null)
    {
        options = Validate(options);
        Require.SameLength(counts.Current.Length, counts.Reference.Length, nameof(counts));
        var (rows1, rows2) = (counts.Reference.Sum(), counts.Current.Sum());
        if (rows1 == 0 || rows2 == 0)
        {
            return null;
        }

        var distinct = counts.Reference.Zip(counts.Current).Count(pair => pair.First + pair.Second > 0);
        var test = options.Test ?? Choose(distinct, isNumeric: false, rows1, options);
        return Result(test, Score(test, counts), rows1, rows2, options);
    }

    private static DriftTest Choose(int distinct, bool isNumeric, long referenceRows, DriftOptions options)
    {
        var isContinuous = isNumeric && distinct > options.MaxCategoricalValues;
        if (referenceRows > options.MaxRowsForPValue)
        {
            return isContinuous ? DriftTest.Wasserstein : DriftTest.JensenShannon;
        }

        return isContinuous ? DriftTest.KolmogorovSmirnov
            : distinct > 2 ? DriftTest.ChiSquare
            : DriftTest.ProportionZ;
    }

    private static double Score(DriftTest test, ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        switch (test)
        {
            case DriftTest.KolmogorovSmirnov:
                return KolmogorovSmirnovTest.Compare(reference, current)!.PValue;
            case DriftTest.Wasserstein:
                return Wasserstein.NormedDistance(reference, current)!.Value;
            case DriftTest.Hellinger:
                var distinct = DistinctValues.Count(reference, current);
                return Score(test, Binning.Sturges(reference, current, distinct));
            case DriftTest.JensenShannon or DriftTest.PopulationStabilityIndex or DriftTest.KullbackLeibler:
                return Score(test, Binning.Bin(reference, current));
            default:
                return Score(test, CategoryCounts.FromValues<double>(reference, current));
        }
    }

    private static double Score(DriftTest test, CategoryCounts counts) =>
        test switch
        {
            DriftTest.ChiSquare => ChiSquareTest.Compare(counts.Reference, counts.Current)!.PValue,
            DriftTest.ProportionZ => ProportionPValue(counts),
            _ => Score(test, BinnedShares.FromCounts(counts.Reference, counts.Current)),
        };

    private static double Score(DriftTest test, BinnedShares shares)
    {
        var (r, c) = (shares.Reference, shares.Current);
        var filled = shares.FillEmpty();
        return test switch
        {
            DriftTest.JensenShannon => Divergence.JensenShannonDistance(r, c),
            DriftTest.Hellinger => Divergence.Hellinger(r, c),
            DriftTest.TotalVariation => Divergence.TotalVariation(r, c),
            DriftTest.KullbackLeibler => Divergence.KullbackLeibler(filled.Reference, filled.Current),
            DriftTest.PopulationStabilityIndex => Divergence.PopulationStabilityIndex(
                filled.Reference,
                filled.Current
            ),
            _ => throw new ArgumentException($"The test {test} does not compare categories.", nameof(test)),
        };
    }

    private static double ProportionPValue(CategoryCounts counts)
    {
        if (counts.Reference.Zip(counts.Current).Count(pair => pair.First + pair.Second > 0) > 2)
        {
            throw new ArgumentException("The z-test compares at most two distinct values.", nameof(counts));
        }

        var (rows1, rows2) = (counts.Reference.Sum(), counts.Current.Sum());
        var first = Array.FindIndex(counts.Reference, count => count > 0);

        // Null means that both sides consist of one and the same value.
        return ProportionTest.Compare(counts.Reference[first], rows1, counts.Current[first], rows2)?.PValue ?? 1;
    }

    private static DriftResult Result(DriftTest test, double score, long rows1, long rows2, DriftOptions options)
    {
        var isPValue = test is DriftTest.KolmogorovSmirnov or DriftTest.ChiSquare or DriftTest.ProportionZ;
        var threshold = isPValue ? options.PValueThreshold : options.DistanceThreshold;
        var isDrifted =
            !isPValue ? score >= threshold
            : test == DriftTest.KolmogorovSmirnov ? score <= threshold
            : score < threshold;
        return new DriftResult(test, score, isPValue, threshold, isDrifted, rows1, rows2);
    }

    private static ReadOnlySpan<double> FiniteValues(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                return values.ToArray().Where(double.IsFinite).ToArray();
            }
        }

        return values;
    }

    private static DriftOptions Validate(DriftOptions? options)
    {
        options ??= new DriftOptions();
        Require.Between0And1(options.PValueThreshold);
        Require.Positive(options.DistanceThreshold);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxRowsForPValue);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxCategoricalValues);
        return options;
    }
}
