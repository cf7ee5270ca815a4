using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>Where a version comes from.</summary>
/// <param name="TrainingData">The training data, e.g. an address or a digest; at most 2,000 characters.</param>
/// <param name="Metrics">Metrics of the training or evaluation by name; at most 100.</param>
/// <param name="Details">Anything else, as a JSON object of at most 64 KiB.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ModelLineage(
    string? TrainingData = null,
    IReadOnlyDictionary<string, double>? Metrics = null,
    JsonElement? Details = null
);
