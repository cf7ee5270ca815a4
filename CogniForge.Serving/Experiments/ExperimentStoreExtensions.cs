using CogniForge.Serving.Models;

namespace CogniForge.Serving.Experiments;

/// <summary>Finds experiments that must exist.</summary>
internal static class ExperimentStoreExtensions
{
    /// <summary>Finds an experiment.</summary>
    /// <exception cref="RegistryException">It is unknown: 404.</exception>
    public static async Task<Experiment> RequireAsync(
        this IExperimentStore experiments,
        string name,
        CancellationToken cancellationToken
    ) =>
        (ExperimentName.IsValid(name) ? await experiments.FindAsync(name, cancellationToken) : null)
        ?? throw ExperimentErrors.Unknown(name);
}
