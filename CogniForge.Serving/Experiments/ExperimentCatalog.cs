using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.Serving.Experiments;

/// <summary>Finds the experiment that runs on a model, cached for two seconds.</summary>
/// <remarks>While the database is unavailable, experiments used within the last hour continue.</remarks>
internal sealed class ExperimentCatalog(IExperimentStore experiments, TimeProvider time) : IDisposable
{
    private const int MaxModels = 1_000;
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _kept = TimeSpan.FromHours(1);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaxModels });

    public void Dispose() => _cache.Dispose();

    /// <summary>Finds the experiment that runs on a model; null if none does.</summary>
    public async ValueTask<Experiment?> FindRunningAsync(string model, CancellationToken cancellationToken)
    {
        var known = _cache.Get<Known>(model);
        if (known is not null && time.GetElapsedTime(known.At) < _fresh)
        {
            return known.Experiment;
        }

        Experiment? found;
        try
        {
            found = await experiments.FindRunningAsync(model, cancellationToken);
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            // Cached again, so that an outage costs one query per interval and not one per request.
            found = known?.Experiment;
        }

        _cache.Set(
            model,
            new Known(found, time.GetTimestamp()),
            new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _kept }
        );
        return found;
    }

    private sealed record Known(Experiment? Experiment, long At);
}
