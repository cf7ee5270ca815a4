using System.Globalization;

namespace CogniForge.Serving.Routing.Canaries;

/// <summary>Decides whether the guard-rails of a canary hold.</summary>
internal static class CanaryGuard
{
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

        var ratio = plan.MaxLatencyRatio ?? CanaryPlan.DefaultMaxLatencyRatio;
        return
            HasEnough(plan, canary) && stable.P99 > TimeSpan.Zero && canary.P99 > stable.P99 * ratio
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The canary's p99 latency was {canary.P99.TotalMilliseconds:0.###} ms, the stable version's "
                    + $"{stable.P99.TotalMilliseconds:0.###} ms."
            )
            : null;
    }

    private static int GetMinRequests(CanaryPlan plan) => plan.MinRequests ?? CanaryPlan.DefaultMinRequests;
}
