namespace CogniForge.Serving.Tracking;

/// <summary>Stores experiments and runs.</summary>
internal interface ITrackingStore
{
    /// <summary>
    /// Adds an experiment with the next id; its location is below <c>mlflow-artifacts:/</c> by default.
    /// </summary>
    /// <returns>The id; null if the name is taken, by a deleted experiment too.</returns>
    Task<long?> AddExperimentAsync(
        string name,
        string? artifactLocation,
        IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellationToken
    );

    /// <summary>Finds an experiment by its id, deleted or not.</summary>
    Task<TrackedExperiment?> FindExperimentAsync(long id, CancellationToken cancellationToken);

    /// <summary>Finds an experiment by its name, deleted or not.</summary>
    Task<TrackedExperiment?> FindExperimentAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lists experiments, newest first.</summary>
    Task<IReadOnlyList<TrackedExperiment>> ListExperimentsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Replaces name, tags and deletion mark of an experiment.</summary>
    /// <returns>False if the name is taken.</returns>
    Task<bool> UpdateExperimentAsync(TrackedExperiment experiment, CancellationToken cancellationToken);

    /// <summary>Adds a run with its tags.</summary>
    Task AddRunAsync(TrackedRun run, CancellationToken cancellationToken);

    /// <summary>Finds a run, deleted or not.</summary>
    Task<TrackedRun?> FindRunAsync(string id, CancellationToken cancellationToken);

    /// <summary>Replaces name, status, end and deletion mark of a run.</summary>
    Task UpdateRunAsync(TrackedRun run, CancellationToken cancellationToken);

    /// <summary>Logs to a run; tags replace, a metric's equal point counts once.</summary>
    /// <returns>The key of a parameter that has another value, in which case nothing is logged; else null.</returns>
    Task<string?> LogAsync(string runId, RunBatch batch, CancellationToken cancellationToken);

    /// <summary>Deletes a tag of a run.</summary>
    /// <returns>False if the run has no such tag.</returns>
    Task<bool> DeleteTagAsync(string runId, string key, CancellationToken cancellationToken);

    /// <summary>Lists runs of experiments, the latest start first.</summary>
    Task<IReadOnlyList<TrackedRun>> ListRunsAsync(
        IReadOnlyCollection<long> experimentIds,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Lists the values of a metric in the order in which they were logged.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="key">The metric.</param>
    /// <param name="skip">How many to skip.</param>
    /// <param name="limit">The maximum number of values.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<TrackedMetric>> ListMetricAsync(
        string runId,
        string key,
        int skip,
        int limit,
        CancellationToken cancellationToken
    );
}
