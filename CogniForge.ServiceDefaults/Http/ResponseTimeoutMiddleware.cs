using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Closes the connection of a client that does not read its response on within
/// <see cref="ClientOptions.ReadTimeout"/>. Kestrel's own minimum rate does not: it credits fast beginnings.
/// </summary>
internal sealed class ResponseTimeoutMiddleware(
    RequestDelegate next,
    IOptions<CogniForgeOptions> options,
    TimeProvider time
)
{
    private readonly TimeSpan _timeout = options.Value.Clients.ReadTimeout;

    public async Task InvokeAsync(HttpContext context)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var writer = new TimedPipeWriter(body.Writer, context, _timeout, time);
        context.Features.Set<IHttpResponseBodyFeature>(new TimedResponseBody(body, writer));
        await next(context);
        if (context.Response.HasStarted)
        {
            await writer.FlushAsync(CancellationToken.None); // the rest of a stream waits for the client too
        }
    }
}
