using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.ProviderState;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.PassThrough;

/// <summary>
/// Runs the steps of a pass-through request: rate, body, targets, admission, calls of targets, record, response.
/// </summary>
internal sealed class PassThroughPipeline(
    CurrentConfig config,
    PassThroughTargets targets,
    AdmissionController admission,
    FallbackExecutor fallback,
    PassThroughAttempt attempt,
    OwnIds ownIds,
    ProviderStateRecorder providerState,
    Journal<RequestLogEntry> journal,
    GatewayTelemetry telemetry,
    TimeProvider time
)
{
    /// <summary>Responds to a request.</summary>
    /// <exception cref="OperationCanceledException">The client disconnected; that is recorded.</exception>
    /// <exception cref="BadHttpRequestException">The body is missing, too large or malformed.</exception>
    public async Task ExecuteAsync(PassThroughEndpoint endpoint, HttpContext http)
    {
        var api = endpoint.Protocol ?? ModelsEndpoints.GetProtocol(http);
        var (caller, writer, now) = (Caller.From(http.User), new ResponseWriter(http, api), time.GetUtcNow());

        // 1. Take the request from the rate of its key, before the body is read.
        var (permit, refusal) = await admission.TakeRequestAsync(caller, http.Request.ContentLength, writer, now);
        if ((refusal ?? permit?.Refusal) is { } limited)
        {
            var unread = new InferenceRequest
            {
                Protocol = api,
                Body = default,
                Model = "",
            };
            await writer.WriteErrorAsync(
                CreateRecorder(endpoint, unread, caller, null, now).RecordError(limited),
                http.RequestAborted
            );
            return;
        }

        var (request, errors) = await PassThroughRequest.ReadAsync(endpoint, http);
        if (errors.Count > 0)
        {
            await Problems.Invalid(errors).ExecuteAsync(http);
        }
        else if (await RespondAsync(request!, caller, permit!, writer, now) is not { } error)
        {
            return;
        }
        else if (http.Response.HasStarted && !IsEventStream(http.Response))
        {
            http.Abort(); // a file cannot end with an error
        }
        else
        {
            await writer.WriteErrorAsync(error, http.RequestAborted);
        }
    }

    private async Task<ErrorResponse?> RespondAsync(
        PassThroughRequest request,
        Caller caller,
        RequestPermit permit,
        ResponseWriter writer,
        DateTimeOffset now
    )
    {
        var (inference, requestAborted) = (request.Inference, request.Http.RequestAborted);
        var current = config.Value;

        // 2. Find the targets, and check that the key may use them and what the request refers to.
        var (route, refusal) = await targets.FindAsync(request, caller, current, now);
        var recorder = CreateRecorder(request.Endpoint, inference, caller, route?.Route.Name, now);
        if (route is null || refusal is not null)
        {
            return recorder.RecordError(refusal!);
        }

        // 3. Reserve what the request may need of the budgets and the rates.
        var project = current.Projects.Find(caller);
        var (admitted, notAdmitted) = await admission.AdmitAsync(
            new(caller, project, inference, route.Route, route.Targets, permit, now),
            current.Prices,
            writer,
            requestAborted
        );
        if (notAdmitted is not null)
        {
            return recorder.RecordError(notAdmitted);
        }

        using var lease = admitted!;
        var context = new InferenceContext
        {
            Id = recorder.Id,
            Caller = caller.Id,
            Request = inference,
            Route = route,
            Writer = writer,
            Lease = lease,
            Deadline = now + route.Total,
            RequestAborted = requestAborted,
            InFlight = null,
        };
        return await CallAsync(context, request, recorder);
    }

    private InferenceRecorder CreateRecorder(
        PassThroughEndpoint endpoint,
        InferenceRequest request,
        Caller caller,
        string? route,
        DateTimeOffset now
    )
    {
        var entry = InferenceRecorder.CreateEntry(request, caller, route, now) with { Protocol = endpoint.Operation };
        return new(request, entry, config.Value.Prices, journal, telemetry, time);
    }

    private async Task<ErrorResponse?> CallAsync(
        InferenceContext context,
        PassThroughRequest request,
        InferenceRecorder recorder
    )
    {
        // 4. Call the targets; a body that is streamed goes only to the first one that has the API.
        var targets = context.Lease.Targets;
        var first = targets.FirstOrDefault(t => t.Provider.Has(request.Protocol)) ?? targets[0];
        ResolvedTarget target;
        AttemptResult result;
        try
        {
            (target, result, _) = await fallback.ExecuteAsync(
                context.Caller,
                request.Endpoint.IsRepeatable ? targets : [first],
                (target, token) => AttemptAsync(context, request, target, token),
                context.Deadline,
                context.RequestAborted
            );
        }
        catch (UnsupportedByProviderException e)
        {
            return recorder.RecordError(new(ClientErrors.Unsupported(e)), context);
        }
        catch (BadHttpRequestException e)
        {
            recorder.RecordError(new(new(e.StatusCode, ErrorCategory.InvalidRequest, e.Message)), context);
            throw;
        }
        catch (OperationCanceledException)
        {
            recorder.RecordAborted(context);
            throw;
        }

        if (result.Error is { } error)
        {
            return result.HasBegun || result.HasUnknownCost
                ? recorder.RecordError(error, context, target, result)
                : recorder.RecordError(new(Describe(error, request, target), error.RetryAfter), context);
        }

        // 5. Record before the response ends, and before the client can use its ids.
        recorder.RecordResponse(context, target, result);
        await providerState.RecordAsync(context.Caller, target.Provider.Name, result.StateIds);
        if (result.Body is { } body)
        {
            var rewritten = await ownIds.RewriteAsync(request, context.Caller, body, context.RequestAborted);
            var headers = context.DescribeHeaders(target, result.ProviderRequestId, []);
            await context.Writer.WriteResponseAsync(headers, rewritten ?? body, context.RequestAborted);
        }

        return null;
    }

    private async Task<AttemptResult> AttemptAsync(
        InferenceContext context,
        PassThroughRequest request,
        ResolvedTarget target,
        CancellationToken requestAborted
    )
    {
        var result = await attempt.RunAsync(context, request, target, requestAborted);
        var isLast = result.Error is not null && !request.Endpoint.IsRepeatable;
        var mayCost = result is { Error: not null, HasBegun: false, HasUnknownCost: true };
        return isLast || (mayCost && !await context.Lease.TryReserveAgainAsync())
            ? result with
            {
                IsLast = true,
            }
            : result;
    }

    private static bool IsEventStream(HttpResponse response) =>
        response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true;

    /// <summary>Without a model, a missing resource is a file, a batch or a response.</summary>
    private static ClientError Describe(ProviderError error, PassThroughRequest request, ResolvedTarget target) =>
        error.Category == ErrorCategory.ModelNotFound && !request.Endpoint.HasModel
            ? new(404, ErrorCategory.InvalidRequest, error.Message, error.Param, error.Code)
            : ClientErrors.From(error, target);
}
