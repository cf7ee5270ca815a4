using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>A provider that records whole calls, of any method and content.</summary>
internal sealed class RecordingProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RecordedCall> _calls = new();

    private RecordingProvider(WebApplication app) => _app = app;

    /// <summary>Responds to the next calls.</summary>
    public Func<RecordedCall, HttpResponse, Task> Respond { get; set; } = (_, r) => JsonAsync(r, "{}");

    public IReadOnlyList<RecordedCall> Calls => [.. _calls];

    public RecordedCall Last => _calls.Last();

    public string BaseUrl => $"{_app.Urls.Single()}/v1";

    public static async Task<RecordingProvider> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new RecordingProvider(app);
        app.Run(provider.HandleAsync);
        await app.StartAsync();
        return provider;
    }

    public static Task JsonAsync(HttpResponse response, string json, int status = 200)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        return response.WriteAsync(json);
    }

    public void RespondJson(string json, int status = 200) => Respond = (_, r) => JsonAsync(r, json, status);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var call = new RecordedCall(
            context.Request.Method,
            new Uri(context.Request.GetEncodedUrl()).PathAndQuery,
            context.Request.Headers.ToDictionary(
                h => h.Key,
                h => h.Value.ToString(),
                StringComparer.OrdinalIgnoreCase
            ),
            body.ToArray()
        );
        _calls.Enqueue(call);
        await Respond(call, context.Response);
    }
}
