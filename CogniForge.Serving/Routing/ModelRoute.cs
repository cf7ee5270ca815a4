using CogniForge.Serving.Models;
using CogniForge.Serving.Routing.Canaries;

namespace CogniForge.Serving.Routing;

/// <summary>How the requests of a model are routed, as of its last load.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Default">The newest version that serves; null: none.</param>
/// <param name="Policy">The policy; null: requests go to <paramref name="Default"/>.</param>
/// <param name="Targets">The targets of the policy that serve.</param>
/// <param name="Fallback">The fallback of the policy, if its version exists.</param>
/// <param name="Canary">Counts what the targets do, if a canary is running.</param>
/// <param name="Turns">The requests so far.</param>
internal sealed record ModelRoute(
    string Name,
    RouteTarget? Default,
    RoutingPolicy? Policy,
    RouteTarget[] Targets,
    RouteTarget? Fallback,
    CanaryRecorder? Canary,
    RequestCounter Turns
)
{
    /// <summary>When a version is ejected.</summary>
    public EjectionPolicy Ejection => Policy?.Ejection ?? EjectionPolicy.Default;

    /// <summary>Finds a version among those of the route.</summary>
    public ModelVersion? Find(int version) =>
        Targets.Append(Default).Append(Fallback).FirstOrDefault(t => t?.Version.Version == version)?.Version;
}
