using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>The end of an experiment.</summary>
/// <param name="Reason">Why it ends, at most 2,000 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StopExperimentRequest(string? Reason = null);
