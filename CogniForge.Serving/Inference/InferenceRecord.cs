using CogniForge.Serving.Models;

namespace CogniForge.Serving.Inference;

/// <summary>The fact that an inference was answered: stored, and announced as <see cref="EventType"/>.</summary>
/// <param name="Id">UUID version 7; who reads the record twice knows it by this.</param>
/// <param name="OccurredAt">When the answer was ready to be sent, UTC.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version that answered.</param>
/// <param name="Rows">The size of the batch.</param>
/// <param name="DurationMs">From the request to <paramref name="OccurredAt"/>, in milliseconds.</param>
/// <param name="TraceParent">The W3C trace context of the request; null: it was not traced.</param>
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

    /// <summary>The record of an inference that was answered at <paramref name="now"/>.</summary>
    public static InferenceRecord Create(
        ModelVersion version,
        int rows,
        TimeSpan duration,
        string? traceParent,
        DateTimeOffset now
    ) =>
        new(
            Guid.CreateVersion7(now),
            now.ToUniversalTime(),
            version.Name,
            version.Version,
            rows,
            duration.TotalMilliseconds,
            traceParent
        );
}
