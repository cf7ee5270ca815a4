namespace CogniForge.Serving.Routing;

/// <summary>Chooses among the targets of a route by its strategy, without memory.</summary>
internal static class TargetSelector
{
    // 2^64 divided by the golden ratio: multiples of it are spread evenly, so shares hold over few requests too.
    private const ulong GoldenRatio = 11_400_714_819_323_198_485;

    /// <summary>Chooses a target that can take a request; null: none can.</summary>
    /// <param name="route">The route, with a policy.</param>
    /// <param name="turn">The number of the request.</param>
    /// <param name="maxOutstanding">The maximum requests in flight of each version.</param>
    public static RouteTarget? Select(ModelRoute route, ulong turn, int maxOutstanding) =>
        route.Policy!.Strategy switch
        {
            RoutingStrategy.Weighted or RoutingStrategy.Canary => SelectByWeight(route.Targets, turn, maxOutstanding),
            RoutingStrategy.LeastOutstanding => SelectLowest(
                route.Targets,
                turn,
                maxOutstanding,
                static t => t.Traffic.Outstanding
            ),
            RoutingStrategy.LowestLatency => SelectLowest(route.Targets, turn, maxOutstanding, EstimateLatency),
            RoutingStrategy.Cheapest => SelectLowest(
                route.Targets,
                turn,
                maxOutstanding,
                static t => t.GetPrice()
            ),
            _ => SelectNext(route.Targets, turn, maxOutstanding),
        };

    private static RouteTarget? SelectNext(RouteTarget[] targets, ulong turn, int maxOutstanding)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            var target = targets[(int)((turn + (ulong)i) % (ulong)targets.Length)];
            if (target.Traffic.CanTake(maxOutstanding))
            {
                return target;
            }
        }

        return null;
    }

    private static RouteTarget? SelectByWeight(RouteTarget[] targets, ulong turn, int maxOutstanding)
    {
        var sum = 0.0;
        foreach (var target in targets)
        {
            sum += target.Traffic.CanTake(maxOutstanding) ? target.Weight : 0;
        }

        var left = ToUnit(turn) * sum;
        RouteTarget? last = null;
        foreach (var target in targets)
        {
            if (target.Weight > 0 && target.Traffic.CanTake(maxOutstanding))
            {
                last = target;
                left -= target.Weight;
                if (left < 0)
                {
                    break;
                }
            }
        }

        return last;
    }

    // The loop begins with another target each time, so that equal ones take turns.
    private static RouteTarget? SelectLowest<T>(
        RouteTarget[] targets,
        ulong turn,
        int maxOutstanding,
        Func<RouteTarget, T> measure
    )
        where T : IComparable<T>
    {
        RouteTarget? best = null;
        var lowest = default(T)!;
        for (var i = 0; i < targets.Length; i++)
        {
            var target = targets[(int)((turn + (ulong)i) % (ulong)targets.Length)];
            if (target.Traffic.CanTake(maxOutstanding))
            {
                var value = measure(target);
                if (best is null || value.CompareTo(lowest) < 0)
                {
                    (best, lowest) = (target, value);
                }
            }
        }

        return best;
    }

    // A version of unknown latency gets one request at a time.
    private static double EstimateLatency(RouteTarget target)
    {
        var latency = target.Traffic.GetLatency();
        var outstanding = target.Traffic.Outstanding;
        return latency > 0 ? latency * (outstanding + 1)
            : outstanding == 0 ? 0
            : double.MaxValue;
    }

    private static double ToUnit(ulong turn) => (unchecked(turn * GoldenRatio) >> 11) * (1.0 / (1UL << 53));
}
