using CogniForge.ServiceDefaults.Http;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Experiments;

/// <summary>Stores experiments.</summary>
internal interface IExperimentStore
{
    /// <summary>Finds an experiment.</summary>
    Task<Experiment?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Finds the experiment that runs on a model; there is at most one.</summary>
    Task<Experiment?> FindRunningAsync(string model, CancellationToken cancellationToken);

    /// <summary>Lists experiments, oldest first.</summary>
    /// <param name="model">The model; null: all models.</param>
    /// <param name="cursor">The start of the page.</param>
    /// <param name="limit">The maximum number of experiments.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<Page<Experiment>> ListAsync(string? model, Cursor cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Lists all experiments that run.</summary>
    Task<IReadOnlyList<Experiment>> ListRunningAsync(CancellationToken cancellationToken);

    /// <summary>Lists the experiments of a model that have not ended.</summary>
    Task<IReadOnlyList<Experiment>> ListOpenAsync(string model, CancellationToken cancellationToken);

    /// <summary>Decides on a change and stores it with its audit entry, in one transaction.</summary>
    /// <param name="name">The experiment's name; its changes run one after the other.</param>
    /// <param name="decide">Returns the change, null for none; throws to refuse it. Without side effects.</param>
    /// <param name="cancellationToken">Cancels the transaction.</param>
    /// <exception cref="RegistryException">The change is refused, or the model runs another experiment.</exception>
    Task ChangeAsync(
        string name,
        Func<Experiment?, ExperimentChange?> decide,
        CancellationToken cancellationToken
    );
}
