namespace CogniForge.Serving.Experiments;

/// <summary>Stores exposures and outcomes, and sums them up.</summary>
internal interface IExperimentData
{
    /// <summary>Stores exposures: the first variant of a unit counts, and a second one excludes the unit.</summary>
    Task AddExposuresAsync(IReadOnlyList<Exposure> exposures, CancellationToken cancellationToken);

    /// <summary>Stores outcomes before it returns; an id that is stored already counts once.</summary>
    /// <returns>The number of outcomes that are new.</returns>
    Task<int> AddOutcomesAsync(
        Guid experimentId,
        IReadOnlyList<Outcome> outcomes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>Sums up the units and metrics of an experiment.</summary>
    Task<ExperimentSummary> SummarizeAsync(Experiment experiment, CancellationToken cancellationToken);

    /// <summary>Deletes exposures and outcomes of experiments that ended before a time.</summary>
    /// <param name="endedBefore">The time, UTC.</param>
    /// <param name="limit">The maximum number of exposures, of requests and of outcomes.</param>
    /// <param name="cancellationToken">Cancels the deletion.</param>
    /// <returns>The number of deleted rows.</returns>
    Task<int> DeleteAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken);
}
