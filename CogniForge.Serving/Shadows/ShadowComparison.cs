namespace CogniForge.Serving.Shadows;

/// <summary>A mirrored request.</summary>
/// <param name="Id">A UUID version 7.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The shadow's version.</param>
/// <param name="PrimaryVersion">The version that answered the client.</param>
/// <param name="OccurredAt">When it was compared, UTC.</param>
/// <param name="PrimaryMs">The primary's duration in milliseconds, from the request to the response.</param>
/// <param name="ShadowMs">The shadow's duration in milliseconds; null: it failed.</param>
/// <param name="Error">Why the shadow failed; null: it did not.</param>
/// <param name="Dropped">The requests that this replica dropped before it.</param>
/// <param name="Outputs">The outputs; empty if the shadow failed.</param>
internal sealed record ShadowComparison(
    Guid Id,
    string Model,
    int Version,
    int PrimaryVersion,
    DateTimeOffset OccurredAt,
    double PrimaryMs,
    double? ShadowMs,
    string? Error,
    long Dropped,
    IReadOnlyList<OutputComparison> Outputs
);
