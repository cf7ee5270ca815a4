using CogniForge.Llm.Caching;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;
using CogniForge.Messaging.Journal;

namespace CogniForge.Llm.Gateway;

/// <summary>Records the end of one request: in the key's limits, the journal and the metrics.</summary>
internal sealed class InferenceRecorder(
    InferenceRequest request,
    RequestLogEntry entry,
    PriceTable prices,
    Journal<RequestLogEntry> journal,
    GatewayTelemetry telemetry,
    TimeProvider time
)
{
    private static readonly ProviderError _aborted = new(ErrorCategory.Network, "The client disconnected.");

    private readonly long _started = time.GetTimestamp();
    private readonly CostRecorder _costs = new(request, prices, telemetry);

    /// <summary>The gateway's id of the request.</summary>
    public Guid Id => entry.Id;

    /// <summary>Records a complete response.</summary>
    /// <exception cref="JournalFullException">The journal accepts no more entries.</exception>
    public RequestLogEntry RecordResponse(InferenceContext context, ResolvedTarget target, AttemptResult result)
    {
        var recorded = AddTimes(AddCost(context, target, result), context);
        recorded = Commit(recorded, context);
        journal.Append(recorded);
        telemetry.RecordResponse(recorded, time.GetElapsedTime(_started) - context.WaitTime);
        return recorded;
    }

    /// <summary>Records a cached response: it costs nothing, and saves the cost of the original.</summary>
    /// <exception cref="JournalFullException">The journal accepts no more entries.</exception>
    public void RecordCachedResponse(CachedResponse cached)
    {
        var recorded = AddTimes(entry.With(cached.Usage), null) with
        {
            Provider = cached.Provider,
            Model = cached.Model,
            FinishReason = cached.FinishReason,
            Cached = true,
            Cost = 0,
            Saved = cached.Cost,
        };
        journal.Append(recorded);
        telemetry.RecordCachedResponse(recorded);
    }

    /// <summary>
    /// Counts the cost of the last attempt if it failed: another one follows, or none is possible. A provider also
    /// charges for a response that cannot be used.
    /// </summary>
    public void CountFailedAttempt(InferenceContext context)
    {
        if (context.FailedAttempt is not { } failed)
        {
            return;
        }

        context.FailedAttempt = null;
        if (failed.Result.IsPaid && !IsCounted(context, failed.Result))
        {
            var recorded = AddCost(context, failed.Target, failed.Result);
            context.FailedAttemptsCost += recorded.Cost ?? 0;
            context.IsFailedCostEstimated |= recorded.Estimated;
        }
    }

    /// <summary>Records an error of the request itself.</summary>
    /// <param name="error">The error.</param>
    /// <param name="context">The context; null: the request was not admitted.</param>
    /// <returns>The error response with the ids of request, route and target.</returns>
    public ErrorResponse RecordError(ErrorResponse error, InferenceContext? context = null)
    {
        if (context is not null)
        {
            CountFailedAttempt(context);
        }

        return RecordError(entry, error, context);
    }

    /// <summary>Records an error of a target. What arrived of a stream has its cost.</summary>
    /// <inheritdoc cref="RecordError(ErrorResponse, InferenceContext?)"/>
    public ErrorResponse RecordError(
        ProviderError error,
        InferenceContext context,
        ResolvedTarget target,
        AttemptResult result
    ) =>
        RecordError(
            result.IsLast || (result.IsPaid && !IsCounted(context, result))
                ? AddCost(context, target, result)
                : entry with
                {
                    Provider = target.Provider.Name,
                    Model = result.Metadata?.Model ?? target.Model,
                },
            new(ClientErrors.From(error, target), error.RetryAfter),
            context
        );

    /// <summary>
    /// Records that the client disconnected before the response was complete. Providers charge for the output so far.
    /// </summary>
    public void RecordAborted(InferenceContext context)
    {
        CountFailedAttempt(context);
        var recorded = entry;
        if (context.CurrentAttempt is { } attempt)
        {
            var result = attempt.ToResult(attempt.Reader?.IsComplete == true ? null : _aborted);
            recorded = AddCost(context, attempt.Target, result);
        }

        RecordError(recorded, new(ClientErrors.Disconnected), context);
    }

    /// <summary>Whether the lease has counted an attempt that another one could follow.</summary>
    private static bool IsCounted(InferenceContext context, AttemptResult result) =>
        context.Lease.HasBudget && !result.IsLast && result.MayCostBesideAnother;

    /// <summary>
    /// Adds the cost. A budget counts the maximum unless the usage is final: a client could exceed it otherwise by
    /// disconnecting in time, and reasoning tokens are not seen before the usage.
    /// </summary>
    private RequestLogEntry AddCost(InferenceContext context, ResolvedTarget target, AttemptResult result)
    {
        if (request.IsFree)
        {
            return entry with
            {
                Provider = target.Provider.Name,
                Model = result.Metadata?.Model ?? target.Model,
                Attempts = context.Attempts,
                Cost = 0,
            };
        }

        var recorded = _costs.AddCost(entry, context, target, result.Metadata, result.Output, result.Error is null);
        return result.HasUnknownCost && context.Lease.MaxCost is { } cost
            ? recorded with
            {
                Cost = cost,
                Estimated = true,
            }
            : recorded;
    }

    private static RequestLogEntry Commit(RequestLogEntry recorded, InferenceContext context)
    {
        context.Lease.Commit(recorded);
        var maximum = context.Lease.FailedAttemptsCost;
        var failed = maximum + context.FailedAttemptsCost;
        return failed > 0
            ? recorded with
            {
                Cost = (recorded.Cost ?? 0) + failed,
                Estimated = recorded.Estimated || context.IsFailedCostEstimated || maximum > 0,
            }
            : recorded;
    }

    private ErrorResponse RecordError(RequestLogEntry recorded, ErrorResponse error, InferenceContext? context)
    {
        recorded = AddTimes(recorded, context) with
        {
            Status = error.Error.Status,
            Error = error.Error.Category.Name(),
            Attempts = context?.Attempts ?? 0,
        };
        recorded = context is null ? recorded : Commit(recorded, context);
        telemetry.RecordError(recorded);
        try
        {
            journal.Append(recorded);
        }
        catch (JournalFullException)
        {
            // The client receives the original error.
        }

        return error with
        {
            Error = error.Error with { RequestId = entry.Id.ToString() },
            Route = entry.Route,
            Target = context?.LastTarget,
        };
    }

    private RequestLogEntry AddTimes(RequestLogEntry recorded, InferenceContext? context) =>
        recorded with
        {
            DurationMs = time.GetElapsedTime(_started).TotalMilliseconds,
            FirstChunkMs = context?.FirstChunk is { } first
                ? time.GetElapsedTime(_started, first).TotalMilliseconds
                : null,
        };
}
