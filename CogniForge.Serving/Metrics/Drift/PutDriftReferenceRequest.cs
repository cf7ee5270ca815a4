using System.Text.Json.Serialization;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>What current predictions are compared with: uploaded rows, or predictions of a window.</summary>
/// <param name="Rows">The rows, 1 to 10,000, e.g. of the training data; absent if a window is given.</param>
/// <param name="From">The start of the window, included.</param>
/// <param name="To">The end of the window, excluded.</param>
/// <param name="Settings">How drift is detected. Default: see each setting.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PutDriftReferenceRequest(
    IReadOnlyList<DriftRow?>? Rows = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    DriftSettings? Settings = null
);
