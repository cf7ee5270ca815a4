using System.Text.Json.Serialization;

namespace CogniForge.Serving.Routing;

/// <summary>How the share of a canary grows, and which guard-rails stop it.</summary>
/// <param name="Steps">The shares in percent, rising, each above 0 and below 100; 100 follows the last.</param>
/// <param name="StepSeconds">The minimum time of a step, 1 to 604,800 seconds. Default: 600.</param>
/// <param name="MinRequests">
/// The requests that the canary must answer in a step, 1 to 1,000,000: fewer decide nothing. Default: 100.
/// </param>
/// <param name="MaxErrorRateIncrease">
/// How much higher than the stable version's its error rate may be, 0 to 1. Default: 0.01.
/// </param>
/// <param name="MaxLatencyRatio">
/// How many times the stable version's p99 latency, and at least 1 ms more, its own may be, 1 to 1,000. Default: 1.5.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CanaryPlan(
    IReadOnlyList<double>? Steps = null,
    double? StepSeconds = null,
    int? MinRequests = null,
    double? MaxErrorRateIncrease = null,
    double? MaxLatencyRatio = null
)
{
    public const double DefaultStepSeconds = 600;
    public const int DefaultMinRequests = 100;
    public const double DefaultMaxErrorRateIncrease = 0.01;
    public const double DefaultMaxLatencyRatio = 1.5;
}
