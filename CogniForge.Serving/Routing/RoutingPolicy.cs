using System.Text.Json.Serialization;

namespace CogniForge.Serving.Routing;

/// <summary>How requests without a version are routed to the versions of a model.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Targets">
/// The versions that it covers, 1 to 20; for <c>canary</c> two: the stable version, then the canary. Those that do not
/// serve are skipped.
/// </param>
/// <param name="Fallback">The version that gets a request once if the chosen one fails; null: none.</param>
/// <param name="MaxOutstanding">
/// The maximum requests in flight of each version in each replica, 1 to 1,000,000. Default:
/// <c>Inference:MaxOutstanding</c>.
/// </param>
/// <param name="Ejection">When a failing version gets no requests.</param>
/// <param name="Canary">Required by <c>canary</c>, absent otherwise.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RoutingPolicy(
    RoutingStrategy? Strategy = null,
    IReadOnlyList<RoutingTarget?>? Targets = null,
    VersionReference? Fallback = null,
    int? MaxOutstanding = null,
    EjectionPolicy? Ejection = null,
    CanaryPlan? Canary = null
)
{
    /// <summary>The maximum number of targets.</summary>
    public const int MaxTargets = 20;
}
