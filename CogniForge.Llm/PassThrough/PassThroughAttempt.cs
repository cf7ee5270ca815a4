using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CogniForge.Llm.BudgetedRequests;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.PassThrough;

/// <summary>Makes one attempt: calls a target and reads its JSON, or passes on what arrives.</summary>
internal sealed class PassThroughAttempt(ProviderCaller caller, GatewayTelemetry telemetry, TimeProvider time)
{
    // Of the provider's own features, these endpoints need those of files and batches.
    private static readonly string[] _betas = [.. BetaHeaders.Default, "files-api-*", "message-batches-*"];

    /// <summary>Makes the attempt; it is the last one if the request cannot be repeated.</summary>
    /// <exception cref="OperationCanceledException">The client disconnected.</exception>
    /// <exception cref="BadHttpRequestException">The client's body is too large or broke off.</exception>
    /// <exception cref="UnsupportedByProviderException">The provider does not have the API.</exception>
    public async Task<AttemptResult> RunAsync(
        InferenceContext context,
        PassThroughRequest request,
        ResolvedTarget target,
        CancellationToken requestAborted
    )
    {
        if (!target.Provider.Has(request.Protocol))
        {
            throw new UnsupportedByProviderException(
                "model",
                $"must name a model that serves {request.Endpoint.Path}; {target.Id} does not"
            );
        }

        context.Attempts++;
        using var span = telemetry.Spans.Start(
            request.Endpoint.Operation,
            target,
            context.Request.Stream,
            context.Request.MaxOutputTokens
        );
        var timeouts = target.Timeouts;
        var result = await caller.SendAsync(
            context,
            target,
            Create(context, request, target),
            request.Endpoint.Content is RequestContent.Form or RequestContent.Stream ? timeouts.Total
                : context.Request.Stream ? timeouts.FirstToken
                : timeouts.Response,
            (response, progress, timeout) => RespondAsync(context, request, response, progress, timeout),
            requestAborted
        );
        ProviderSpans.End(span, result);
        return result with { IsLast = result.Error is not null && !request.Endpoint.IsRepeatable };
    }

    private Task<AttemptResult> RespondAsync(
        InferenceContext context,
        PassThroughRequest request,
        ProviderResponse response,
        AttemptProgress progress,
        AttemptTimeout timeout
    )
    {
        request.Http.Response.StatusCode = response.Status;
        var forwarder = new PassThroughForwarder(context, request, progress, timeout, response, time);
        return request.Endpoint.IsDownload ? forwarder.CopyAsync()
            : response.IsStream ? forwarder.ForwardEventsAsync()
            : IsJson(response) ? ReadAsync(request, progress, response, timeout.Token)
            : forwarder.CopyAsync();
    }

    private static ProviderRequest Create(InferenceContext context, PassThroughRequest request, ResolvedTarget target)
    {
        var (inference, lease) = (context.Request, context.Lease);
        if (lease.HasBudget)
        {
            CheckCostIsBounded(request, target);
        }

        var maxTokens =
            request.Endpoint.Charge == Charge.Text
                ? lease.MaxOutputTokens ?? (lease.HasBudget ? inference.MaxOutputTokens : null)
                : null;

        // The route's defaults are fields of conversations. With Anthropic's protocol, the limit is max_tokens.
        var route = new ModelRoute(context.Route.Route.Name, context.Route.Route.Targets);
        var body =
            request.Endpoint is { Content: RequestContent.Json, HasModel: true }
                ? RequestBodyWriter.Write(
                    RemoveForeignHistory(inference, target),
                    Protocol.Messages,
                    target,
                    route,
                    inference.Stream && request.Endpoint.Charge == Charge.Text,
                    maxTokens
                )
            : request.Endpoint.Content == RequestContent.Json
                ? JsonMarshal.GetRawUtf8Value(inference.Body).ToArray()
            : default;
        return new(
            target.Provider,
            request.Protocol,
            request.GetPath(),
            body,
            inference.Stream,
            BetaHeaders.Filter(inference.Headers, context.Route.Route.AllowedBetas ?? _betas)
        )
        {
            ConnectTimeout = target.Timeouts.Connect,
            Method = HttpMethod.Parse(request.Endpoint.Method),
            Content = request.CreateContent(target),
        };
    }

    /// <summary>The conversation to compact may have reasoning of a provider before.</summary>
    private static JsonElement RemoveForeignHistory(InferenceRequest request, ResolvedTarget target) =>
        ForeignHistory.Remove(request.Body, request.Protocol, target.Provider.Kind, []) is { } cleaned
            ? JsonSerializer.SerializeToElement(cleaned, WireJson.Options)
            : request.Body;

    private static void CheckCostIsBounded(PassThroughRequest request, ResolvedTarget target)
    {
        var error = BudgetedRequestValidator.ValidateModel(target);
        if (request.Endpoint is { Content: RequestContent.Json, HasModel: true })
        {
            error ??= BudgetedBody.Validate(request.Endpoint.Operation, request.Inference.Body);
        }

        if (error is { } found)
        {
            throw new UnsupportedByProviderException(found.Path, found.Rule);
        }
    }

    private static async Task<AttemptResult> ReadAsync(
        PassThroughRequest request,
        AttemptProgress progress,
        ProviderResponse response,
        CancellationToken cancellationToken
    )
    {
        var body = await response.ReadBodyAsync(cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(body);
            var output = new TextSample();
            PassThroughUsage.AddText(output, body);
            var length = new AudioLength();
            length.Add(Encoding.UTF8.GetBytes(document.RootElement.Text("text") ?? ""));
            return progress.ToResult() with
            {
                Metadata = length.Estimate(PassThroughUsage.Read(document.RootElement), request.AudioBytes),
                Output = output,
                StateIds = OwnIds.Read(request.Endpoint, document.RootElement),
                Body = body,
            };
        }
        catch (JsonException)
        {
            return progress.ToResult(new(ErrorCategory.InvalidResponse, "the response is not JSON"));
        }
    }

    private static bool IsJson(ProviderResponse response) =>
        response.ContentHeaders?.ContentType?.MediaType is { } type
        && (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal));
}
