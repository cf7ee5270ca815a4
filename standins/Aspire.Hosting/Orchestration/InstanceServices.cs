using System.Collections.Immutable;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Supervision;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>What every instance needs of the application around it.</summary>
internal sealed class InstanceServices(
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    LaunchPlanner planner,
    SupervisorProcess supervisor,
    DistributedApplicationModel model,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<DistributedApplication> logger,
    IServiceProvider provider)
{
    public ResourceNotificationService Notifications => notifications;

    public ResourceLoggerService Loggers => loggers;

    public IDistributedApplicationEventing Eventing => eventing;

    public LaunchPlanner Planner => planner;

    public SupervisorProcess Supervisor => supervisor;

    public IServiceProvider Provider => provider;

    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Not known yet, for each check of the resource and of what it is part of.</summary>
    public static ImmutableArray<HealthReportSnapshot> InitialHealth(IResource resource) =>
        [.. resource.SelfAndParents().SelectMany(r => r.Annotations.OfType<HealthCheckAnnotation>()).Select(h => h.Key).Distinct()
            .Select(key => new HealthReportSnapshot(key, null, null, null))];

    /// <summary>Says in the resource's log and in the AppHost's own why a resource did not start. What the user can mend needs no stack trace.</summary>
    public void LogFailure(ILogger resourceLogger, IResource resource, Exception reason)
    {
        var stackTrace = reason is DistributedApplicationException ? null : reason;
        resourceLogger.LogError(stackTrace, "Failed to start: {Reason}", reason.Message);
        logger.LogError(stackTrace, "Resource '{Resource}' failed to start: {Reason}", resource.Name, reason.Message);
    }

    /// <summary>Publishes an instance's change; the parts of a resource (the databases of a server) come and go with it.</summary>
    public async Task PublishAsync(IResource resource, string id, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        CustomResourceSnapshot? published = null;
        await notifications.PublishUpdateAsync(resource, id, s => published = change(s)).ConfigureAwait(false);
        foreach (var part in model.Resources.Where(r => r is IResourceWithParent p && p.Parent == resource && !r.RunsProcesses()))
        {
            await notifications.PublishUpdateAsync(part, s =>
            {
                var starts = published!.State?.Text == KnownResourceStates.Starting && s.State?.Text != KnownResourceStates.Starting;
                return s with
                {
                    State = published.State,
                    StartTimeStamp = published.StartTimeStamp,
                    StopTimeStamp = published.StopTimeStamp,
                    Ready = starts ? null : s.Ready,
                    HealthReports = starts ? InitialHealth(part) : s.HealthReports,
                };
            }).ConfigureAwait(false);
        }
    }
}
