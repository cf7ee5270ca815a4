using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CogniForge.AppHost.LocalServers;

/// <summary>Forwards a server's state to its databases; the orchestrator does this for containers only.</summary>
internal sealed partial class StateForwarder(BeforeStartEvent start)
{
    public void Forward(LocalServerResource server, ContainerResource container)
    {
        var children = start
            .Model.Resources.Where(r => r is IResourceWithParent child && child.Parent == container)
            .ToList();
        if (children.Count > 0)
        {
            children.ForEach(c => c.Annotations.Add(new ResourceRelationshipAnnotation(server, "Parent")));
            _ = ForwardStateAsync(server, children);
        }
    }

    private async Task ForwardStateAsync(LocalServerResource server, List<IResource> children)
    {
        try
        {
            var lifetime = start.Services.GetRequiredService<IHostApplicationLifetime>();
            var notifications = start.Services.GetRequiredService<ResourceNotificationService>();
            CustomResourceSnapshot? last = null;
            await foreach (var change in notifications.WatchAsync(lifetime.ApplicationStopping))
            {
                var now = change.Snapshot;
                if (
                    change.Resource != server
                    || (now.State, now.StartTimeStamp, now.StopTimeStamp)
                        == (last?.State, last?.StartTimeStamp, last?.StopTimeStamp)
                )
                {
                    continue;
                }

                last = now;
                foreach (var child in children)
                {
                    await notifications.PublishUpdateAsync(
                        child,
                        snapshot =>
                            snapshot with
                            {
                                State = now.State,
                                StartTimeStamp = now.StartTimeStamp,
                                StopTimeStamp = now.StopTimeStamp,
                            }
                    );
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application is stopping.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // No code awaits this task, so without the log the databases' state would freeze silently.
            LogStateLost(start.Services.GetRequiredService<ResourceLoggerService>().GetLogger(server), e, server.Name);
        }
    }

    [LoggerMessage(LogLevel.Error, "The databases of {Server} no longer show its state.")]
    private static partial void LogStateLost(ILogger logger, Exception exception, string server);
}
