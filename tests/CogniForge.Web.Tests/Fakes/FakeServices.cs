using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Web.Tests.Fakes;

/// <summary>
/// Fakes the gateway, model serving and analytics for Web; their paths differ, so one server is enough.
/// </summary>
internal sealed class FakeServices : IAsyncDisposable
{
    public const string Llm = "/api/v1/llm/requests/count";
    public const string Models = "/api/v1/serving/models/count";
    public const string Inferences = "/api/v1/serving/inferences/count";
    public const string Activity = "/api/v1/analytics/activity";
    public const string Chat = "/v1/chat/completions";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _responses = new();
    private readonly ConcurrentQueue<(string Path, string? Authorization, string Body)> _requests = new();

    private FakeServices(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The requests received so far.</summary>
    public IReadOnlyCollection<(string Path, string? Authorization, string Body)> Requests => _requests;

    /// <summary>Starts the server with a different number for each field.</summary>
    public static async Task<FakeServices> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var services = new FakeServices(builder.Build());
        services._app.Run(services.RespondAsync);
        services.Set(Llm, """{"count":1300,"completions":1234}""");
        services.Set(Models, """{"count":2}""");
        services.Set(Inferences, """{"count":3}""");
        services.Set(Activity, """{"events":4,"completions":5,"inferences":6,"promotions":7,"drifts":8}""");
        services.Set(
            Chat,
            """{"id":"chatcmpl-1","choices":[{"index":0"""
                + ""","message":{"role":"assistant","content":"You said: <Hello>"},"finish_reason":"stop"}]}"""
        );
        await services._app.StartAsync();
        return services;
    }

    public void Set(string path, string json, int status = 200) =>
        Set(
            path,
            context =>
            {
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync(json);
            }
        );

    public void Set(string path, RequestDelegate response) => _responses[path] = response;

    /// <summary>Leaves further requests to this path without a response.</summary>
    public void Hang(string path) => Set(path, context => Task.Delay(Timeout.Infinite, context.RequestAborted));

    public int Count(string path) => _requests.Count(r => r.Path == path);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task RespondAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var text = await body.ReadToEndAsync();

        // Fix the response first: once the request is visible, a test may set the next response.
        var response = _responses[context.Request.Path];
        _requests.Enqueue((context.Request.Path, context.Request.Headers.Authorization, text));
        await response(context);
    }
}
