using System.Text.Json.Serialization;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>What is true about a row; at least one is set.</summary>
/// <param name="Class">The class, 1 to 200 characters.</param>
/// <param name="Number">The number, finite.</param>
/// <param name="Text">The reference text, at most 10,000 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ActualOutput(string? Class = null, double? Number = null, string? Text = null);
