using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Experiments;

/// <summary>Finds the experiment that runs on a model, cached as <see cref="RegistryCache{T}"/> describes.</summary>
internal sealed class ExperimentCatalog(IExperimentStore experiments, TimeProvider time) : IDisposable
{
    private readonly RegistryCache<Running> _cache = new(time);

    public void Dispose() => _cache.Dispose();

    /// <summary>Finds the experiment that runs on a model; null if none does.</summary>
    public async ValueTask<Experiment?> FindRunningAsync(string model, CancellationToken cancellationToken)
    {
        var running =
            _cache.GetFresh(model)
            ?? await _cache.LoadAsync(model, known => LoadAsync(model, known, cancellationToken));
        return running?.Experiment;
    }

    private async Task<Running?> LoadAsync(string model, Running? known, CancellationToken cancellationToken)
    {
        try
        {
            return new(await experiments.FindRunningAsync(model, cancellationToken));
        }
        catch (Exception e) when (known is null && TransientFaults.IsOutage(e))
        {
            return new(null); // requests need no experiment
        }
    }

    // That no experiment runs is cached too.
    private sealed record Running(Experiment? Experiment);
}
