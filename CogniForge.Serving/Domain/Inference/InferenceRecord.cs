using CogniForge.Serving.Domain.Models;

namespace CogniForge.Serving.Domain.Inference;

/// <summary>What is measured of one inference.</summary>
/// <param name="Id">Identity, by which whoever reads records knows one that it has had: a UUID version 7.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version that was asked.</param>
/// <param name="Rows">The size of the batch; 0 where the request was not understood.</param>
/// <param name="Duration">From the request's headers to the moment at which the answer was ready to be sent.</param>
/// <param name="Status">How it ended.</param>
/// <param name="TraceParent">The trace that it was part of, as in the <c>traceparent</c> header (W3C Trace Context); null outside a trace.</param>
/// <param name="OccurredAt">The end of <paramref name="Duration"/>, in UTC.</param>
internal sealed record InferenceRecord(
    Guid Id, string Model, int Version, int Rows, TimeSpan Duration, InferenceStatus Status, string? TraceParent, DateTimeOffset OccurredAt)
{
    /// <summary>The record of an inference that ended at <paramref name="now"/>.</summary>
    public static InferenceRecord Create(ModelVersion version, int rows, TimeSpan duration, InferenceStatus status, string? traceParent, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), version.Name, version.Version, rows, duration, status, traceParent, now.ToUniversalTime());
}
