using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>Stores references and evaluations of drift.</summary>
internal interface IDriftStore
{
    /// <summary>Sets the reference of a model; ignored if the model does not exist.</summary>
    Task PutReferenceAsync(DriftReference reference, CancellationToken cancellationToken);

    /// <summary>Finds the reference of a model.</summary>
    Task<DriftReference?> FindReferenceAsync(string model, CancellationToken cancellationToken);

    /// <summary>Deletes the reference of a model, which ends its evaluations. False: there is none.</summary>
    Task<bool> DeleteReferenceAsync(string model, CancellationToken cancellationToken);

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
