namespace CogniForge.Serving.Metrics.Usage;

/// <summary>Latency, throughput and cost of a model in a window.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="From">The start of the window, included.</param>
/// <param name="To">The end of the window, excluded.</param>
/// <param name="Versions">Each version with requests, in ascending order.</param>
/// <param name="Cost">The cost of all versions with a price, in USD.</param>
internal sealed record UsageReport(
    string Model,
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyList<VersionUsageReport> Versions,
    decimal Cost
);
