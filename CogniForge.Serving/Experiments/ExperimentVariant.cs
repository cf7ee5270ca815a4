using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>A variant of an experiment. The first is the control.</summary>
/// <param name="Name">1 to 64 letters, digits, hyphens and underscores.</param>
/// <param name="Version">The version of the model that its units get.</param>
/// <param name="Share">0, or 0.000001 to 1,000,000: its share, relative to the other variants. Default: 1.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ExperimentVariant(string? Name = null, int Version = 0, double Share = 1);
