using System.Globalization;
using CogniForge.Serving.Metrics.Accuracy;
using CogniForge.Serving.Metrics.Drift;
using CogniForge.Serving.Metrics.Usage;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Metrics.Performance;

/// <summary>Draws the verdict about a model.</summary>
internal static class PerformanceJudge
{
    // A jump of missing or unknown values by so much is rarely chance.
    private const double MaxQualityLoss = 0.05;
    private const int MaxNames = 5;

    /// <summary>The verdict and its reasons, the worst first.</summary>
    public static (Verdict Verdict, IReadOnlyList<string> Reasons) Judge(
        ModelVersion? version,
        UsageReport usage,
        AccuracyReport accuracy,
        DriftEvaluation? drift,
        MetricsOptions options
    )
    {
        List<string> faults = [.. FindFaults(version, accuracy, options)];
        List<string> warnings = [.. FindWarnings(usage, drift, options)];
        var isUnknown = usage.Versions.Count == 0 && accuracy.Rows == 0 && drift is null;
        var verdict =
            faults.Count > 0 ? Verdict.Unhealthy
            : warnings.Count > 0 ? Verdict.Degraded
            : isUnknown ? Verdict.Unknown
            : Verdict.Healthy;
        return (verdict, isUnknown && faults.Count == 0 ? ["The window has no requests."] : [.. faults, .. warnings]);
    }

    private static IEnumerable<string> FindFaults(
        ModelVersion? version,
        AccuracyReport accuracy,
        MetricsOptions options
    )
    {
        if (version?.State == VersionState.Failed)
        {
            yield return $"Version {version.Version} failed: {version.StateReason}";
        }

        if (
            version?.Details.Lineage?.Metrics?.TryGetValue("accuracy", out var trained) == true
            && accuracy.Classification is { } current
            && trained - current.Accuracy > options.MaxAccuracyLoss
        )
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The accuracy is {current.Accuracy:0.###}; it was {trained:0.###} in the training, of which "
                    + $"{options.MaxAccuracyLoss:0.###} may be lost."
            );
        }
    }

    private static IEnumerable<string> FindWarnings(UsageReport usage, DriftEvaluation? drift, MetricsOptions options)
    {
        foreach (var version in usage.Versions.Where(v => v.LatencyMs?.P95 > options.MaxP95Ms))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The p95 latency of version {version.Version} is {version.LatencyMs!.P95:0.#} ms, above "
                    + $"{options.MaxP95Ms:0.#} ms."
            );
        }

        if (drift is null)
        {
            yield break;
        }

        if (drift.IsDrifted is null)
        {
            var names = Describe([.. drift.Columns.Select(c => c.Name)]);
            yield return $"The predictions have no values in the columns of the drift reference: {names}.";
            yield break;
        }

        if (drift.IsDrifted == true)
        {
            var compared = drift.Columns.Count(c => c.Test is not null);
            var drifted = drift.Columns.Where(c => c.IsDrifted).Select(c => c.Name).ToList();
            yield return $"{drifted.Count} of {compared} columns drifted: {Describe(drifted)}.";
        }

        var missing = drift
            .Columns.Where(c => c.Quality.MissingShare - c.Quality.ReferenceMissingShare > MaxQualityLoss)
            .Select(c => c.Name)
            .ToList();
        if (missing.Count > 0)
        {
            yield return $"More values are missing than in the reference: {Describe(missing)}.";
        }

        var strange = drift
            .Columns.Where(c => (c.Quality.OutOfRangeShare ?? c.Quality.NewCategoryShare) > MaxQualityLoss)
            .Select(c => c.Name)
            .ToList();
        if (strange.Count > 0)
        {
            yield return $"Values are outside what the reference has: {Describe(strange)}.";
        }
    }

    private static string Describe(List<string> names) =>
        string.Join(", ", names.Take(MaxNames)) + (names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "");
}
