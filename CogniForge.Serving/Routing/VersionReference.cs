using System.Text.Json.Serialization;

namespace CogniForge.Serving.Routing;

/// <summary>A version, by its number or by an alias.</summary>
/// <param name="Version">The version number; null: <paramref name="Alias"/> names it.</param>
/// <param name="Alias">The alias; null: <paramref name="Version"/> is set.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VersionReference(int? Version = null, string? Alias = null);
