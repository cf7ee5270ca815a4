using CogniForge.Serving.Models;

namespace CogniForge.Serving.Routing;

/// <summary>A version that requests may go to.</summary>
/// <param name="Version">The version.</param>
/// <param name="Traffic">What this replica observes of it.</param>
/// <param name="Weight">Its share of the requests relative to the others; 0: none. 1 if shares do not matter.</param>
internal sealed record RouteTarget(ModelVersion Version, VersionTraffic Traffic, double Weight = 1)
{
    /// <summary>
    /// The expected price of a request in USD, for one of 1,000 tokens; the highest number if none is known.
    /// </summary>
    public decimal GetPrice() =>
        Version.Details.Price is { } price
        && (price.PerRequest ?? price.PerThousandTokens ?? price.PerSecond) is not null
            ? (price.PerRequest ?? 0)
                + (price.PerThousandTokens ?? 0)
                + (price.PerSecond is { } second ? second * (decimal)Math.Min(Traffic.GetLatency(), 1e6) : 0)
            : decimal.MaxValue;
}
