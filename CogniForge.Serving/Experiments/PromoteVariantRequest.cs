using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>The variant to promote.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Alias">The alias that moves to its version. Default: champion.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PromoteVariantRequest(string? Variant = null, string? Alias = null);
