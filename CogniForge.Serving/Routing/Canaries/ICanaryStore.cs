namespace CogniForge.Serving.Routing.Canaries;

/// <summary>Stores what all replicas observed in the steps of canaries.</summary>
internal interface ICanaryStore
{
    /// <summary>Adds to the counts of a version in a step.</summary>
    Task AddAsync(Guid stepId, bool isCanary, CanaryCounts counts, CancellationToken cancellationToken);

    /// <summary>Reads the counts of a step.</summary>
    Task<(CanaryCounts Stable, CanaryCounts Canary)> ReadAsync(Guid stepId, CancellationToken cancellationToken);

    /// <summary>Deletes the counts that were last added to before a time.</summary>
    Task DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
