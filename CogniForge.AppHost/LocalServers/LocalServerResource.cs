namespace CogniForge.AppHost.LocalServers;

/// <summary>
/// Stands in the model in the place of a container resource and runs the same server as a process of this machine.
/// It has that resource's annotations as its own: name, endpoints, environment, arguments, health checks, waits, commands and
/// URLs stay what the integration and the AppHost made of them, and every reference to the container goes on working.
/// </summary>
internal sealed class LocalServerResource(ContainerResource container, string workingDirectory)
    : ExecutableResource(container.Name, "/bin/sh", workingDirectory), IResourceWithConnectionString
{
    private IResourceWithConnectionString Inner { get; } = (IResourceWithConnectionString)container;

    // An initializer runs before the base's constructor, which adds to this collection.
    public override ResourceAnnotationCollection Annotations { get; } = container.Annotations;

    public ReferenceExpression ConnectionStringExpression => Inner.ConnectionStringExpression;

    public string? ConnectionStringEnvironmentVariable => Inner.ConnectionStringEnvironmentVariable;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => Inner.GetConnectionStringAsync(cancellationToken);

    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => Inner.GetConnectionProperties();
}
