using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

public enum ResourceAnnotationMutationBehavior
{
    Append = 0,
    Replace = 1,
}

public enum WaitType
{
    WaitUntilHealthy,
    WaitForCompletion,
    WaitUntilStarted,
}

public enum WaitBehavior
{
    WaitOnResourceUnavailable,
    StopOnResourceUnavailable,
}

public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    public WaitType WaitType { get; } = waitType;

    public int ExitCode { get; } = exitCode;

    public WaitBehavior? WaitBehavior { get; init; }
}

public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    public string Key { get; } = key;
}

public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    public int Replicas { get; } = replicas;
}

public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    public string Type { get; } = type;
}

public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    public string IconName { get; } = iconName;

    public IconVariant IconVariant { get; } = iconVariant;
}

public enum IconVariant
{
    Regular = 0,
    Filled = 1,
}

public sealed class LaunchProfileAnnotation(string launchProfileName) : IResourceAnnotation
{
    public string LaunchProfileName { get; } = launchProfileName;
}

public sealed class ExcludeLaunchProfileAnnotation : IResourceAnnotation;

public class ResourceSnapshotAnnotation(CustomResourceSnapshot initialSnapshot) : IResourceAnnotation
{
    public CustomResourceSnapshot InitialSnapshot { get; } = initialSnapshot;
}

public enum ContainerMountType
{
    BindMount,
    Volume,
}

public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    public string? Source { get; } = source;

    public string Target { get; } = target;

    public ContainerMountType Type { get; } = type;

    public bool IsReadOnly { get; } = isReadOnly;
}

public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    public required string Image { get; set; }

    public string? Registry { get; set; }

    public string? Tag { get; set; }
}

public class EnvironmentCallbackAnnotation : IResourceAnnotation
{
    public EnvironmentCallbackAnnotation(string name, Func<string> callback) => Callback = context =>
    {
        context.EnvironmentVariables[name] = callback();
        return Task.CompletedTask;
    };

    public EnvironmentCallbackAnnotation(Action<EnvironmentCallbackContext> callback) => Callback = context =>
    {
        callback(context);
        return Task.CompletedTask;
    };

    public EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) => Callback = callback;

    public Func<EnvironmentCallbackContext, Task> Callback { get; }
}

public class EnvironmentCallbackContext(DistributedApplicationExecutionContext executionContext, IResource resource, Dictionary<string, object>? environmentVariables = null, CancellationToken cancellationToken = default)
{
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    public IResource Resource { get; } = resource;

    public ILogger Logger { get; set; } = NullLogger.Instance;

    public CancellationToken CancellationToken { get; } = cancellationToken;
}

public class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    public CommandLineArgsCallbackAnnotation(Action<IList<object>> callback)
        : this(context =>
        {
            callback(context.Args);
            return Task.CompletedTask;
        })
    {
    }

    public Func<CommandLineArgsCallbackContext, Task> Callback { get; } = callback;
}

public sealed class CommandLineArgsCallbackContext(IList<object> args, IResource resource, CancellationToken cancellationToken = default)
{
    public IList<object> Args { get; } = args;

    public IResource Resource { get; } = resource;

    public DistributedApplicationExecutionContext ExecutionContext { get; init; } = new(DistributedApplicationOperation.Run);

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>The instances that a resource runs as: one, or one per replica.</summary>
internal sealed class InstancesAnnotation(string[] ids) : IResourceAnnotation
{
    public string[] Ids { get; } = ids;
}

/// <summary>Not shown, and without commands.</summary>
internal sealed class HiddenResourceAnnotation : IResourceAnnotation;
