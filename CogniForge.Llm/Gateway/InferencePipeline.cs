using System.Diagnostics;
using System.Text.Json.Nodes;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Gateway;

/// <summary>Answers a request: finds its route, looks into the cache, has its key admit it, and asks the route's targets; what happened is recorded before the answer ends.</summary>
internal sealed class InferencePipeline(
    CurrentConfig config,
    AdmissionController desk,
    ResponseCache cache,
    ConversationAffinity affinity,
    FallbackExecutor fallback,
    Journal<RequestLogEntry> journal,
    GatewayTelemetry telemetry,
    TimeProvider time
)
{
    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="writer">Where the answer goes.</param>
    /// <param name="clientGone">The client has gone.</param>
    /// <returns>Null when the client has its answer.</returns>
    /// <exception cref="OperationCanceledException">The client has gone; that is recorded.</exception>
    /// <exception cref="JournalFullException">The answer cannot be recorded, so it is not given.</exception>
    public async Task<GatewayFailure?> ExecuteAsync(
        InferenceRequest request,
        Caller caller,
        IResponseWriter writer,
        CancellationToken clientGone
    )
    {
        var now = time.GetUtcNow();
        var current = config.Value;
        var resolved = current.Routes.Resolve(request.Model);
        var recorder = new InferenceRecorder(
            request,
            NewRecord(request, caller, resolved?.Route.Name, now),
            current.Prices,
            journal,
            telemetry,
            time
        );
        if (resolved is not { } route)
        {
            return recorder.RecordFailure(
                new(ClientErrors.UnknownModel(request.Model, current.Routes.Missing(request.Model)))
            );
        }

        if (AdmissionController.CheckRoute(caller, request, route.Route) is { } forbidden)
        {
            return recorder.RecordFailure(forbidden);
        }

        var lookup = await cache.LookUpAsync(request, route.Route, caller.Id, clientGone);
        if (lookup.Answer is { } cached)
        {
            recorder.RecordCachedResponse(cached);
            await ResponseAgainAsync(
                new(
                    recorder.Id,
                    route.Route.Name,
                    cached.Target,
                    null,
                    [],
                    CacheStatus.Hit,
                    time.GetUtcNow() - cached.StoredAt
                ),
                request,
                cached,
                writer,
                clientGone
            );
            return null;
        }

        var timeouts = EffectiveTimeouts.From(route.Route.Timeouts);
        var claimant = new AdmissionRequest(
            recorder.Id,
            caller,
            request,
            route.Route,
            affinity.Order(route, request),
            now,
            now + timeouts.Total
        );
        var (admission, refusal) = await AdmitAsync(claimant, current, lookup.Flight, writer, clientGone);
        if (refusal is not null)
        {
            return recorder.RecordFailure(refusal);
        }

        using var lease = admission!;
        var context = new InferenceContext
        {
            Recording = recorder,
            Request = request,
            Route = route,
            Writer = writer,
            Admitted = lease,
            Timeouts = timeouts,
            Deadline = claimant.Deadline,
            RequestAborted = clientGone,
            Flight = lookup.Flight,
        };
        try
        {
            var (target, result) = await fallback.ExecuteAsync(context, lease.Targets);
            if (result.Failure is { } error)
            {
                return recorder.RecordFailure(context, target, result, error);
            }

            affinity.Answered(route, request, lease.Targets, target);
            return null;
        }
        catch (UnsupportedByProviderException e)
        {
            return recorder.RecordFailure(context, new(new(400, ErrorCategory.InvalidRequest, e.Message, e.Path)));
        }
        catch (OperationCanceledException)
        {
            recorder.RecordAborted(context);
            throw;
        }
        finally
        {
            if (lookup.Flight is { } inFlight)
            {
                await inFlight.CompleteAsync(context.ToCache);
            }
        }
    }

    private static RequestLogEntry NewRecord(
        InferenceRequest request,
        Caller caller,
        string? route,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            OccurredAt = now,
            Caller = caller.Id,
            User = request.User,
            Route = route,
            RequestedModel = request.Model,
            Model = request.Model,
            Protocol = request.Protocol.Name(),
            Streamed = request.Stream,

            // The request's own span, not that of a call: a consumer's span is a sibling of the provider's call, not a part of it.
            TraceParent = Activity.Current?.Id,
        };

    /// <summary>Asks whether the key's limits bear the request; where they do not, nobody waits for its answer any longer.</summary>
    private async ValueTask<(AdmissionLease? Admitted, GatewayFailure? Refusal)> AdmitAsync(
        AdmissionRequest request,
        GatewayConfig current,
        InFlightRequest? inFlight,
        IResponseWriter writer,
        CancellationToken clientGone
    )
    {
        var (lease, refusal) = (default(AdmissionLease), default(GatewayFailure));
        try
        {
            (lease, refusal) = await desk.AdmitAsync(request, current.Prices, writer, clientGone);
            return (lease, refusal);
        }
        finally
        {
            if (lease is null && inFlight is not null)
            {
                await inFlight.CompleteAsync(null);
            }
        }
    }

    private static async Task ResponseAgainAsync(
        ResponseInfo description,
        InferenceRequest request,
        CachedResponse cached,
        IResponseWriter writer,
        CancellationToken clientGone
    )
    {
        if (!request.Stream)
        {
            await writer.WriteAnswerAsync(description, cached.Body, clientGone);
            return;
        }

        var adapter = ProtocolAdapters.For(request.Protocol);
        writer.BeginStream(description);
        foreach (var item in adapter.Replay((JsonObject)JsonNode.Parse(cached.Body)!))
        {
            if (
                request.WantsUsage
                || request.Protocol != Protocol.ChatCompletions
                || adapter.CreateStreamReader().Read(item) != StreamEventKind.Usage
            )
            {
                await writer.WriteEventAsync(item, clientGone);
            }
        }

        foreach (var item in adapter.StreamEnd)
        {
            await writer.WriteEventAsync(item, clientGone);
        }
    }
}
