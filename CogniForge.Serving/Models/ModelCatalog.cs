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

    /// <summary>Finds a version, or the newest if <paramref name="version"/> is null; null if none exists.</summary>
    public async ValueTask<ModelVersion?> ExecuteAsync(string name, int? version, CancellationToken cancellationToken)
    {
        var known = _cache.Get<Known>((name, version));
        if (known is not null && time.GetElapsedTime(known.At) < _fresh)
        {
            return known.Version;
        }

        ModelVersion? found;
        try
        {
            found = await models.FindAsync(name, version, cancellationToken);
        }
        catch (Exception e) when (known is not null && CogniForge.ServiceDefaults.Postgres.TransientFaults.IsOutage(e))
        {
            // Cached again, so that an outage costs one query per interval and not one per request.
            found = known.Version;
        }

        if (found is not null)
        {
            _cache.Set(
                (name, version),
                new Known(found, time.GetTimestamp()),
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _kept }
            );
        }

        return found;
    }

    public void Dispose() => _cache.Dispose();

    private sealed record Known(ModelVersion Version, long At);
}
