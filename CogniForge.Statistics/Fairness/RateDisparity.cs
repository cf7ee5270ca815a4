namespace CogniForge.Statistics.Fairness;

/// <summary>How far a rate differs between groups, without sign.</summary>
/// <param name="Difference">Largest minus smallest rate of a group, in [0, 1].</param>
/// <param name="Ratio">Smallest by largest rate, in [0, 1]; null (not estimable) when all rates are 0.</param>
/// <param name="DifferenceToOverall">Largest distance of a group's rate from that of all rows, in [0, 1].</param>
/// <param name="RatioToOverall">
/// Smallest ratio of a group's rate and that of all rows, inverted above 1, in [0, 1]; null when all rates are 0.
/// </param>
public sealed record RateDisparity(double Difference, double? Ratio, double DifferenceToOverall, double? RatioToOverall)
{
    /// <summary>The disparity of rates; null when a group's rate is not estimable or there is no group.</summary>
    internal static RateDisparity? FromRates(IReadOnlyCollection<double?> rates, double? overall)
    {
        if (rates.Count == 0 || overall is not { } all || rates.Contains(null))
        {
            return null;
        }

        var values = rates.Select(rate => rate!.Value).ToList();
        var (min, max) = (values.Min(), values.Max());
        return new RateDisparity(
            max - min,
            max > 0 ? min / max : null,
            values.Max(rate => Math.Abs(rate - all)),
            max > 0 ? values.Min(rate => Math.Min(rate, all) / Math.Max(rate, all)) : null
        );
    }
}
