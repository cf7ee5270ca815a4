namespace CogniForge.Serving.Models;

/// <summary>Finds versions for requests, cached as <see cref="RegistryCache{T}"/> describes.</summary>
internal sealed class ModelCatalog(IModelStore models, TimeProvider time) : IDisposable
{
    private readonly RegistryCache<ModelVersion> _cache = new(time);

    public void Dispose() => _cache.Dispose();

    /// <summary>
    /// Finds a version, or the newest that serves if <paramref name="version"/> is null; null if none exists.
    /// </summary>
    public ValueTask<ModelVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken) =>
        GetAsync(name, version, null, cancellationToken);

    /// <summary>Finds the version that an alias stands for; null if the alias does not exist.</summary>
    public ValueTask<ModelVersion?> FindByAliasAsync(string name, string alias, CancellationToken cancellationToken) =>
        GetAsync(name, null, alias, cancellationToken);

    private ValueTask<ModelVersion?> GetAsync(
        string name,
        int? version,
        string? alias,
        CancellationToken cancellationToken
    )
    {
        object key = (name, version, alias);
        return _cache.GetFresh(key) is { } fresh
            ? new(fresh)
            : new(
                _cache.LoadAsync(
                    key,
                    async known =>
                    {
                        var found = alias is null
                            ? await models.FindAsync(name, version, cancellationToken)
                            : await models.FindByAliasAsync(name, alias, cancellationToken);

                        // Parsing a large definition again would take longer than most inferences.
                        return found is not null && known?.Revision == found.Revision ? known : found;
                    }
                )
            );
    }
}
