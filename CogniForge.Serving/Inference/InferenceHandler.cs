using System.Diagnostics;
using System.Diagnostics.Metrics;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;

namespace CogniForge.Serving.Inference;

/// <summary>Performs an inference, and journals its record before the response is sent.</summary>
internal sealed class InferenceHandler(
    ModelRepository models,
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

    /// <summary>Performs the inference, or returns the first error of the request.</summary>
    /// <param name="version">The version to use.</param>
    /// <param name="request">The request.</param>
    /// <param name="started">The timestamp at which the request arrived.</param>
    /// <param name="cancellationToken">Ends the inference.</param>
    /// <exception cref="InferenceFailedException">The version cannot be loaded, or did not answer.</exception>
    /// <exception cref="JournalFullException">The inference cannot be recorded, so no response may be sent.</exception>
    public async ValueTask<InferenceResult> ExecuteAsync(
        ModelVersion version,
        InferRequest request,
        long started,
        CancellationToken cancellationToken
    )
    {
        var traceParent = Activity.Current?.Id;
        using var activity = service.ActivitySource.StartActivity(
            "infer",
            ActivityKind.Internal,
            default(ActivityContext),
            [new("cogniforge.model.name", version.Name), new("cogniforge.model.version", version.Version)]
        );
        InferenceResult result;
        try
        {
            result = await RunAsync(version, request, cancellationToken);
        }
        catch (InferenceFailedException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }

        if (result.Error is { } error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, ErrorResponse.Describe(error));
            return result;
        }

        var duration = time.GetElapsedTime(started);
        var record = InferenceRecord.Create(version, request.Rows, duration, traceParent, time.GetUtcNow());
        journal.Append(record);
        observer.Observe(version, request, result.Response!, record);

        activity?.SetTag("cogniforge.inference.rows", request.Rows);
        var tag = new KeyValuePair<string, object?>("cogniforge.model.name", version.Name);
        _duration.Record(duration.TotalSeconds, tag);
        _rows.Add(request.Rows, tag);
        return result;
    }

    private async ValueTask<InferenceResult> RunAsync(
        ModelVersion version,
        InferRequest request,
        CancellationToken cancellationToken
    )
    {
        using var lease = await models.AcquireAsync(version, cancellationToken);
        if (InputValidator.Validate(request.Inputs, lease.Runner.Inputs) is { } invalid)
        {
            return new(null, invalid);
        }

        var outputs = await lease.Runner.InferAsync(request, cancellationToken);
        return InferResponse.TryBuild(
            request,
            version.Name,
            version.Version,
            outputs,
            out var response,
            out FieldError? error
        )
            ? new(response, null)
            : new(null, error);
    }
}
