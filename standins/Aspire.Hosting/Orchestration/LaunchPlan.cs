using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>How one instance is run: a command with all values known.</summary>
internal sealed record LaunchPlan(string Command, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The words that count, where the command only serves to get them run (as another user, say).</summary>
    public IReadOnlyList<string>? Shown { get; init; }

    /// <summary>What asks the process politely to end.</summary>
    public int StopSignal { get; init; } = Signals.Terminate;

    /// <summary>How long it may take to end before it is killed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(6);
}

/// <summary>A container resource that can run as a process of this machine instead.</summary>
internal abstract class LocalServerAnnotation : IResourceAnnotation
{
    /// <summary>Makes ready whatever the server needs on disk, and says how to run it.</summary>
    public abstract Task<LaunchPlan> PrepareAsync(LocalServerContext context, CancellationToken cancellationToken);
}

/// <param name="Resource">The resource that the server stands for.</param>
/// <param name="Arguments">What <c>WithArgs</c> gave, evaluated.</param>
/// <param name="Environment">What <c>WithEnvironment</c> and the integration gave, evaluated.</param>
/// <param name="Ports">The port to listen on, by name of endpoint.</param>
/// <param name="Folder">Where the instance keeps its files; removed when the run ends.</param>
internal sealed record LocalServerContext(
    ContainerResource Resource,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyDictionary<string, int> Ports,
    string Folder,
    ILogger Logger)
{
    /// <summary>Where data lies: in the volume or folder mounted at the target, else in the instance's own folder.</summary>
    public string DataFolder(string target)
    {
        var mount = Resource.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(m => m.Target == target);
        return mount switch
        {
            { Type: ContainerMountType.Volume, Source: { } name } => Path.Combine(Folders.Volumes, name),
            { Type: ContainerMountType.BindMount, Source: { } path } => path,
            _ => Path.Combine(Folder, "data"),
        };
    }
}

/// <summary>What stops a resource from starting, told in words that its user can act on.</summary>
internal sealed class CannotStartException(string message) : DistributedApplicationException(message);
