using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace StandIns.Tests.Refit;

public static class EchoServer
{
    public static Task<LocalServer> StartAsync() => LocalServer.StartAsync(app =>
    {
        app.MapGet("/status/{status:int}", (int status, string? type, string? body) =>
            Results.Content(body ?? """{"name":"one"}""", type ?? "application/json", null, status));
        app.MapGet("/slow", (CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
        app.MapDelete("/things/{id:guid}", () => Results.NoContent());
        app.MapFallback(async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            return new Seen(
                context.Request.Method,
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString()),
                await reader.ReadToEndAsync());
        });
    });
}
