namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>How often each class was predicted for rows of each class.</summary>
/// <param name="Labels">The classes, in ordinal order.</param>
/// <param name="Counts">A row for each true class, with the counts of the predicted classes.</param>
internal sealed record ConfusionCounts(IReadOnlyList<string> Labels, IReadOnlyList<IReadOnlyList<long>> Counts);
