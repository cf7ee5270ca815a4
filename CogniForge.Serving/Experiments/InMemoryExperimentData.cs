using CogniForge.Statistics.Experiments;

namespace CogniForge.Serving.Experiments;

/// <summary>Keeps the data of experiments in memory: at most 100,000 units and outcomes of each.</summary>
internal sealed class InMemoryExperimentData : IExperimentData
{
    private const int Capacity = 100_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Data> _experiments = [];

    public Task AddExposuresAsync(IReadOnlyList<Exposure> exposures, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var exposure in exposures)
            {
                Get(exposure.ExperimentId).Add(exposure);
            }
        }

        return Task.CompletedTask;
    }

    public Task<int> AddOutcomesAsync(
        Guid experimentId,
        IReadOnlyList<Outcome> outcomes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var data = Get(experimentId);
            return Task.FromResult(
                outcomes.Count(o => data.Outcomes.Count < Capacity && data.Outcomes.TryAdd(o.Id!, o))
            );
        }
    }

    public Task<ExperimentSummary> SummarizeAsync(Experiment experiment, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var data = Get(experiment.Id);
            var units = data.Units.Where(u => !data.Mixed.Contains(u.Key)).ToList();
            return Task.FromResult(
                new ExperimentSummary(
                    [.. units.GroupBy(u => u.Value.Variant).Select(g => new VariantUnits(g.Key, g.Count()))],
                    data.Mixed.Count,
                    [.. experiment.Settings.GetMetrics().SelectMany(m => Summarize(m, units, data))]
                )
            );
        }
    }

    /// <summary>Deletes nothing: the capacity bounds what is kept.</summary>
    public Task<int> DeleteAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(0);

    /// <summary>Deletes the data of an experiment.</summary>
    public void Delete(Guid experimentId)
    {
        lock (_lock)
        {
            _experiments.Remove(experimentId);
        }
    }

    private Data Get(Guid id) => _experiments.TryGetValue(id, out var data) ? data : _experiments[id] = new();

    private static IEnumerable<MetricSummary> Summarize(
        ExperimentMetric metric,
        List<KeyValuePair<string, Exposure>> units,
        Data data
    )
    {
        var outcomes = data
            .Outcomes.Values.Where(o => o.Metric == metric.Name)
            .ToLookup(o => o.UnitId ?? data.Requests.GetValueOrDefault(o.RequestId!), o => o.Value!.Value);
        var values = units
            .Where(u => metric.Aggregation == MetricAggregation.Sum || outcomes.Contains(u.Key))
            .Select(u =>
                (
                    u.Value.Variant,
                    Outcome: Aggregate(metric, outcomes[u.Key]),
                    Covariate: u.Value.Covariates?.TryGetValue(metric.Name!, out var x) == true ? x : (double?)null
                )
            )
            .ToList();

        // A unit without a covariate gets the mean of the others, which changes no comparison.
        var mean = values.Average(v => v.Covariate);
        foreach (var variant in values.GroupBy(v => v.Variant))
        {
            double[] y = [.. variant.Select(v => v.Outcome)];
            double[] x = [.. variant.Select(v => v.Covariate ?? mean ?? 0)];
            var moments = CovariateMoments.FromValues(y, x);
            yield return new(
                variant.Key,
                metric.Name!,
                y.Length,
                moments.Outcome.Mean!.Value,
                moments.Outcome.Variance,
                mean is null ? null : moments.Covariate.Mean,
                mean is null ? null : moments.Covariate.Variance,
                mean is null ? null : moments.Covariance
            );
        }
    }

    private static double Aggregate(ExperimentMetric metric, IEnumerable<double> outcomes) =>
        metric switch
        {
            { Kind: MetricKind.Binary } => outcomes.Any(v => v > 0) ? 1 : 0,
            { Aggregation: MetricAggregation.Sum } => outcomes.Sum(),
            _ => outcomes.Average(),
        };

    private sealed class Data
    {
        public Dictionary<string, Exposure> Units { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Mixed { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Requests { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Outcome> Outcomes { get; } = new(StringComparer.Ordinal);

        public void Add(Exposure exposure)
        {
            if (Units.TryGetValue(exposure.UnitId, out var first))
            {
                if (first.Variant != exposure.Variant)
                {
                    Mixed.Add(exposure.UnitId);
                }
            }
            else if (Units.Count < Capacity)
            {
                Units.Add(exposure.UnitId, exposure);
            }

            if (exposure.RequestId is { } request && Requests.Count < Capacity)
            {
                Requests.TryAdd(request, exposure.UnitId);
            }
        }
    }
}
