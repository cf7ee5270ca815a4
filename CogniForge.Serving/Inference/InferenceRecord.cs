using CogniForge.ServiceDefaults;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Inference;

/// <summary>The record of a completed inference: stored, and published as <see cref="EventType"/>.</summary>
/// <param name="Id">UUID version 7; consumers use it to ignore duplicates.</param>
/// <param name="OccurredAt">When the response was ready to send, UTC.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version that made the inference.</param>
/// <param name="Rows">The batch size.</param>
/// <param name="DurationMs">From the request to <paramref name="OccurredAt"/>, in milliseconds.</param>
/// <param name="TraceParent">The request's W3C trace context; null if it was not traced.</param>
internal sealed record InferenceRecord(
    Guid Id,
    DateTimeOffset OccurredAt,
    string Model,
    int Version,
    int Rows,
    double DurationMs,
    string? TraceParent
)
{
    /// <summary>The type of the event whose body is an array of these records.</summary>
    public const string EventType = "serving.inference.recorded.v1";

    /// <summary>Creates the record of an inference that completed at <paramref name="now"/>.</summary>
    public static InferenceRecord Create(
        ModelVersion version,
        int rows,
        TimeSpan duration,
        string? traceParent,
        DateTimeOffset now
    ) =>
        new(
            OrderedId.Create(now),
            now.ToUniversalTime(),
            version.Name,
            version.Version,
            rows,
            duration.TotalMilliseconds,
            traceParent
        );
}
