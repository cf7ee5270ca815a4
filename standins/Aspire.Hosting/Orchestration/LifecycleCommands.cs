using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Orchestration;

/// <summary>The commands that every resource with a process has.</summary>
internal static class LifecycleCommands
{
    public static void AddTo(IResource resource)
    {
        Add(resource, KnownResourceCommands.StartCommand, "Start", "Start resource", "Play", IconVariant.Filled, isHighlighted: true, Start, state => state switch
        {
            _ when IsStopped(state) || state == KnownResourceStates.Waiting => ResourceCommandState.Enabled,
            _ when IsBetween(state) => ResourceCommandState.Disabled,
            _ => ResourceCommandState.Hidden,
        });
        Add(resource, KnownResourceCommands.StopCommand, "Stop", "Stop resource", "Stop", IconVariant.Filled, isHighlighted: true, Stop, state => state switch
        {
            _ when state == KnownResourceStates.Stopping => ResourceCommandState.Disabled,
            _ when IsStopped(state) || IsBetween(state) || state == KnownResourceStates.Waiting => ResourceCommandState.Hidden,
            _ => ResourceCommandState.Enabled,
        });
        Add(resource, KnownResourceCommands.RestartCommand, "Restart", "Restart resource", "ArrowCounterclockwise", IconVariant.Regular, isHighlighted: false, Restart, state => state switch
        {
            _ when IsStopped(state) || IsBetween(state) || state == KnownResourceStates.Waiting || state == KnownResourceStates.Stopping => ResourceCommandState.Disabled,
            _ => ResourceCommandState.Enabled,
        });
    }

    private static bool IsStopped(string? state) => KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.NotStarted;

    private static bool IsBetween(string? state) => string.IsNullOrEmpty(state) || state == KnownResourceStates.Starting || state == KnownResourceStates.Building || state == KnownResourceStates.RuntimeUnhealthy;

    private static async Task<string> Start(Instance instance, CancellationToken cancellationToken)
    {
        await instance.StartAsync(cancellationToken).ConfigureAwait(false);
        return "started";
    }

    private static async Task<string> Stop(Instance instance, CancellationToken cancellationToken)
    {
        await instance.StopAsync().ConfigureAwait(false);
        return "stopped";
    }

    private static async Task<string> Restart(Instance instance, CancellationToken cancellationToken)
    {
        await instance.StopAsync().ConfigureAwait(false);
        await instance.StartAsync(cancellationToken).ConfigureAwait(false);
        return "restarted";
    }

    private static void Add(IResource resource, string name, string displayName, string description, string icon, IconVariant variant, bool isHighlighted, Func<Instance, CancellationToken, Task<string>> execute, Func<string?, ResourceCommandState> state)
    {
        if (resource.Annotations.OfType<ResourceCommandAnnotation>().Any(c => c.Name == name))
            return;
        resource.Annotations.Add(new ResourceCommandAnnotation(
            name,
            displayName,
            async context =>
            {
                var instance = context.Services.GetRequiredService<Orchestrator>().Find(context.ResourceName);
                var done = await execute(instance, context.CancellationToken).ConfigureAwait(false);
                return CommandResults.Success($"Resource '{resource.Name}' {done}.");
            },
            new CommandOptions
            {
                Description = description,
                IconName = icon,
                IconVariant = variant,
                IsHighlighted = isHighlighted,
                UpdateState = context => state(context.ResourceSnapshot.State?.Text),
            }));
    }
}
