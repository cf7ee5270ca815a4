using System.Diagnostics.Metrics;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference;

/// <summary>Records each completed inference: in the journal, in metrics, and as captured predictions.</summary>
internal sealed class InferenceRecorder(
    Journal<InferenceRecord> journal,
    IInferenceObserver observer,
    ServiceDescription service,
    TimeProvider time
)
{
    private readonly Histogram<double> _duration = service.Meter.CreateHistogram(
        "cogniforge.inference.duration",
        "s",
        "Duration of inferences, from the request to the response",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
        }
    );

    private readonly Counter<long> _rows = service.Meter.CreateCounter<long>(
        "cogniforge.inference.rows",
        "{row}",
        "Rows scored"
    );

    /// <summary>Records an inference before its response is sent.</summary>
    /// <param name="version">The version that made it.</param>
    /// <param name="request">Its request.</param>
    /// <param name="response">Its response.</param>
    /// <param name="duration">The time from the request to the response.</param>
    /// <param name="traceParent">The request's W3C trace context; null if it is not traced.</param>
    /// <exception cref="JournalFullException">The inference cannot be recorded, so no response may be sent.</exception>
    public void Record(
        ModelVersion version,
        InferRequest request,
        InferResponse response,
        TimeSpan duration,
        string? traceParent
    )
    {
        var record = InferenceRecord.Create(version, request.Rows, duration, traceParent, time.GetUtcNow());
        journal.Append(record);
        observer.Observe(version, request, response, record);
        var tag = new KeyValuePair<string, object?>("cogniforge.model.name", version.Name);
        _duration.Record(duration.TotalSeconds, tag);
        _rows.Add(request.Rows, tag);
    }
}
