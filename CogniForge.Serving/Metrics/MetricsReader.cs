using CogniForge.Serving.Metrics.Accuracy;
using CogniForge.Serving.Metrics.Predictions;
using CogniForge.Serving.Metrics.Usage;
using CogniForge.Serving.Models;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Metrics;

/// <summary>Reads what reports are computed from.</summary>
internal sealed class MetricsReader(IPredictionStore predictions, IModelStore models, IOptions<MetricsOptions> options)
{
    private int Limit => options.Value.MaxRows + 1;

    /// <summary>Reads the newest predictions that can be evaluated.</summary>
    /// <exception cref="RegistryException">The model or the version does not exist.</exception>
    public async Task<(IReadOnlyList<Prediction> Predictions, bool IsTruncated)> ReadEvaluableAsync(
        MetricsWindow window,
        CancellationToken cancellationToken
    )
    {
        await RequireAsync(window, cancellationToken);
        return Truncate(await predictions.ReadEvaluableAsync(window, Limit, cancellationToken));
    }

    /// <summary>Reads the newest predictions of a class for a group.</summary>
    /// <exception cref="RegistryException">The model or the version does not exist.</exception>
    public async Task<(IReadOnlyList<Prediction> Predictions, bool IsTruncated)> ReadGroupedAsync(
        MetricsWindow window,
        CancellationToken cancellationToken
    )
    {
        await RequireAsync(window, cancellationToken);
        return Truncate(await predictions.ReadGroupedAsync(window, Limit, cancellationToken));
    }

    /// <inheritdoc cref="ReadEvaluableAsync"/>
    public async Task<AccuracyReport> ReadAccuracyAsync(
        MetricsWindow window,
        string? positiveClass,
        CancellationToken cancellationToken
    )
    {
        var (rows, isTruncated) = await ReadEvaluableAsync(window, cancellationToken);
        return AccuracyEvaluator.Evaluate(window, rows, isTruncated, positiveClass, cancellationToken);
    }

    /// <summary>Reads requests, latencies and cost of each version.</summary>
    /// <exception cref="RegistryException">The model or the version does not exist.</exception>
    public async Task<UsageReport> ReadUsageAsync(MetricsWindow window, CancellationToken cancellationToken)
    {
        await RequireAsync(window, cancellationToken);
        var versions = new List<VersionUsageReport>();
        foreach (var usage in await predictions.ReadUsageAsync(window, cancellationToken))
        {
            var version = await models.FindAsync(window.Model, usage.Version, cancellationToken);
            versions.Add(VersionUsageReport.From(usage, version?.Details.Price, window.Seconds));
        }

        return new(window.Model, window.From, window.To, versions, versions.Sum(v => v.Cost ?? 0));
    }

    private (IReadOnlyList<Prediction> Predictions, bool IsTruncated) Truncate(IReadOnlyList<Prediction> read) =>
        read.Count < Limit ? (read, false) : ([.. read.Take(Limit - 1)], true);

    private async Task RequireAsync(MetricsWindow window, CancellationToken cancellationToken)
    {
        if (window.Version is { } version)
        {
            _ =
                await models.FindAsync(window.Model, version, cancellationToken)
                ?? throw RegistryException.UnknownVersion(window.Model, version);
        }
        else if (await models.FindModelAsync(window.Model, cancellationToken) is null)
        {
            throw RegistryException.UnknownModel(window.Model);
        }
    }
}
