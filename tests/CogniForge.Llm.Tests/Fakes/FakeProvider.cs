using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.Fakes;

/// <summary>A provider on Kestrel with the behaviour that the test sets; records its calls.</summary>
public sealed class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<FakeCall> _calls = new();

    private FakeProvider(WebApplication app) => _app = app;

    /// <summary>The behaviour for the next calls.</summary>
    public Func<FakeCall, Task> Behaviour { get; set; } = call => call.RespondAsync("Hello");

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<FakeCall> Calls => [.. _calls];

    public string BaseUrl => $"{_app.Urls.Single()}/v1";

    public static async Task<FakeProvider> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeProvider(app);
        app.Run(fake.HandleAsync);
        await app.StartAsync();
        return fake;
    }

    /// <summary>Uses one behaviour per call; the last one applies to all further calls.</summary>
    public void InTurn(params Func<FakeCall, Task>[] behaviours)
    {
        var number = -1;
        Behaviour = call => behaviours[Math.Min(Interlocked.Increment(ref number), behaviours.Length - 1)](call);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = HttpMethods.IsGet(context.Request.Method)
            ? JsonDocument.Parse("{}")
            : await JsonDocument.ParseAsync(context.Request.Body);
        var call = new FakeCall(context, body.RootElement.Clone());
        _calls.Enqueue(call);
        try
        {
            await Behaviour(call);
        }
        catch (OperationCanceledException)
        {
            // The gateway closed the connection; see FakeCall.IsAborted.
        }
        finally
        {
            call.End();
        }
    }
}
