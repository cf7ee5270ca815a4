using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
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
    private const int BufferBytes = 32 * 1024;

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
        var progress = new AttemptProgress(target);
        context.CurrentAttempt = progress;
        context.LastTarget = target.Id;
        var result = await SendAsync(context, request, progress, requestAborted);
        context.CurrentAttempt = null;
        ProviderSpans.End(span, result);
        return result;
    }

    /// <summary>Sends the request; every failure of the provider becomes an error of the result.</summary>
    private async Task<AttemptResult> SendAsync(
        InferenceContext context,
        PassThroughRequest request,
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
            await using var response = await client.SendAsync(Create(context, request, progress.Target), timeout.Token);
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
            var headers = context.DescribeHeaders(progress.Target, response.RequestId, []);
            var result =
                request.Endpoint.IsDownload ? await CopyAsync(context, request, progress, headers, timeout, response)
                : response.IsStream ? await ForwardAsync(context, progress, headers, timeout, response)
                : IsJson(response) ? await ReadAsync(request, progress, response, timeout.Token)
                : await CopyAsync(context, request, progress, headers, timeout, response);
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
        var maxTokens = lease.MaxOutputTokens ?? (lease.HasBudget ? inference.MaxOutputTokens : null);

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
            Method = HttpMethod.Parse(request.Endpoint.Method),
            Content = request.CreateContent(target),
        };
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

    private async Task<AttemptResult> ForwardAsync(
        InferenceContext context,
        AttemptProgress progress,
        ResponseHeaders headers,
        AttemptTimeout timeout,
        ProviderResponse response
    )
    {
        var (metadata, output) = (new ResponseMetadata(null, null, null, null), new TextSample());
        ProviderError? error = null;
        try
        {
            await foreach (var item in response.ReadEventsAsync(FlushAsync, timeout.Extend, timeout.Token))
            {
                Begin(context, progress, timeout, () => context.Writer.BeginStream(headers));
                metadata = PassThroughUsage.Add(metadata, item);
                PassThroughUsage.AddText(output, item.Data);
                await context.Writer.WriteEventAsync(item, context.RequestAborted);
            }

            await context.Writer.FlushAsync(context.RequestAborted);
            error = progress.HasBegun ? null : new(ErrorCategory.InvalidResponse, "the stream is empty");
        }
        catch (ProviderException e)
        {
            error = e.Error;
        }
        catch (OperationCanceledException) when (timeout.HasExpired)
        {
            error = new(ErrorCategory.Timeout, progress.HasBegun ? "the stream stalled" : "no response in time");
        }

        return progress.ToResult(error) with { Metadata = metadata, Output = output };

        async ValueTask FlushAsync()
        {
            timeout.Pause();
            await context.Writer.FlushAsync(context.RequestAborted);
            timeout.Resume();
        }
    }

    private async Task<AttemptResult> CopyAsync(
        InferenceContext context,
        PassThroughRequest request,
        AttemptProgress progress,
        ResponseHeaders headers,
        AttemptTimeout timeout,
        ProviderResponse response
    )
    {
        var http = request.Http.Response;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var body = await response.OpenBodyAsync(timeout.Token);
            Begin(context, progress, timeout, WriteHeaders);
            while (await ReadAsync(body) is > 0 and var read)
            {
                timeout.Pause();
                await http.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                timeout.Resume();
            }

            return progress.ToResult();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        void WriteHeaders()
        {
            headers.WriteTo(http, request.Protocol);
            http.ContentType = response.ContentHeaders?.ContentType?.ToString();
            if (response.ContentHeaders?.ContentDisposition is { } disposition)
            {
                http.Headers.ContentDisposition = disposition.ToString();
            }
        }

        async ValueTask<int> ReadAsync(Stream body)
        {
            try
            {
                return await body.ReadAsync(buffer, timeout.Token);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new ProviderException(new(ErrorCategory.Network, "the connection broke during the response"), e);
            }
        }
    }

    private void Begin(InferenceContext context, AttemptProgress progress, AttemptTimeout timeout, Action begin)
    {
        if (!progress.HasBegun)
        {
            context.FirstChunk = time.GetTimestamp();
            timeout.Restart(progress.Target.Timeouts.Silence);
            begin();
            progress.HasBegun = true;
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
