using System.Diagnostics;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Experiments;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Routing;
using CogniForge.Serving.Runners;
using CogniForge.Serving.Shadows;

namespace CogniForge.Serving.Inference;

/// <summary>Performs an inference, and journals its record before the response is sent.</summary>
internal sealed class InferenceHandler(
    Router router,
    ModelRepository models,
    ExperimentAssigner experiments,
    ShadowMirror shadows,
    InferenceRecorder recorder,
    ServiceDescription service,
    TimeProvider time
)
{
    // An attempt that a deadline ends after this time counts as a failure of the version.
    private static readonly TimeSpan _slow = TimeSpan.FromSeconds(1);

    /// <summary>Performs the inference, or returns the first error of the request.</summary>
    /// <param name="target">What the request addresses.</param>
    /// <param name="request">The request.</param>
    /// <param name="unit">The unit that may take part in an experiment; null: none.</param>
    /// <param name="started">The timestamp at which the request arrived.</param>
    /// <param name="timeout">The time from its arrival that its client waits; null: as long as it is connected.</param>
    /// <param name="cancellationToken">Ends the inference.</param>
    /// <exception cref="InferenceFailedException">
    /// The version cannot be loaded, did not answer, or not in time.
    /// </exception>
    /// <exception cref="OverloadedException">Every version has its maximum of requests in flight.</exception>
    /// <exception cref="JournalFullException">The inference cannot be recorded, so no response may be sent.</exception>
    public ValueTask<InferenceResult> ExecuteAsync(
        InferenceTarget target,
        InferRequest request,
        ExperimentUnit? unit,
        long started,
        TimeSpan? timeout,
        CancellationToken cancellationToken
    ) =>
        timeout is { } limit
            ? ExecuteWithinAsync(target, request, unit, started, limit, cancellationToken)
            : ExecuteAsync(target, request, unit, started, cancellationToken, default);

    private async ValueTask<InferenceResult> ExecuteWithinAsync(
        InferenceTarget target,
        InferRequest request,
        ExperimentUnit? unit,
        long started,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        var left = limit - time.GetElapsedTime(started);
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await ExecuteAsync(target, request, unit, started, either.Token, deadline.Token);
        }
        catch (OperationCanceledException e)
            when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new InferenceFailedException(
                StatusCodes.Status504GatewayTimeout,
                $"The inference took longer than the {limit.TotalMilliseconds} ms that the request allows.",
                e
            );
        }
    }

    private async ValueTask<InferenceResult> ExecuteAsync(
        InferenceTarget target,
        InferRequest request,
        ExperimentUnit? unit,
        long started,
        CancellationToken cancellationToken,
        CancellationToken deadline
    )
    {
        await InferenceMemory.TakeInputsAsync(request, cancellationToken);

        // Its version is then as if the request had named it.
        var assignment =
            unit is null || target.Version is not null
                ? null
                : await experiments.AssignAndExposeAsync(target.Route.Name, unit, request.Id, cancellationToken);
        target = assignment is null ? target : target with { Version = assignment.Version };
        var traceParent = Activity.Current?.Id;
        var attempt = router.Enter(target, request);
        using var activity = service.ActivitySource.StartActivity(
            "infer",
            ActivityKind.Internal,
            default(ActivityContext),
            [new("cogniforge.model.name", attempt.Version.Name)]
        );
        InferenceResult result;
        try
        {
            try
            {
                result = await AttemptAsync(target, attempt, request, cancellationToken, deadline);
            }
            catch (Exception e) when (IsVersionFault(e, cancellationToken) && request.Texts?.HasText != true)
            {
                if (router.TryEnterFallback(target, attempt) is not { } fallback)
                {
                    throw;
                }

                attempt = fallback;
                result = await AttemptAsync(target, attempt, request, cancellationToken, deadline);
            }
        }
        catch (InferenceFailedException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }

        var version = attempt.Version;
        activity?.SetTag("cogniforge.model.version", version.Version);
        if (result.Error is { } error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, ErrorResponse.Describe(error));
            return result;
        }

        var duration = time.GetElapsedTime(started);
        shadows.Mirror(version, request, result.Response!.Outputs, duration);
        recorder.Record(version, request, result.Response, duration, traceParent);
        activity?.SetTag("cogniforge.inference.rows", request.Rows);
        return assignment is null
            ? result
            : new(result.Response! with { Parameters = assignment.ToParameters() }, null);
    }

    private async ValueTask<InferenceResult> AttemptAsync(
        InferenceTarget target,
        RouteTarget attempt,
        InferRequest request,
        CancellationToken cancellationToken,
        CancellationToken deadline
    )
    {
        var started = time.GetTimestamp();
        var outcome = AttemptOutcome.Unknown;
        try
        {
            var result = await RunAsync(attempt.Version, request, cancellationToken);
            outcome = AttemptOutcome.Succeeded;
            return result;
        }
        catch (InferenceFailedException e) when (e.Status < StatusCodes.Status500InternalServerError)
        {
            outcome = e.Status == StatusCodes.Status429TooManyRequests ? outcome : AttemptOutcome.Succeeded;
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A client with a very short timeout must not eject a version for the others.
            outcome =
                deadline.IsCancellationRequested && time.GetElapsedTime(started) >= _slow
                    ? AttemptOutcome.Failed
                    : outcome;
            throw;
        }
        catch (Exception e) when (e is not OverloadedException)
        {
            outcome = AttemptOutcome.Failed;
            throw;
        }
        finally
        {
            router.Exit(target, attempt, outcome, started);
        }
    }

    // A request that is wrong fails everywhere; a version that is overloaded, broken or away does not speak for others.
    private static bool IsVersionFault(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && exception
            is not InferenceFailedException
            {
                Status: < StatusCodes.Status500InternalServerError and not StatusCodes.Status429TooManyRequests
            };

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

        if (InferenceMemory.TakeOutputs(request, lease.Runner.Outputs) is { } tooLarge)
        {
            return new(null, tooLarge);
        }

        var outputs = await lease.Runner.InferAsync(request, cancellationToken);
        if (InferenceMemory.CheckOutputs(outputs) is { } tooLong)
        {
            return new(null, tooLong);
        }

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
