using System.Runtime.InteropServices;
using System.Text.Json;
using CogniForge.Llm.BudgetedRequests;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.PassThrough;

/// <summary>Makes one attempt: calls a target and reads its JSON, or passes on what arrives.</summary>
internal sealed class PassThroughAttempt(
    IEnumerable<IProviderClient> clients,
    GatewayTelemetry telemetry,
    TimeProvider time
)
{
    // Of the provider's own features, these endpoints need those of files and batches.
    private static readonly string[] _betas = [.. BetaHeaders.Default, "files-api-*", "message-batches-*"];

    /// <summary>Makes the attempt.</summary>
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
        var call = Create(context, request, target);
        context.Request.BodyShare?.EndWork();
        var progress = new AttemptProgress(target);
        context.CurrentAttempt = progress;
        context.LastTarget = target.Id;
        var result = await SendAsync(context, request, call, progress, requestAborted);
        context.CurrentAttempt = null;
        ProviderSpans.End(span, result);
        return result;
    }

    /// <summary>Sends the request; every failure of the provider becomes an error of the result.</summary>
    private async Task<AttemptResult> SendAsync(
        InferenceContext context,
        PassThroughRequest request,
        ProviderRequest call,
        AttemptProgress progress,
        CancellationToken requestAborted
    )
    {
        var timeouts = progress.Target.Timeouts;
        var sent = time.GetTimestamp();
        var limit =
            request.Endpoint.Content is RequestContent.Form or RequestContent.Stream ? timeouts.Total
            : context.Request.Stream ? timeouts.FirstToken
            : timeouts.Response;
        using var timeout = new AttemptTimeout(limit, context.Deadline, time, requestAborted);
        try
        {
            var client = clients.First(c => c.Serves(progress.Target.Provider.Kind));
            await using var response = await client.SendAsync(call, timeout.Token);
            response.BeforeBytes = (bytes, token) =>
                ProviderAttempt.CountResponseAsync(context.Request, progress, bytes, token);
            context.WaitTime += time.GetElapsedTime(sent);
            if (response.Status >= StatusCodes.Status400BadRequest)
            {
                var body = await response.ReadBodyAsync(timeout.Token);
                return AttemptResult.Failed(
                    ProviderErrorClassifier.ClassifyResponse(response.Status, body, response.RetryAfter)
                );
            }

            progress.Cooldown = response.RetryAfter ?? TimeSpan.Zero;
            request.Http.Response.StatusCode = response.Status;
            var forwarder = new PassThroughForwarder(context, request, progress, timeout, response, time);
            var result =
                request.Endpoint.IsDownload ? await forwarder.CopyAsync()
                : response.IsStream ? await forwarder.ForwardEventsAsync()
                : IsJson(response) ? await ReadAsync(request, progress, response, timeout.Token)
                : await forwarder.CopyAsync();
            return result with { ProviderRequestId = response.RequestId };
        }
        catch (ProviderException e)
        {
            requestAborted.ThrowIfCancellationRequested();
            ThrowIfClientFault(e);
            return progress.ToResult(e.Error);
        }
        catch (OperationCanceledException) when (timeout.HasExpired)
        {
            return progress.ToResult(
                new(ErrorCategory.Timeout, progress.HasBegun ? "the response stalled" : "no response in time")
            );
        }
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
                ? RequestBodyWriter.Write(inference.Body, Protocol.Messages, target, route, false, maxTokens)
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
            return progress.ToResult() with
            {
                Metadata = PassThroughUsage.Read(document.RootElement),
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

    /// <summary>What the client does wrong while it sends is not the provider's fault.</summary>
    private static void ThrowIfClientFault(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is BadHttpRequestException bad)
            {
                throw new BadHttpRequestException(bad.Message, bad.StatusCode, bad);
            }
        }
    }
}
