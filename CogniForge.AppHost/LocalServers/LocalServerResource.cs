namespace CogniForge.AppHost.LocalServers;

/// <summary>
/// Takes a container's place in the model and runs the same server as a process of this machine. It shares the container's
/// annotations, so that name, endpoints, health checks, waits, commands and every reference stay as they are.
/// </summary>
internal sealed class LocalServerResource(ContainerResource container, string dataFolder, bool isTemporary)
    : ExecutableResource(container.Name, "/bin/sh", dataFolder),
        IResourceWithConnectionString
{
    private IResourceWithConnectionString Inner { get; } = (IResourceWithConnectionString)container;

    /// <summary>Whether the data goes with this run.</summary>
    public bool IsTemporary { get; } = isTemporary;

    // An initializer runs before the base's constructor, which adds to this collection.
    public override ResourceAnnotationCollection Annotations { get; } = container.Annotations;

    public ReferenceExpression ConnectionStringExpression => Inner.ConnectionStringExpression;

    public string? ConnectionStringEnvironmentVariable => Inner.ConnectionStringEnvironmentVariable;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        Inner.GetConnectionStringAsync(cancellationToken);

    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
        Inner.GetConnectionProperties();
}
