namespace CogniForge.AppHost.LocalServers;

/// <summary>Replaces a container in the model, and runs the same server as a process of this machine.</summary>
/// <remarks>
/// It shares the container's annotations, so name, endpoints, health checks, waits, commands and references stay the
/// same.
/// </remarks>
internal sealed class LocalServerResource(ContainerResource container, string dataFolder, bool isTemporary)
    : ExecutableResource(container.Name, "/bin/sh", dataFolder),
        IResourceWithConnectionString
{
    private IResourceWithConnectionString Inner { get; } = (IResourceWithConnectionString)container;

    /// <summary>Whether the data is deleted after the run.</summary>
    public bool IsTemporary { get; } = isTemporary;

    // An initializer, because it runs before the base constructor, which adds to this collection.
    public override ResourceAnnotationCollection Annotations { get; } = container.Annotations;

    public ReferenceExpression ConnectionStringExpression => Inner.ConnectionStringExpression;

    public string? ConnectionStringEnvironmentVariable => Inner.ConnectionStringEnvironmentVariable;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        Inner.GetConnectionStringAsync(cancellationToken);

    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
        Inner.GetConnectionProperties();
}
