using CogniForge.Analytics.Ingestion;

namespace CogniForge.Analytics.Activity;

/// <summary>What did the other services do? Records whose id is there already stay as they are.</summary>
internal interface IActivityStore
{
    Task AddAsync(IReadOnlyList<Completion> completions, CancellationToken cancellationToken);

    Task AddAsync(IReadOnlyList<Inference> inferences, CancellationToken cancellationToken);

    Task AddAsync(IReadOnlyList<Promotion> promotions, CancellationToken cancellationToken);

    /// <summary>How much there is; user events are counted by <see cref="IUserEventStore"/>.</summary>
    Task<(long Completions, long Inferences, long Promotions)> CountAsync(CancellationToken cancellationToken);
}
