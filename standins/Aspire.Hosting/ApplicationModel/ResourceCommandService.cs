using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(IServiceProvider services)
    {
        _notifications = services.GetRequiredService<ResourceNotificationService>();
        _loggers = services.GetRequiredService<ResourceLoggerService>();
        _services = services;
    }

    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _notifications.TryGetCurrentState(resourceId, out var state)
            ? ExecuteAsync(state.Resource, state.ResourceId, commandName, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"Resource '{resourceId}' not found."));

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        var ids = resource.GetResourceIds();
        var results = await Task.WhenAll(ids.Select(id => ExecuteAsync(resource, id, commandName, cancellationToken))).ConfigureAwait(false);
        if (results.Length == 1)
            return results[0];
        var failures = ids.Zip(results).Where(r => !r.Second.Success).ToArray();
        return failures.Length == 0
            ? CommandResults.Success()
            : failures.All(f => f.Second.Canceled)
                ? CommandResults.Canceled()
                : CommandResults.Failure($"{failures.Length} command executions failed." + string.Concat(failures.Select(f => $"{Environment.NewLine}Resource '{f.First}' failed with error message: {f.Second.Message}")));
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, string id, string commandName, CancellationToken cancellationToken)
    {
        var logger = _loggers.GetLogger(id);
        // Names of commands that come with the resource had this prefix once, and callers still use it.
        var name = commandName.StartsWith("resource-", StringComparison.Ordinal) ? commandName["resource-".Length..] : commandName;
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(c => c.Name == name || c.Name == commandName);
        if (command is null)
        {
            logger.LogError("Command '{Command}' is not available.", commandName);
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{id}'.");
        }

        logger.LogInformation("Executing command '{Command}'.", command.Name);
        try
        {
            var result = await command.ExecuteCommand(new ExecuteCommandContext
            {
                ResourceName = id,
                Services = _services,
                Logger = logger,
                CancellationToken = cancellationToken,
            }).ConfigureAwait(false);
            if (result.Success)
                logger.LogInformation("Successfully executed command '{Command}'.", command.Name);
            else
                logger.LogInformation("Failure executing command '{Command}'. Error message: {Message}", command.Name, result.Message);
            return result;
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
        catch (Exception e)
        {
            logger.LogError(e, "Error executing command '{Command}'.", command.Name);
            return CommandResults.Failure("Unhandled exception thrown while executing command.");
        }
    }
}
