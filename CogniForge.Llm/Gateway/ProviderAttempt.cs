using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.Gateway;

/// <summary>Makes one attempt: calls a target and reads its response; forwards a stream except its end.</summary>
internal sealed class ProviderAttempt(ProviderCaller caller, GatewayTelemetry telemetry, TimeProvider time)
{
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
        var call = await CreateCallAsync(context, target, requestAborted);
        capture?.AddRequest(call.Adapter, call.Request.Body);
        var result = await caller.SendAsync(
            context,
            target,
            call.Request,
            request.Stream ? target.Timeouts.FirstToken : target.Timeouts.Response,
            async (response, progress, timeout) =>
            {
                var read = request.Stream
                    ? await ForwardAsync(context, call, progress, capture, timeout, response)
                    : await ReadAsync(request, call, progress, capture, response, timeout.Token);
                return read with { DroppedFields = call.DroppedFields };
            },
            requestAborted
        );
        ProviderSpans.End(span, result);
        return result;
    }

    private static async Task<ProviderCall> CreateCallAsync(
        InferenceContext context,
        ResolvedTarget target,
        CancellationToken requestAborted
    )
    {
        var (request, route) = (context.Request, context.Route.Route);
        using var turn = request.BodyShare is { } share ? await share.TakeTurnAsync(requestAborted) : null;
        return ProviderCall.Create(request, route, target, context.Lease, requestAborted);
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
        var forwarder = new StreamForwarder(context, call, response, headers, progress, capture, timeout, time);
        forwarder.OnActivity();
        var events = await response.HasEventsAsync(forwarder.OnActivity, timeout.Token)
            ? response.ReadEventsAsync(forwarder.FlushAsync, forwarder.OnActivity, timeout.Token)
            : ResponseBody.ReplayAsync(call.Adapter, progress, response, timeout.Token);
        return await forwarder.RunAsync(
            (call.Adapter.Protocol == Protocol.ChatCompletions, call.Translator is not null) switch
            {
                (true, true) => ContentParts.JoinAsync(
                    LegacyFunctionCall.ConvertAsync(SurrogateRepair.RepairAsync(events))
                ),
                (true, false) => ContentParts.JoinAsync(ToolCallRepair.RepairAsync(events)),
                (false, true) => SurrogateRepair.RepairAsync(events),
                _ => events,
            }
        );
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
        var isTranslated = call.Translator is not null;
        var body = await ResponseBody.ReadAsync(call.Adapter, progress, response, isTranslated, cancellationToken);
        body = (call.Adapter.Protocol == Protocol.ChatCompletions, isTranslated) switch
        {
            (true, true) => ContentParts.JoinWhole(LegacyFunctionCall.ConvertWhole(SurrogateRepair.RepairWhole(body))),
            (true, false) => ContentParts.JoinWhole(ToolCallRepair.RepairWhole(body)),
            (false, true) => SurrogateRepair.RepairWhole(body),
            _ => body,
        };
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
        cancellationToken.ThrowIfCancellationRequested();
        return progress.ToResult() with
        {
            StateIds = call.Adapter.ReadStateIds(document.RootElement),
            Body = call.Translator is null
                ? call.Adapter.ConvertToRequestedFormat(
                    request.Body,
                    document.RootElement,
                    call.Adapter.Protocol == Protocol.ChatCompletions ? ChoiceRepair.RepairWhole(body) : body
                )
                : Translate(call.Translator, request, progress, body, cancellationToken),
        };
    }

    private static ReadOnlyMemory<byte> Translate(
        ITranslator translator,
        InferenceRequest request,
        AttemptProgress progress,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        var response = StrictJson.ParseInPlace(body);
        TranslatedUsage.Complete(
            translator.Provider,
            response,
            progress.Metadata,
            TokenEstimator.Complete(progress.Metadata, request, progress.Output, progress.Target.Model)
        );
        cancellationToken.ThrowIfCancellationRequested();
        var translated = translator.Response(request.Node, response);
        cancellationToken.ThrowIfCancellationRequested();
        return WireJson.Write(translated, body.Length);
    }
}
