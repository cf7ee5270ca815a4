using System.Diagnostics;
using System.Net;

namespace CogniForge.Bench.Processes;

/// <summary>What forwarding alone costs: an endpoint that sends the body on as it comes, and the answer back as it comes. No key, no JSON, no telemetry.</summary>
internal static class BareForwarder
{
    /// <summary>The argument that makes this program be the forwarder; the upstream's address follows it.</summary>
    public const string Argument = "forward";

    /// <summary>Serves until the process is ended.</summary>
    public static Task RunAsync(Uri provider)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();

        var http = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                AutomaticDecompression = DecompressionMethods.None,
                ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            }
        );
        app.MapPost(
            "/v1/{**path}",
            async context =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(provider, context.Request.Path))
                {
                    Content = new StreamContent(context.Request.Body),
                };
                request.Content.Headers.ContentLength = context.Request.ContentLength;
                request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
                request.Headers.TryAddWithoutValidation(
                    "Authorization",
                    context.Request.Headers.Authorization.ToString()
                );
                using var response = await http.SendAsync(request, context.RequestAborted);

                context.Response.StatusCode = (int)response.StatusCode;
                context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
                context.Response.ContentLength = response.Content.Headers.ContentLength;
                await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
            }
        );
        return app.RunAsync();
    }
}
