using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>Stores references and evaluations of drift.</summary>
internal interface IDriftStore
{
    /// <summary>Sets or deletes the reference of a model with its audit entry, in one transaction.</summary>
    /// <param name="model">The model's name; changes of its reference run one after the other.</param>
    /// <param name="decide">
    /// Gets the present reference; returns the change, or null for none. Without side effects.
    /// </param>
    /// <param name="cancellationToken">Cancels the transaction.</param>
    /// <exception cref="Models.RegistryException">The model does not exist.</exception>
    Task ChangeReferenceAsync(
        string model,
        Func<DriftReference?, DriftReferenceChange?> decide,
        CancellationToken cancellationToken
    );

    /// <summary>Finds the reference of a model.</summary>
    Task<DriftReference?> FindReferenceAsync(string model, CancellationToken cancellationToken);

    /// <summary>Lists the models that have a reference.</summary>
    Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Adds an evaluation, and publishes <see cref="DriftDetected"/> if it is the first drifted one since the reference
    /// was set or the last one that was not. Ignored if the reference was deleted.
    /// </summary>
    Task AddAsync(DriftEvaluation evaluation, CancellationToken cancellationToken);

    /// <summary>Lists the evaluations of a model, newest first.</summary>
    Task<Page<DriftEvaluation>> ListAsync(
        string model,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes at most so many evaluations from before a time, and returns their number.</summary>
    Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
