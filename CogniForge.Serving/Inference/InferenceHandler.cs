using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Inference;

/// <summary>Answers an inference request by a model version, and records the answer before it is given.</summary>
internal sealed class InferenceHandler(Journal<InferenceRecord> journal, ServiceDescription service, TimeProvider time)
{
    /// <summary>The most elements of a request's tensors together: eight bytes each, so 80 MB.</summary>
    private const int MaxElements = 10_000_000;

    private readonly Histogram<double> _duration = service.Meter.CreateHistogram(
        "cogniforge.inference.duration",
        "s",
        "Duration of inferences, from the request to the answer",
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

    /// <summary>Answers a request, or says the first rule that it breaks.</summary>
    /// <param name="version">The version that answers.</param>
    /// <param name="body">The request, as the Open Inference Protocol's JSON.</param>
    /// <param name="started">The timestamp at which the request came.</param>
    /// <param name="response">The answer.</param>
    /// <param name="broken">What is wrong otherwise.</param>
    /// <exception cref="JournalFullException">The answer cannot be recorded, so it is not given.</exception>
    public bool TryExecute(
        ModelVersion version,
        ReadOnlySpan<byte> body,
        long started,
        [NotNullWhen(true)] out InferResponse? response,
        [NotNullWhen(false)] out BrokenRule? broken
    )
    {
        response = null;
        var traceParent = Activity.Current?.Id;
        using var activity = service.ActivitySource.StartActivity(
            "infer",
            ActivityKind.Internal,
            default(ActivityContext),
            [new("cogniforge.model.name", version.Name), new("cogniforge.model.version", version.Version)]
        );
        if (
            !InferRequest.TryParse(body, MaxElements, out var request, out broken)
            || !LogisticInference.TryInfer(version, request, out response, out broken)
        )
        {
            activity?.SetStatus(ActivityStatusCode.Error, broken.ToString());
            return false;
        }

        var duration = time.GetElapsedTime(started);
        journal.Append(InferenceRecord.Create(version, request.Rows, duration, traceParent, time.GetUtcNow()));

        activity?.SetTag("cogniforge.inference.rows", request.Rows);
        var tag = new KeyValuePair<string, object?>("cogniforge.model.name", version.Name);
        _duration.Record(duration.TotalSeconds, tag);
        _rows.Add(request.Rows, tag);
        return true;
    }
}
