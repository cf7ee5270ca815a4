using CogniForge.Serving.Metrics.Usage;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>Stores predictions and their ground truth.</summary>
internal interface IPredictionStore
{
    /// <summary>Adds predictions; one whose key is stored is ignored, and so is one of an unknown model.</summary>
    /// <returns>The number of predictions that were added.</returns>
    Task<int> AddAsync(IReadOnlyList<Prediction> predictions, CancellationToken cancellationToken);

    /// <summary>Adds ground truth, which may precede its prediction; the last one of a key wins.</summary>
    Task AddAsync(IReadOnlyList<GroundTruth> truths, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the newest predictions with ground truth or a likelihood, without their features, newest first.
    /// </summary>
    Task<IReadOnlyList<Prediction>> ReadEvaluableAsync(
        MetricsWindow window,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Reads the newest predictions with a class and groups, their truth known or not, newest first.</summary>
    Task<IReadOnlyList<Prediction>> ReadGroupedAsync(
        MetricsWindow window,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Reads the newest predictions with their features, without ground truth, newest first.</summary>
    Task<IReadOnlyList<Prediction>> ReadFeaturesAsync(
        MetricsWindow window,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Sums the requests of each version, captured or not, with its latencies.</summary>
    Task<IReadOnlyList<VersionUsage>> ReadUsageAsync(MetricsWindow window, CancellationToken cancellationToken);

    /// <summary>Deletes at most so many predictions and so much ground truth from before a time.</summary>
    /// <returns>The number of deleted rows.</returns>
    Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
