using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public partial class ResourceNotificationService
{
    /// <summary>Waits until all that the resource waits for has got where it should; the resource shows as Waiting meanwhile.</summary>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) => WaitForDependenciesAsync(resource, id: null, cancellationToken);

    internal async Task WaitForDependenciesAsync(IResource resource, string? id, CancellationToken cancellationToken)
    {
        WaitAnnotation[] waits = [.. resource.Annotations.OfType<WaitAnnotation>().Where(w => w.Resource is not IResourceWithoutLifetime)];
        if (waits.Length == 0)
            return;
        var pending = waits.SelectMany(w => w.Resource.GetResourceIds()).GroupBy(awaited => awaited).ToDictionary(g => g.Key, g => g.Count());
        await ShowWaitingAsync(resource, id, pending.Keys).ConfigureAwait(false);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = waits.SelectMany(w => w.Resource.GetResourceIds().Select(awaited => OneAsync(w, awaited))).ToList();
        try
        {
            // The first that fails decides: the others may never get there.
            while (waiting.Count > 0)
            {
                var done = await Task.WhenAny(waiting).ConfigureAwait(false);
                waiting.Remove(done);
                await done.ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        async Task OneAsync(WaitAnnotation wait, string awaited)
        {
            await WaitForOneAsync(resource, wait, awaited, stop.Token).ConfigureAwait(false);
            string[] left;
            lock (pending)
            {
                if (--pending[awaited] == 0)
                    pending.Remove(awaited);
                left = [.. pending.Keys];
            }

            await ShowWaitingAsync(resource, id, left).ConfigureAwait(false);
        }
    }

    private async Task WaitForOneAsync(IResource resource, WaitAnnotation wait, string id, CancellationToken cancellationToken)
    {
        var dependency = wait.Resource;
        var logger = _loggers.GetLogger(resource);
        var stops = (wait.WaitBehavior ?? _defaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        if (wait.WaitType == WaitType.WaitForCompletion)
        {
            logger.LogInformation("Waiting for resource '{Name}' to complete.", dependency.Name);
            var ended = await WaitAsync(dependency.Name, e => e.ResourceId == id && KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text), "failed to reach a terminal state", cancellationToken).ConfigureAwait(false);
            if (ended.Snapshot.State!.Text == KnownResourceStates.FailedToStart)
                Fail("it failed to start");
            if (ended.Snapshot.ExitCode is { } code && code != wait.ExitCode)
                Fail($"it entered the '{ended.Snapshot.State.Text}' state with exit code '{code}', expected '{wait.ExitCode}'");
        }
        else
        {
            logger.LogInformation("Waiting for resource '{Name}' to enter the '{State}' state.", dependency.Name, KnownResourceStates.Running);
            await ReachAsync(e => e.Snapshot.State?.Text == KnownResourceStates.Running, "failed to reach the 'Running' state").ConfigureAwait(false);
            if (wait.WaitType == WaitType.WaitUntilHealthy)
            {
                if (dependency.HasAnnotationOfType<HealthCheckAnnotation>())
                {
                    logger.LogInformation("Waiting for resource '{Name}' to become healthy.", dependency.Name);
                    await ReachAsync(e => e.Snapshot.HealthStatus == HealthStatus.Healthy, "failed to become healthy").ConfigureAwait(false);
                }

                var ready = await ReachAsync(e => e.Snapshot.Ready is not null, "failed to execute the resource ready event").ConfigureAwait(false);
                await ready.Snapshot.Ready!.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        logger.LogInformation("Finished waiting for resource '{Name}'.", dependency.Name);

        async Task<ResourceEvent> ReachAsync(Func<ResourceEvent, bool> there, string failure)
        {
            var reached = await WaitAsync(dependency.Name, e => e.ResourceId == id && (there(e) || (stops && IsUnavailable(e.Snapshot))), failure, cancellationToken).ConfigureAwait(false);
            if (!there(reached))
                Fail(reached.Snapshot.State!.Text == KnownResourceStates.FailedToStart ? "it failed to start" : $"it entered the '{reached.Snapshot.State.Text}' state prematurely");
            return reached;
        }

        void Fail(string because)
        {
            logger.LogError("Stopped waiting for '{Name}' because {Because}.", dependency.Name, because);
            throw new DistributedApplicationException($"Resource '{resource.Name}' stopped waiting for dependency resource '{dependency.Name}' because {because}.");
        }
    }

    private Task ShowWaitingAsync(IResource resource, string? id, IReadOnlyCollection<string> waitingFor)
    {
        return id is null ? PublishUpdateAsync(resource, Waiting) : PublishUpdateAsync(resource, id, Waiting);

        CustomResourceSnapshot Waiting(CustomResourceSnapshot snapshot) => snapshot with
        {
            State = waitingFor.Count > 0 && (snapshot.State?.Text is null || snapshot.State.Text == KnownResourceStates.Starting) ? KnownResourceStates.Waiting : snapshot.State,
            Properties = waitingFor.Count > 0
                ? snapshot.Properties.Set(new ResourcePropertySnapshot("resource.waitingFor", waitingFor.ToArray()))
                : snapshot.Properties.RemoveAll(p => p.Name == "resource.waitingFor"),
        };
    }
}

internal static class SnapshotProperties
{
    public static System.Collections.Immutable.ImmutableArray<ResourcePropertySnapshot> Set(this System.Collections.Immutable.ImmutableArray<ResourcePropertySnapshot> properties, params IEnumerable<ResourcePropertySnapshot> changed)
    {
        foreach (var property in changed)
            properties = properties.RemoveAll(p => p.Name == property.Name).Add(property);
        return properties;
    }
}
