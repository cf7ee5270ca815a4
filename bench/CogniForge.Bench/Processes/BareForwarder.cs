using System.Diagnostics;
using System.Net;

namespace CogniForge.Bench.Processes;

/// <summary>The cost of forwarding alone: streams the request to the provider, and the response back.</summary>
/// <remarks>No key, no JSON, no telemetry.</remarks>
internal static class BareForwarder
{
    /// <summary>The argument that makes this program run as the forwarder; the provider's address follows it.</summary>
    public const string Argument = "forward";

    /// <summary>Serves until the process ends.</summary>
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
