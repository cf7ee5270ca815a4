using CogniForge.Llm.Caching;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.ProviderState;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Runs the steps of a request, which <see cref="InferenceEndpoints"/> has parsed: route, cache, admission, calls of
/// targets, record, end of the response, storing into the cache. Only this class decides how a request ends.
/// </summary>
internal sealed class InferencePipeline(
    CurrentConfig config,
    AdmissionController admission,
    StatefulReferenceChecker references,
    ResponseCache cache,
    ConversationAffinity affinity,
    RequestExecutor executor,
    ProviderAttempt attempt,
    ProviderStateRecorder providerState,
    InferenceRecorderFactory recorders,
    TimeProvider time
)
{
    /// <summary>Responds to a request.</summary>
    /// <exception cref="OperationCanceledException">The client disconnected; that is recorded.</exception>
    /// <exception cref="JournalFullException">The journal is full, so the client gets no response.</exception>
    public async Task ExecuteAsync(
        InferenceRequest request,
        Caller caller,
        RequestPermit permit,
        IResponseWriter writer,
        CancellationToken requestAborted
    )
    {
        if (await RespondAsync(request, caller, permit, writer, requestAborted) is { } error)
        {
            await writer.WriteErrorAsync(error, requestAborted);
        }
    }

    private async Task<ErrorResponse?> RespondAsync(
        InferenceRequest request,
        Caller caller,
        RequestPermit permit,
        IResponseWriter writer,
        CancellationToken requestAborted
    )
    {
        var now = time.GetUtcNow();
        var current = config.Value;
        var project = current.Projects.Find(caller);

        // 1. Find the route, and check that the key may use it, and what the request refers to.
        var resolved = current.Routes.Resolve(request.Model);
        var recorder = recorders.Create(request, request.Protocol.Name(), caller, resolved?.Route.Name, now);
        if (resolved is not { } route)
        {
            var missing = current.Routes.FindMissingProvider(request.Model);
            return recorder.RecordError(permit.Refusal ?? new(ClientErrors.UnknownModel(request.Model, missing)));
        }

        if (RouteAccess.Check(caller, current.Projects, request, route.Route.Name) is { } forbidden)
        {
            return recorder.RecordError(permit.Refusal ?? forbidden);
        }

        // Only a cached response could still be given.
        if (permit.Refusal is not null && route.Route.Cache is null)
        {
            return recorder.RecordError(permit.Refusal);
        }

        if (await references.CheckAsync(request, route, caller.Id, requestAborted) is { } foreign)
        {
            return recorder.RecordError(permit.Refusal ?? foreign);
        }

        // 2. Reuse a cached response, or that of an identical request in flight.
        var early = new ResponseHeaders(recorder.Id, route.Route.Name, null, null, [], null);
        if (request.Stream)
        {
            writer.StartKeepAlives(route.Targets[0].Timeouts.KeepAlive, early, time);
        }

        var lookup = await cache.LookUpAsync(request, route, caller, project, requestAborted);
        if (lookup.Response is { } cached)
        {
            admission.PutBack(caller, permit);
            recorder.RecordCachedResponse(cached);
            var age = time.GetUtcNow() - cached.StoredAt;
            var headers = early with { Target = cached.Target, Cache = CacheStatus.Hit, Age = age };
            await writer.ReplayAsync(request, headers, cached.Body, requestAborted);
            return null;
        }

        // 3. Reserve what the request may need of the budget and the rates.
        await using var inFlight = lookup.InFlight;
        if (permit.Refusal is not null)
        {
            return recorder.RecordError(permit.Refusal);
        }

        var conversation = route.Targets.Count > 1 ? request.Conversation : null; // not hashed for a single target
        var targets = affinity.Order(route, caller.Id, conversation);
        var (context, refusal) = await executor.AdmitAsync(
            new(caller, project, request, route.Route, targets, permit, now),
            route,
            current.Prices,
            recorder,
            writer,
            inFlight,
            requestAborted
        );
        if (context is null)
        {
            return refusal;
        }

        using var lease = context.Lease;
        return await CallAsync(context, recorder, conversation);
    }

    /// <summary>Runs the remaining steps of an admitted request.</summary>
    private async Task<ErrorResponse?> CallAsync(
        InferenceContext context,
        InferenceRecorder recorder,
        string? conversation
    )
    {
        // 4. Call the targets, with retries and fallback; forward a stream as it arrives, except its end.
        var (last, unsupported) = await executor.CallAsync(
            context,
            recorder,
            context.Lease.Targets,
            (target, token) => attempt.RunAsync(context, target, token)
        );
        if (last is not var (target, result, _))
        {
            return unsupported;
        }

        if (result.Error is { } error)
        {
            return recorder.RecordError(error, context, target, result);
        }

        affinity.Pin(context.Route, context.Caller, conversation, context.Lease.Targets, target);

        // 5. Record before the end of the response: the client gets no response that is not recorded.
        var recorded = recorder.RecordResponse(context, target, result);
        await providerState.RecordAsync(context.Caller, target.Provider.Name, result.StateIds);

        // 6. Cache it; identical requests get it now, however slowly this client reads.
        var cached =
            context is { InFlight: { } inFlight, IsCacheable: true } && result.Body is not null
                ? inFlight.CompleteAsync(CreateCachedResponse(inFlight, context, target, result, recorded))
                : ValueTask.CompletedTask;
        try
        {
            // 7. End the response: write the terminator of a stream, otherwise the whole response.
            await EndAsync(context, target, result);
        }
        finally
        {
            await cached;
        }

        return null;
    }

    private static async Task EndAsync(InferenceContext context, ResolvedTarget target, AttemptResult result)
    {
        if (context.Request.Stream)
        {
            await context.Writer.EndStreamAsync(context.Request.Protocol, context.RequestAborted);
            return;
        }

        var headers = context.DescribeHeaders(target, result.ProviderRequestId, result.DroppedFields);
        await context.Writer.WriteResponseAsync(headers, result.Body!.Value, context.RequestAborted);
    }

    private CachedResponse CreateCachedResponse(
        InFlightRequest inFlight,
        InferenceContext context,
        ResolvedTarget target,
        AttemptResult result,
        RequestLogEntry recorded
    )
    {
        var now = time.GetUtcNow();
        return new(
            result.Body!.Value.ToArray(),
            recorded.Provider,
            recorded.Model,
            target.Id,
            recorded.FinishReason,
            TokenEstimator.Complete(result.Metadata, context.Request, result.Output, target.Model),
            recorded.Cost,
            now,
            now + inFlight.Lifetime,
            inFlight.Tags
        );
    }
}
