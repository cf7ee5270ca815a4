using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits;
using CogniForge.Llm.ProviderState;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.PassThrough;

/// <summary>
/// Runs the steps of a pass-through request: rate, body, targets, admission, calls of targets, record, response.
/// </summary>
internal sealed class PassThroughPipeline(
    CurrentConfig config,
    RequestGate gate,
    PassThroughTargets targets,
    RequestExecutor executor,
    PassThroughAttempt attempt,
    OwnIds ownIds,
    ProviderStateRecorder providerState,
    InferenceRecorderFactory recorders,
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
        var permit = await gate.TakeAsync(
            api,
            endpoint.Operation,
            caller,
            http.Request.ContentLength,
            canBeCached: false,
            writer,
            http.RequestAborted
        );
        if (permit is null)
        {
            return;
        }

        try
        {
            await RespondAsync(endpoint, http, caller, permit, writer, now);
        }
        finally
        {
            await gate.EndAsync(caller, permit);
        }
    }

    private async Task RespondAsync(
        PassThroughEndpoint endpoint,
        HttpContext http,
        Caller caller,
        RequestPermit permit,
        ResponseWriter writer,
        DateTimeOffset now
    )
    {
        var (request, errors) = await PassThroughRequest.ReadAsync(endpoint, http);
        if (errors.Count > 0)
        {
            await Problems.Invalid(errors).ExecuteAsync(http);
        }
        else if (await RespondAsync(request!, caller, permit, writer, now) is not { } error)
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
        var (inference, current) = (request.Inference, config.Value);

        // 2. Find the targets, and check that the key may use them and what the request refers to.
        var (route, notFound) = await targets.FindAsync(request, caller, current, now);
        var recorder = recorders.Create(inference, request.Endpoint.Operation, caller, route?.Route.Name, now);
        if (route is null || notFound is not null)
        {
            return recorder.RecordError(notFound!);
        }

        // 3. Reserve what the request may need of the budgets and the rates.
        var project = current.Projects.Find(caller);
        var (context, refusal) = await executor.AdmitAsync(
            new(caller, project, inference, route.Route, route.Targets, permit, now),
            route,
            current.Prices,
            recorder,
            writer,
            inFlight: null,
            request.Http.RequestAborted
        );
        if (context is null)
        {
            return refusal;
        }

        using var lease = context.Lease;
        return await CallAsync(context, request, recorder);
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
        var (last, unsupported) = await executor.CallAsync(
            context,
            recorder,
            request.Endpoint.IsRepeatable ? targets : [first],
            (target, token) => attempt.RunAsync(context, request, target, token)
        );
        if (last is not var (target, result, _))
        {
            return unsupported;
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

    private static bool IsEventStream(HttpResponse response) =>
        response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true;

    /// <summary>Without a model, a missing resource is a file, a batch or a response.</summary>
    private static ClientError Describe(ProviderError error, PassThroughRequest request, ResolvedTarget target) =>
        error.Category == ErrorCategory.ModelNotFound && !request.Endpoint.HasModel
            ? new(404, ErrorCategory.InvalidRequest, error.Message, error.Param, error.Code)
            : ClientErrors.From(error, target);
}
