using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.Gateway;

/// <summary>Makes one attempt: calls a target and reads its response; forwards a stream except its end.</summary>
internal sealed class ProviderAttempt(
    IEnumerable<IProviderClient> clients,
    GatewayTelemetry telemetry,
    TimeProvider time
)
{
    // A shorter wait for a response proves no fault of the target.
    private static readonly TimeSpan _minTimeout = TimeSpan.FromSeconds(10);

    private readonly IProviderClient[] _clients = [.. clients];

    /// <summary>Makes the attempt.</summary>
    /// <exception cref="OperationCanceledException">The client disconnected.</exception>
    /// <exception cref="UnsupportedByProviderException">
    /// The target's protocol does not support a field of the request.
    /// </exception>
    public async Task<AttemptResult> RunAsync(
        InferenceContext context,
        ResolvedTarget target,
        CancellationToken requestAborted
    )
    {
        var request = context.Request;
        context.Attempts++;
        using var span = telemetry.Spans.Start(
            request.Protocol.Name(),
            target,
            request.Stream,
            request.MaxOutputTokens
        );
        using var capture = telemetry.Spans.Capture(span);
        var call = ProviderCall.Create(request, context.Route.Route, target, context.Lease);
        capture?.AddRequest(call.Adapter, call.Request.Body);
        request.BodyShare?.EndWork();
        var progress = new AttemptProgress(target);
        context.CurrentAttempt = progress;
        context.LastTarget = target.Id;
        var result = await SendAsync(context, call, progress, capture, requestAborted);
        context.CurrentAttempt = null;
        ProviderSpans.End(span, result);
        return result;
    }

    /// <summary>Sends the call; every failure except the client's disconnect becomes an error of the result.</summary>
    private async Task<AttemptResult> SendAsync(
        InferenceContext context,
        ProviderCall call,
        AttemptProgress progress,
        ContentCapture? capture,
        CancellationToken requestAborted
    )
    {
        var timeouts = progress.Target.Timeouts;
        var sent = time.GetTimestamp();
        using var timeout = new AttemptTimeout(
            context.Request.Stream ? timeouts.FirstToken : timeouts.Response,
            context.Deadline,
            time,
            requestAborted
        );
        try
        {
            var client = Array.Find(_clients, c => c.Serves(progress.Target.Provider.Kind))!;
            await using var response = await client.SendAsync(call.Request, timeout.Token);
            context.WaitTime += time.GetElapsedTime(sent);
            response.BeforeBytes = (bytes, token) => CountResponseAsync(context.Request, progress, bytes, token);
            if (response.Status >= 400)
            {
                var body = await response.ReadBodyAsync(timeout.Token);
                var error = ProviderErrorClassifier.ClassifyResponse(
                    response.Status,
                    body,
                    response.RetryAfter,
                    call.Request.Body
                );
                return AttemptResult.Failed(response.IsRequestedFailure ? error with { IsTargetFault = false } : error);
            }

            progress.Cooldown = response.RetryAfter ?? TimeSpan.Zero;
            var result = context.Request.Stream
                ? await ForwardAsync(context, call, progress, capture, timeout, response)
                : await ReadAsync(context.Request, call, progress, capture, response, timeout.Token);
            return result with { ProviderRequestId = response.RequestId, DroppedFields = call.DroppedFields };
        }
        catch (ProviderException e)
        {
            requestAborted.ThrowIfCancellationRequested();
            return progress.ToResult(e.Error);
        }
        catch (JsonException)
        {
            return progress.ToResult(new(ErrorCategory.InvalidResponse, "the response does not follow the protocol"));
        }
        catch (OperationCanceledException) when (timeout.HasExpired)
        {
            var isShort = timeout.EndsWithTotal || timeout.Limit < _minTimeout;
            return progress.ToResult(
                new(
                    ErrorCategory.Timeout,
                    timeout.EndsWithTotal ? "the route's total timeout expired"
                        : progress.HasBegun ? "the stream stalled"
                        : "no response in time"
                )
                {
                    IsTargetFault = isShort ? false : null,
                }
            );
        }
    }

    /// <summary>Waits until the key's other requests leave room for the bytes of a whole response.</summary>
    public static async ValueTask CountResponseAsync(
        InferenceRequest request,
        AttemptProgress progress,
        long bytes,
        CancellationToken cancellationToken
    )
    {
        if (request.BodyShare?.AddResponseAsync(bytes, cancellationToken).AsTask() is { } wait)
        {
            progress.HasWaitedForClient |= !wait.IsCompleted;
            await wait;
        }
    }

    private async Task<AttemptResult> ForwardAsync(
        InferenceContext context,
        ProviderCall call,
        AttemptProgress progress,
        ContentCapture? capture,
        AttemptTimeout timeout,
        ProviderResponse response
    )
    {
        var headers = context.DescribeHeaders(progress.Target, response.RequestId, call.DroppedFields);
        var forwarder = new StreamForwarder(context, call, headers, progress, capture, timeout, time);
        forwarder.OnActivity();
        var events = await response.HasEventsAsync(forwarder.OnActivity, timeout.Token)
            ? response.ReadEventsAsync(forwarder.FlushAsync, forwarder.OnActivity, timeout.Token)
            : ResponseBody.ReplayAsync(call.Adapter, progress, response, timeout.Token);
        return await forwarder.RunAsync(call.Translator is null ? events : SurrogateRepair.RepairAsync(events));
    }

    private static async Task<AttemptResult> ReadAsync(
        InferenceRequest request,
        ProviderCall call,
        AttemptProgress progress,
        ContentCapture? capture,
        ProviderResponse response,
        CancellationToken cancellationToken
    )
    {
        var body = await ResponseBody.ReadAsync(call.Adapter, progress, response, cancellationToken);
        body = call.Translator is null ? body : SurrogateRepair.RepairWhole(body);
        using var document = ResponseBody.Parse(progress, body);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The response is not a JSON object.");
        }

        if (ResponseBody.ReadMetadata(call.Adapter, progress, document.RootElement, body) is { } error)
        {
            return progress.ToResult(error);
        }

        capture?.AddResponse(document.RootElement);
        return progress.ToResult() with
        {
            StateIds = call.Adapter.ReadStateIds(document.RootElement),
            Body = call.Translator is null
                ? call.Adapter.ConvertToRequestedFormat(request.Body, document.RootElement, body)
                : JsonSerializer.SerializeToUtf8Bytes(
                    call.Translator.Response(request.Node, JsonObject.Create(document.RootElement)!),
                    WireJson.Options
                ),
        };
    }
}
