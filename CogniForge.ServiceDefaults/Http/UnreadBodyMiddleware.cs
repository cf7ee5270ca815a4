using System.Buffers;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Reads and discards the rest of a body after its response: a reset connection would hide the response from a client
/// that still sends (RFC 9112, 9.6). One rate bounds all discarded bytes, to leave the CPUs to other requests.
/// </summary>
internal sealed class UnreadBodyMiddleware(
    RequestDelegate next,
    IOptions<CogniForgeOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time
)
{
    private const int BufferBytes = 64 * 1024;
    private const int BytesPerPeriod = 1024 * 1024;
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(10); // 100 MiB a second
    private static readonly TokenBucketRateLimiter _rate = new(
        new()
        {
            TokenLimit = BytesPerPeriod,
            TokensPerPeriod = BytesPerPeriod,
            ReplenishmentPeriod = _period,
            QueueLimit = int.MaxValue,
        }
    );
    private readonly TimeSpan _timeout = options.Value.Clients.UnreadBodyTimeout;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HasBody(context))
        {
            await next(context);
            return;
        }

        var body = new CancellableBody(context.Request.BodyReader);
        context.Request.Body = body;
        await next(context);
        if (!body.IsComplete && !WaitsForContinue(context))
        {
            await context.Response.CompleteAsync();
            await DiscardAsync(context, body);
        }
    }

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
        && (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol));

    /// <summary>Whether the client sends its body only after 100 Continue, which it no longer gets.</summary>
    private static bool WaitsForContinue(HttpContext context) =>
        context.Request.Headers.Expect.Count > 0
        && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false };

    private async Task DiscardAsync(HttpContext context, Stream body)
    {
        using var timeout = new CancellationTokenSource(_timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token,
            lifetime.ApplicationStopping,
            context.RequestAborted
        );
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = null;
            }

            while (await body.ReadAsync(buffer, ended.Token) is > 0 and var read)
            {
                using var _ = await _rate.AcquireAsync(read, ended.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client is gone or too slow, or the handler has left the body in the middle of a read.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
