using System.Text.Json.Serialization;

namespace CogniForge.Serving.Routing;

/// <summary>A version that a policy covers.</summary>
/// <param name="Version">The version number; null: <paramref name="Alias"/> names it.</param>
/// <param name="Alias">The alias; null: <paramref name="Version"/> is set.</param>
/// <param name="Weight">
/// Its share relative to the sum of all weights, 0 to 1,000,000; required by <c>weighted</c>, absent otherwise.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RoutingTarget(int? Version = null, string? Alias = null, double? Weight = null);
