using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Evaluates what a resource was given and turns it into the command that runs one of its instances.</summary>
internal sealed class LaunchPlanner(DistributedApplicationExecutionContext executionContext, RunFolder runFolder)
{
    /// <summary>What a child does not get from the AppHost's own environment, because it means the AppHost.</summary>
    private static readonly string[] NotInherited = ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPIRE_LOGLEVEL"];

    /// <summary>As long as container engines give.</summary>
    private static readonly TimeSpan ServerGrace = TimeSpan.FromSeconds(10);

    /// <summary>The plan, and the variables that the resource was given (without those inherited).</summary>
    public async Task<(LaunchPlan Plan, SortedDictionary<string, string> Given)> PlanAsync(IResource resource, string instanceId, IReadOnlyDictionary<string, int> ports, ILogger logger, CancellationToken cancellationToken)
    {
        var given = await VariablesAsync(resource, logger, cancellationToken).ConfigureAwait(false);
        foreach (var name in given.Keys.ToArray())
            given[name] = InstanceTokens.Fill(given[name], instanceId, ports);
        string[] arguments = [.. (await ArgumentsAsync(resource, logger, cancellationToken).ConfigureAwait(false)).Select(a => InstanceTokens.Fill(a, instanceId, ports))];

        var plan = resource switch
        {
            ProjectResource project => Project(project, arguments),
            ExecutableResource executable => new LaunchPlan(executable.Command, arguments, executable.WorkingDirectory),
            ContainerResource container => await ServerAsync(container, arguments, given, instanceId, ports, logger, cancellationToken).ConfigureAwait(false),
            _ => throw new CannotStartException($"Resources of type {resource.GetType().Name} cannot be started."),
        };
        var environment = Inherited();
        environment[RunFolder.Variable] = runFolder.Path;
        foreach (var (name, value) in plan.Environment.Concat(given))
            environment[name] = value;
        return (plan with { Environment = environment }, given);
    }

    private static LaunchPlan Project(ProjectResource project, string[] arguments)
    {
        var metadata = project.GetProjectMetadata();
        var folder = Path.GetDirectoryName(metadata.ProjectPath)!;
        if (metadata.GetOutput() is { } output)
            return new LaunchPlan(Executables.Dotnet, [output, .. arguments], folder);
        string[] build = metadata.SuppressBuild ? ["--no-build"] : [];
        return new LaunchPlan(Executables.Dotnet, ["run", "--project", metadata.ProjectPath, .. build, "--no-launch-profile", "--", .. arguments], folder);
    }

    private async Task<LaunchPlan> ServerAsync(ContainerResource container, string[] arguments, SortedDictionary<string, string> given, string instanceId, IReadOnlyDictionary<string, int> ports, ILogger logger, CancellationToken cancellationToken)
    {
        if (!container.TryGetLastAnnotation<LocalServerAnnotation>(out var server))
            throw new CannotStartException($"'{container.Name}' is a container and there is no local server that can stand in for it.");
        // As a container: what it wrote outside its volumes is gone when it starts again.
        var folder = Path.Combine(runFolder.Path, instanceId);
        RunFolder.Delete(folder);
        Folders.Create(folder);
        var plan = await server.PrepareAsync(new LocalServerContext(container, arguments, given, ports, folder, logger), cancellationToken).ConfigureAwait(false);
        await WaitUntilUnusedAsync(plan.WorkingDirectory, logger, cancellationToken).ConfigureAwait(false);
        return plan with { Grace = ServerGrace };
    }

    /// <summary>The server of a run that has just ended may still be closing its files in a volume: two at once would spoil them.</summary>
    private static async Task WaitUntilUnusedAsync(string dataFolder, ILogger logger, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (ProcessTable.WorkingIn(dataFolder) is [var user, ..])
        {
            if (TimeProvider.System.GetElapsedTime(start) > ServerGrace)
                throw new CannotStartException($"The data folder {dataFolder} is in use by process {user.Id}.");
            logger.LogInformation("Waiting for process {Id} to leave the data folder.", user.Id);
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<SortedDictionary<string, string>> VariablesAsync(IResource resource, ILogger logger, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, cancellationToken: cancellationToken) { Logger = logger };
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
            await callback.Callback(context).ConfigureAwait(false);
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await ValueAsync(resource, value, cancellationToken).ConfigureAwait(false) is { } text)
                variables[name] = text;
        }

        return variables;
    }

    private async Task<List<string>> ArgumentsAsync(IResource resource, ILogger logger, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = executionContext, Logger = logger };
        foreach (var callback in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
            await callback.Callback(context).ConfigureAwait(false);
        var arguments = new List<string>();
        foreach (var value in context.Args)
        {
            if (await ValueAsync(resource, value, cancellationToken).ConfigureAwait(false) is { } text)
                arguments.Add(text);
        }

        return arguments;
    }

    private async Task<string?> ValueAsync(IResource resource, object? value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IResourceBuilder<IResource> builder => await ValueAsync(resource, builder.Resource, cancellationToken).ConfigureAwait(false),
        IValueProvider provider => await provider.GetValueAsync(new ValueProviderContext { ExecutionContext = executionContext, Caller = resource }, cancellationToken).ConfigureAwait(false),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static Dictionary<string, string> Inherited()
    {
        var environment = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (!NotInherited.Contains((string)variable.Key))
                environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return environment;
    }
}
