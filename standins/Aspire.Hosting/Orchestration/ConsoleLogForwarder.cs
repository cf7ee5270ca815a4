using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Repeats what resources write in the AppHost's own log, under a category that ends with the resource's name.</summary>
internal sealed partial class ConsoleLogForwarder(ResourceNotificationService notifications, ResourceLoggerService loggers, IHostEnvironment environment, ILoggerFactory factory) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var followed = new HashSet<string>();
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken).ConfigureAwait(false))
            {
                if (followed.Add(change.ResourceId))
                    _ = FollowAsync(change.Resource.Name, change.ResourceId, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task FollowAsync(string name, string id, CancellationToken cancellationToken)
    {
        var logger = factory.CreateLogger($"{environment.ApplicationName}.Resources.{name}");
        try
        {
            await foreach (var lines in loggers.WatchAsync(id).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                foreach (var line in lines)
                    LogLine(logger, line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, line.LineNumber, line.Content);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(Message = "{LineNumber}: {LineContent}")]
    private static partial void LogLine(ILogger logger, LogLevel level, int lineNumber, string lineContent);
}
