using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Web.Dashboard;

/// <summary>The unified metrics API.</summary>
internal static class DashboardEndpoints
{
    public static void MapDashboard(this IEndpointRouteBuilder endpoints)
    {
        var metrics = endpoints.MapGroup("/api/v1/metrics").RequireScope(Scopes.MetricsRead).WithTags("Metrics");
        metrics
            .MapGet("/dashboard", Get)
            .WithName("GetDashboard")
            .WithSummary("Get the numbers of all services; if one is unavailable, only its part is missing")
            .WithExamples(
                response: """
                {
                  "generatedAt": "2026-11-21T09:13:52+00:00",
                  "llm": { "status": "ok", "detail": null, "numbers": { "completions": 1200 } },
                  "serving": { "status": "ok", "detail": null, "numbers": { "models": 3, "inferences": 800 } },
                  "analytics": { "status": "unavailable", "detail": "The service does not respond.", "numbers": null }
                }
                """
            );
        metrics
            .MapGet("/dashboard/changes", Changes)
            .WithName("WatchDashboard")
            .WithSummary("Stream server-sent events: one `changed` for each change of the numbers")
            .DisableTracing();
    }

    public static async Task<Ok<DashboardView>> Get(DashboardReader reader, CancellationToken cancellationToken) =>
        TypedResults.Ok(await reader.ExecuteAsync(cancellationToken));

    public static ServerSentEventsResult<string> Changes(
        DashboardFeed feed,
        DashboardReader reader,
        TimeProvider time,
        HttpContext context,
        IHostApplicationLifetime lifetime,
        CancellationToken cancellationToken
    )
    {
        var key = Caller.From(context.User).Id;
        return TypedResults.ServerSentEvents(
            WatchAsync(t => feed.ReadAsync(key, reader, t), time, lifetime.ApplicationStopping, cancellationToken)
        );
    }

    private static async IAsyncEnumerable<SseItem<string>> WatchAsync(
        Func<CancellationToken, Task<DashboardView>> readAsync,
        TimeProvider time,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // An open page must not delay shutdown; the browser reconnects automatically.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        using var timer = new PeriodicTimer(DashboardFeed.Interval, time);
        DashboardView? last = null;
        while (await UnlessEndedAsync(() => readAsync(ended.Token)!, ended.Token) is { } view)
        {
            if (last is null || view with { GeneratedAt = last.GeneratedAt } != last)
            {
                yield return new(view.GeneratedAt.ToString("O"), "changed");
            }

            last = view;
            await UnlessEndedAsync(() => timer.WaitForNextTickAsync(ended.Token).AsTask(), ended.Token);
        }
    }

    /// <summary>Awaits the step; returns default if the page closes or the service stops meanwhile.</summary>
    private static async Task<T?> UnlessEndedAsync<T>(Func<Task<T?>> step, CancellationToken ended)
    {
        try
        {
            return await step();
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return default;
        }
    }
}
