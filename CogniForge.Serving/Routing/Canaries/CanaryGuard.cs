using System.Globalization;

namespace CogniForge.Serving.Routing.Canaries;

/// <summary>Decides whether the guard-rails of a canary hold.</summary>
internal static class CanaryGuard
{
    // The share of requests slower than a p99.
    private const double SlowShare = 0.01;

    // A number so many standard deviations above its mean is seldom chance.
    private const double Deviations = 3;

    // Smaller differences come from the machine, not from the model.
    private static readonly TimeSpan _minDifference = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether the canary has answered enough requests in the step for a decision.</summary>
    public static bool HasEnough(CanaryPlan plan, CanaryCounts canary) => canary.Requests >= GetMinRequests(plan);

    /// <summary>Finds the guard-rail that is broken, in words; null: all hold.</summary>
    public static string? FindBroken(CanaryPlan plan, CanaryCounts stable, CanaryCounts canary)
    {
        // Even if all requests until the minimum succeed: an ejected canary would never get there.
        var limit = stable.ErrorRate + (plan.MaxErrorRateIncrease ?? CanaryPlan.DefaultMaxErrorRateIncrease);
        if (canary.Failures > limit * Math.Max(canary.Requests, GetMinRequests(plan)))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The canary failed {canary.Failures} of {canary.Requests} requests, the stable version "
                    + $"{stable.Failures} of {stable.Requests}."
            );
        }

        return HasEnough(plan, canary) && stable.P99 > TimeSpan.Zero ? FindSlow(plan, stable.P99, canary) : null;
    }

    /// <summary>
    /// Counts the requests slower than the limit. Of an equal version, about 1 % are: its own p99 of 100 requests would
    /// be little more than the slowest of them.
    /// </summary>
    private static string? FindSlow(CanaryPlan plan, TimeSpan p99, CanaryCounts canary)
    {
        var limit = p99 * (plan.MaxLatencyRatio ?? CanaryPlan.DefaultMaxLatencyRatio);
        limit = limit > p99 + _minDifference ? limit : p99 + _minDifference;
        var (answered, slow) = (canary.Latencies.Sum(), LatencyHistogram.CountAbove(canary.Latencies, limit));
        var expected = answered * SlowShare;
        return slow > expected + (Deviations * Math.Sqrt(expected))
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Of {answered} requests, the canary answered {slow} in more than {limit.TotalMilliseconds:0.###} ms; "
                    + $"the stable version's p99 latency was {p99.TotalMilliseconds:0.###} ms."
            )
            : null;
    }

    private static int GetMinRequests(CanaryPlan plan) => plan.MinRequests ?? CanaryPlan.DefaultMinRequests;
}
