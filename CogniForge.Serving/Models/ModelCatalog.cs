using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.Serving.Models;

/// <summary>Finds the version for a request, cached for two seconds.</summary>
/// <remarks>While the database is unavailable, versions used within the last hour continue to serve.</remarks>
internal sealed class ModelCatalog(IModelStore models, TimeProvider time) : IDisposable
{
    private const int MaxModels = 1_000;
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _kept = TimeSpan.FromHours(1);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaxModels });

    public void Dispose() => _cache.Dispose();

    /// <summary>
    /// Finds a version, or the newest that serves if <paramref name="version"/> is null; null if none exists.
    /// </summary>
    public ValueTask<ModelVersion?> ExecuteAsync(string name, int? version, CancellationToken cancellationToken) =>
        FindAsync(name, version, null, cancellationToken);

    /// <summary>Finds the version that an alias stands for; null if the alias does not exist.</summary>
    public ValueTask<ModelVersion?> FindByAliasAsync(string name, string alias, CancellationToken cancellationToken) =>
        FindAsync(name, null, alias, cancellationToken);

    private async ValueTask<ModelVersion?> FindAsync(
        string name,
        int? version,
        string? alias,
        CancellationToken cancellationToken
    )
    {
        var key = (name, version, alias);
        var known = _cache.Get<Known>(key);
        if (known is not null && time.GetElapsedTime(known.At) < _fresh)
        {
            return known.Version;
        }

        ModelVersion? found;
        try
        {
            found = alias is null
                ? await models.FindAsync(name, version, cancellationToken)
                : await models.FindByAliasAsync(name, alias, cancellationToken);
        }
        catch (Exception e) when (known is not null && CogniForge.ServiceDefaults.Postgres.TransientFaults.IsOutage(e))
        {
            // Cached again, so that an outage costs one query per interval and not one per request.
            found = known.Version;
        }

        if (found is not null)
        {
            // A definition never changes, and parsing a large one again would take longer than most inferences.
            found = known?.Version.Revision == found.Revision ? known.Version : found;
            _cache.Set(
                key,
                new Known(found, time.GetTimestamp()),
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _kept }
            );
        }

        return found;
    }

    private sealed record Known(ModelVersion Version, long At);
}
