using CogniForge.Serving.Inference;
using CogniForge.Serving.Metrics.Usage;
using CogniForge.Statistics.Latency;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>Keeps the newest 10,000 predictions and the newest 10,000 truths.</summary>
internal sealed class InMemoryPredictionStore(InMemoryInferenceStore inferences) : IPredictionStore
{
    private const int Capacity = 10_000;
    private readonly Lock _lock = new();
    private readonly HashSet<PredictionKey> _keys = [];
    private readonly Queue<Prediction> _predictions = new();
    private readonly OrderedDictionary<PredictionKey, GroundTruth> _truths = [];

    public Task<int> AddAsync(IReadOnlyList<Prediction> predictions, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var added = 0;
            foreach (var prediction in predictions.Where(p => _keys.Add(p.Key)))
            {
                added++;
                _predictions.Enqueue(prediction);
                if (_predictions.Count > Capacity)
                {
                    _keys.Remove(_predictions.Dequeue().Key);
                }
            }

            return Task.FromResult(added);
        }
    }

    public Task AddAsync(IReadOnlyList<GroundTruth> truths, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var truth in truths)
            {
                _truths.Remove(truth.Key, out var earlier);
                _truths.Add(truth.Key, truth with { Groups = truth.Groups ?? earlier?.Groups });
                if (_truths.Count > Capacity)
                {
                    _truths.RemoveAt(0);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Prediction>> ReadEvaluableAsync(
        MetricsWindow window,
        int limit,
        CancellationToken cancellationToken
    ) => Task.FromResult(Read(window, limit, p => p.Actual is not null || p.LogProbability is not null));

    public Task<IReadOnlyList<Prediction>> ReadGroupedAsync(
        MetricsWindow window,
        int limit,
        CancellationToken cancellationToken
    ) => Task.FromResult(Read(window, limit, p => p.Output.Class is not null && p.Groups is not null));

    public Task<IReadOnlyList<Prediction>> ReadFeaturesAsync(
        MetricsWindow window,
        int limit,
        CancellationToken cancellationToken
    ) => Task.FromResult(Read(window, limit, _ => true));

    public Task<IReadOnlyList<VersionUsage>> ReadUsageAsync(MetricsWindow window, CancellationToken cancellationToken)
    {
        var served = inferences
            .ReadNewest()
            .Where(i => window.Contains(i.Model, i.Version, i.OccurredAt))
            .Select(i => (i.Version, Rows: (long)i.Rows, Tokens: 0L, Ms: (double?)i.DurationMs));
        var recorded = Read(window, Capacity, p => p.Key.Source != Prediction.ServedHere)
            .Select(p => (p.Version, Rows: 1L, Tokens: (p.InputTokens ?? 0) + (p.OutputTokens ?? 0), Ms: p.LatencyMs));
        return Task.FromResult<IReadOnlyList<VersionUsage>>([
            .. served
                .Concat(recorded)
                .GroupBy(r => r.Version)
                .OrderBy(g => g.Key)
                .Select(g =>
                {
                    double[] latencies = [.. g.Where(r => r.Ms is not null).Select(r => r.Ms!.Value)];
                    return new VersionUsage(
                        g.Key,
                        g.LongCount(),
                        g.Sum(r => r.Rows),
                        g.Sum(r => r.Tokens),
                        latencies.Sum() / 1_000,
                        LatencySummary.FromValues(latencies)
                    );
                }),
        ]);
    }

    /// <summary>Deletes nothing: the capacity bounds what is kept.</summary>
    public Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(0);

    private IReadOnlyList<Prediction> Read(MetricsWindow window, int limit, Func<Prediction, bool> isRead)
    {
        lock (_lock)
        {
            return
            [
                .. _predictions
                    .Where(p => window.Contains(p.Key.Model, p.Version, p.OccurredAt))
                    .Select(Join)
                    .Where(isRead)
                    .OrderByDescending(p => p.OccurredAt)
                    .ThenByDescending(p => p.Id)
                    .Take(limit),
            ];
        }
    }

    private Prediction Join(Prediction prediction)
    {
        _truths.TryGetValue(prediction.Key, out var truth);
        return prediction with { Actual = truth?.Actual, Groups = truth?.Groups ?? prediction.Groups };
    }
}
