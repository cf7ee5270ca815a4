using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.Serving.Models;

/// <summary>
/// Finds the version that answers a request, from memory when it was asked for in the last two seconds. While the database is away, what has been served goes on serving.
/// </summary>
internal sealed class ModelCatalog(IModelStore models, TimeProvider time) : IDisposable
{
    private const int MaxModels = 1_000;
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _kept = TimeSpan.FromHours(1);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaxModels });

    /// <summary>Finds a version; without a number the newest. Null when there is none.</summary>
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
            // Asked again after the same time, not by every request of an outage.
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
