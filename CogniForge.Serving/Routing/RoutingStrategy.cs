namespace CogniForge.Serving.Routing;

/// <summary>How a policy chooses among its targets.</summary>
internal enum RoutingStrategy
{
    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>In proportion to the weights.</summary>
    Weighted,

    /// <summary>The second target gets a share that grows by steps while its guard-rails hold.</summary>
    Canary,

    /// <summary>The target with the fewest requests in flight in this replica.</summary>
    LeastOutstanding,

    /// <summary>The target with the lowest recent latency, times the requests that it would then have.</summary>
    LowestLatency,

    /// <summary>The target with the lowest price.</summary>
    Cheapest,
}
