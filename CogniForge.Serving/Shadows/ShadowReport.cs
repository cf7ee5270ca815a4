namespace CogniForge.Serving.Shadows;

/// <summary>A shadow beside the versions that answered the clients.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The shadow's version.</param>
/// <param name="Since">The start of the report, UTC.</param>
/// <param name="Requests">The mirrored requests.</param>
/// <param name="Failed">Those that the shadow failed.</param>
/// <param name="Dropped">The requests that were not mirrored because the shadow was behind.</param>
/// <param name="PrimaryLatency">The latency of the primary; null: no request.</param>
/// <param name="ShadowLatency">The latency of the shadow, without waiting; null: no request.</param>
/// <param name="Outputs">The outputs, by name.</param>
internal sealed record ShadowReport(
    string Model,
    int Version,
    DateTimeOffset Since,
    long Requests,
    long Failed,
    long Dropped,
    LatencyReport? PrimaryLatency,
    LatencyReport? ShadowLatency,
    IReadOnlyList<OutputReport> Outputs
);
