using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Serving.Models;

/// <summary>Stores models, versions and aliases.</summary>
internal interface IModelStore
{
    /// <summary>Finds a model.</summary>
    Task<RegisteredModel?> FindModelAsync(string name, CancellationToken cancellationToken);

    /// <summary>Finds a version, or the newest that serves if <paramref name="version"/> is null.</summary>
    Task<ModelVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken);

    /// <summary>Finds the version that an alias stands for.</summary>
    Task<ModelVersion?> FindByAliasAsync(string name, string alias, CancellationToken cancellationToken);

    /// <summary>Lists the ensembles, not retired, that may have members of a model, in any case of letters.</summary>
    Task<IReadOnlyList<ModelVersion>> ListEnsemblesAsync(string model, CancellationToken cancellationToken);

    /// <summary>Lists the models, oldest first.</summary>
    Task<Page<RegisteredModel>> ListModelsAsync(Cursor cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Lists the versions of a model, or of all models, oldest first, without their definitions.</summary>
    Task<Page<ModelVersion>> ListVersionsAsync(
        string? name,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Lists the ready and serving versions that take time to load, latest change first.</summary>
    Task<IReadOnlyList<LoadableVersion>> ListToLoadAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Lists the moves of an alias, newest first.</summary>
    Task<Page<AliasMove>> ListMovesAsync(
        string name,
        string alias,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Finds which of these artefacts belong to a version.</summary>
    Task<IReadOnlyCollection<Guid>> FindArtifactsAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    );

    /// <summary>Counts the models.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>Decides on a change and stores it, with its events and its audit entry, in one transaction.</summary>
    /// <remarks>Changes of one model run one after the other, so the decision holds when it is stored.</remarks>
    /// <param name="key">What the change concerns.</param>
    /// <param name="decide">Returns the change, null for none; throws to refuse it. Without side effects.</param>
    /// <param name="cancellationToken">Cancels the transaction.</param>
    /// <exception cref="RegistryException">The change is refused.</exception>
    Task ChangeAsync(
        RegistryKey key,
        Func<RegistryState, RegistryChange?> decide,
        CancellationToken cancellationToken
    );
}
