using CogniForge.Statistics.Latency;

namespace CogniForge.Serving.Shadows;

/// <summary>A shadow beside the versions that answered the clients.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The shadow's version.</param>
/// <param name="Since">The start of the report, UTC.</param>
/// <param name="Requests">The mirrored requests.</param>
/// <param name="Failed">Those that the shadow failed.</param>
/// <param name="Dropped">The requests that were not mirrored because the shadow was behind.</param>
/// <param name="PrimaryLatencyMs">The latencies of the primary in milliseconds; null: no request.</param>
/// <param name="ShadowLatencyMs">Those of the shadow, without waiting; null: no request succeeded.</param>
/// <param name="Outputs">The outputs, by name.</param>
internal sealed record ShadowReport(
    string Model,
    int Version,
    DateTimeOffset Since,
    long Requests,
    long Failed,
    long Dropped,
    LatencySummary? PrimaryLatencyMs,
    LatencySummary? ShadowLatencyMs,
    IReadOnlyList<OutputReport> Outputs
);
