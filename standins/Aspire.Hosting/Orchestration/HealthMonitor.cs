using System.Collections.Immutable;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the health checks of every running resource and announces once per run that it is ready.</summary>
internal sealed class HealthMonitor(ResourceNotificationService notifications, HealthCheckService checks, IDistributedApplicationEventing eventing, TimeProvider time, IServiceProvider services) : BackgroundService
{
    private static readonly TimeSpan WhenHealthy = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstWhenStarting = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var monitored = new Dictionary<IResource, Monitored>();
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken).ConfigureAwait(false))
            {
                var isRunning = IsAnyRunning(change.Resource);
                if (isRunning && !monitored.ContainsKey(change.Resource))
                {
                    var monitor = monitored[change.Resource] = new Monitored(CancellationTokenSource.CreateLinkedTokenSource(stoppingToken));
                    _ = MonitorAsync(change.Resource, monitor, monitor.Stop.Token);
                }
                else if (!isRunning && monitored.Remove(change.Resource, out var ended))
                {
                    await ended.Stop.CancelAsync().ConfigureAwait(false);
                }
                else if (isRunning && change.Snapshot is { State.Text: nameof(KnownResourceStates.Running), Ready: null } && change.Snapshot.HealthReports.All(r => r.LastRunAt is null))
                {
                    // Another replica has come up.
                    monitored[change.Resource].LookNow();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private bool IsAnyRunning(IResource resource) => resource.GetResourceIds().Any(id =>
        notifications.TryGetCurrentState(id, out var state) && state.Snapshot.State?.Text == KnownResourceStates.Running);

    private async Task MonitorAsync(IResource resource, Monitored monitor, CancellationToken cancellationToken)
    {
        var keys = resource.SelfAndParents().SelectMany(r => r.Annotations.OfType<HealthCheckAnnotation>()).Select(h => h.Key).ToHashSet();
        Task? ready = null;
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var looking = monitor.NextLook();
            var report = await CheckAsync(keys, cancellationToken).ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested)
                return;
            var at = time.GetUtcNow().UtcDateTime;
            failures = report.Status == HealthStatus.Healthy ? 0 : failures + 1;
            if (keys.Count > 0)
                await notifications.PublishUpdateAsync(resource, s => s with { HealthReports = Merge(s.HealthReports, report, at) }).ConfigureAwait(false);
            if (failures == 0)
            {
                ready ??= Task.Run(() => eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken), cancellationToken);
                // While its handlers run, the checks go on.
                _ = ready.ContinueWith(
                    done => notifications.PublishUpdateAsync(resource, s => s.State?.Text == KnownResourceStates.Running && s.Ready is null ? s with { Ready = done } : s),
                    TaskScheduler.Default);
            }

            // A resource that is only just coming up is looked at more often, so that those who wait for it do not wait for the clock.
            var delay = keys.Count == 0 ? Timeout.InfiniteTimeSpan
                : failures == 0 ? WhenHealthy
                : ready is not null ? Step * Math.Min(5, failures)
                : FirstWhenStarting * Math.Min(10, failures);
            await Task.WhenAny(looking, Task.Delay(delay, time, cancellationToken)).ConfigureAwait(false);
        }
    }

    private async Task<HealthReport> CheckAsync(HashSet<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            return await checks.CheckHealthAsync(r => keys.Contains(r.Name), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A check that cannot even be made tells nothing about which of them it is.
            var entries = keys.ToDictionary(k => k, _ => new HealthReportEntry(HealthStatus.Unhealthy, "Error calling HealthCheckService.", TimeSpan.Zero, e, data: null));
            return new HealthReport(entries, TimeSpan.Zero);
        }
    }

    private static ImmutableArray<HealthReportSnapshot> Merge(ImmutableArray<HealthReportSnapshot> known, HealthReport report, DateTime at)
    {
        foreach (var (key, entry) in report.Entries)
        {
            var snapshot = new HealthReportSnapshot(key, entry.Status, entry.Description, entry.Exception?.ToString()) { LastRunAt = at };
            var old = known.FirstOrDefault(r => r.Name == key);
            known = old is null ? known.Add(snapshot) : known.Replace(old, snapshot);
        }

        return known;
    }

    private sealed class Monitored(CancellationTokenSource stop)
    {
        private TaskCompletionSource _look = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenSource Stop => stop;

        public void LookNow() => _look.TrySetResult();

        public Task NextLook() => (_look = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }
}
