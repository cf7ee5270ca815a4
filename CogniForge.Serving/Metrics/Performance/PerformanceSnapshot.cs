using CogniForge.Serving.Metrics.Accuracy;
using CogniForge.Serving.Metrics.Drift;
using CogniForge.Serving.Metrics.Usage;

namespace CogniForge.Serving.Metrics.Performance;

/// <summary>How a model does: the verdict, its reasons, and what they were drawn from.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version; null: all.</param>
/// <param name="From">The start of the window, included.</param>
/// <param name="To">The end of the window, excluded.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reasons">Why, the worst first; empty if it is healthy.</param>
/// <param name="Usage">Latency, throughput and cost.</param>
/// <param name="Accuracy">How good the predictions are.</param>
/// <param name="Drift">The last evaluation of drift; null: none in the window.</param>
internal sealed record PerformanceSnapshot(
    string Model,
    int? Version,
    DateTimeOffset From,
    DateTimeOffset To,
    Verdict Verdict,
    IReadOnlyList<string> Reasons,
    UsageReport Usage,
    AccuracyReport Accuracy,
    DriftEvaluation? Drift
);
