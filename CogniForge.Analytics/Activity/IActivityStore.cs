using CogniForge.Analytics.Ingestion;

namespace CogniForge.Analytics.Activity;

/// <summary>Stores the activity of the other services; a record whose id is already stored is ignored.</summary>
internal interface IActivityStore
{
    Task AddAsync(IReadOnlyList<Completion> completions, CancellationToken cancellationToken);

    Task AddAsync(IReadOnlyList<Inference> inferences, CancellationToken cancellationToken);

    Task AddAsync(IReadOnlyList<Promotion> promotions, CancellationToken cancellationToken);

    Task AddAsync(IReadOnlyList<Drift> drifts, CancellationToken cancellationToken);

    /// <summary>Counts the stored records; <see cref="IUserEventStore"/> counts user events.</summary>
    Task<(long Completions, long Inferences, long Promotions, long Drifts)> CountAsync(
        CancellationToken cancellationToken
    );
}
