using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CogniForge.AppHost;

/// <summary>Logs to the console when a resource becomes healthy, stays unhealthy, fails or exits.</summary>
internal sealed partial class ResourceStateLogger(
    DistributedApplicationModel resources,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IHostApplicationLifetime lifetime,
    ILogger<ResourceStateLogger> logger
) : BackgroundService
{
    private const int LastLines = 15;
    private static readonly TimeSpan _logTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _unhealthyAfter = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, string> _states = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(LogChangesAsync(stoppingToken), LogUnhealthyAsync(stoppingToken));

    private async Task LogChangesAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            if (change.Resource is not IResourceWithWaitSupport || lifetime.ApplicationStopping.IsCancellationRequested)
            {
                continue;
            }

            var state = Describe(change.Snapshot);
            if (_states.GetValueOrDefault(change.ResourceId) != state)
            {
                _states[change.ResourceId] = state;
                await LogAsync(change.Resource, change.ResourceId, change.Snapshot, state);
            }
        }
    }

    /// <summary>Logs each resource that is unhealthy at two consecutive checks.</summary>
    private async Task LogUnhealthyAsync(CancellationToken stoppingToken)
    {
        var before = new HashSet<string>();
        using var timer = new PeriodicTimer(_unhealthyAfter);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var unhealthy = resources
                .Resources.OfType<IResourceWithWaitSupport>()
                .Select(resource => notifications.TryGetCurrentState(resource.Name, out var current) ? current : null)
                .OfType<ResourceEvent>()
                .Where(e => e.Snapshot.State?.Text == KnownResourceStates.Running)
                .Where(e => e.Snapshot.HealthStatus is HealthStatus.Unhealthy)
                .ToList();
            foreach (var resource in unhealthy.Where(e => before.Contains(e.ResourceId)))
            {
                LogUnhealthy(resource.Resource.Name, DescribeReports(resource.Snapshot));
            }

            before = [.. unhealthy.Select(e => e.ResourceId)];
        }
    }

    private static string DescribeReports(CustomResourceSnapshot snapshot) =>
        string.Join(
            " ",
            snapshot
                .HealthReports.Where(report => report.Status is not HealthStatus.Healthy)
                .Select(report => $"{report.Name}: {report.Description}")
        );

    private async Task LogAsync(IResource resource, string id, CustomResourceSnapshot snapshot, string state)
    {
        if (state == nameof(HealthStatus.Healthy))
        {
            LogHealthy(resource.Name);
        }
        else if (state == KnownResourceStates.FailedToStart || state == KnownResourceStates.RuntimeUnhealthy)
        {
            LogFailed(resource.Name, state, await GetLastLinesAsync(id));
        }
        else if (KnownResourceStates.TerminalStates.Contains(state))
        {
            var lines = snapshot.ExitCode is null or 0 ? "" : await GetLastLinesAsync(id);
            LogEnded(resource.Name, snapshot.ExitCode, lines);
        }
    }

    private static string Describe(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running && snapshot.HealthStatus == HealthStatus.Healthy
            ? nameof(HealthStatus.Healthy)
            : snapshot.State?.Text ?? "";

    private async Task<string> GetLastLinesAsync(string id)
    {
        var lines = new List<string>();
        using var timeout = new CancellationTokenSource(_logTimeout);
        try
        {
            await foreach (var batch in logs.GetAllAsync(id).WithCancellation(timeout.Token))
            {
                lines.AddRange(batch.Select(line => line.Content));
            }
        }
        catch (Exception)
        {
            // The log of a running resource does not end, and that of a resource that is being deleted cannot be read:
            // neither may end the AppHost.
        }

        return string.Concat(lines.TakeLast(LastLines).Select(line => $"{Environment.NewLine}    {line}"));
    }

    [LoggerMessage(LogLevel.Information, "{Resource} is healthy.")]
    private partial void LogHealthy(string resource);

    [LoggerMessage(LogLevel.Warning, "{Resource} is running but unhealthy. {Reports}")]
    private partial void LogUnhealthy(string resource, string reports);

    [LoggerMessage(LogLevel.Error, "{Resource} is in state {State}. The end of its log:{Lines}")]
    private partial void LogFailed(string resource, string state, string lines);

    [LoggerMessage(LogLevel.Warning, "{Resource} exited with code {ExitCode}.{Lines}")]
    private partial void LogEnded(string resource, int? exitCode, string lines);
}
