using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference;

/// <summary>Performs an inference, and journals its record before the response is sent.</summary>
internal sealed class InferenceHandler(Journal<InferenceRecord> journal, ServiceDescription service, TimeProvider time)
{
    /// <summary>The maximum number of elements of a request's tensors: at 8 bytes each, 80 MB.</summary>
    private const int MaxElements = 10_000_000;

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

    /// <summary>Performs the inference, or returns the first error of the request.</summary>
    /// <param name="version">The version to use.</param>
    /// <param name="body">The request as JSON of the Open Inference Protocol.</param>
    /// <param name="started">The timestamp at which the request arrived.</param>
    /// <param name="response">The response, if the request is valid.</param>
    /// <param name="error">The first error, if it is not.</param>
    /// <exception cref="JournalFullException">The inference cannot be recorded, so no response may be sent.</exception>
    public bool TryExecute(
        ModelVersion version,
        ReadOnlySpan<byte> body,
        long started,
        [NotNullWhen(true)] out InferResponse? response,
        [NotNullWhen(false)] out FieldError? error
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
            !InferRequest.TryParse(body, MaxElements, out var request, out error)
            || !LogisticInference.TryInfer(version, request, out response, out error)
        )
        {
            activity?.SetStatus(ActivityStatusCode.Error, ErrorResponse.Describe(error.Value));
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
