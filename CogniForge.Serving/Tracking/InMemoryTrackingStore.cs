namespace CogniForge.Serving.Tracking;

internal sealed class InMemoryTrackingStore(TimeProvider time) : ITrackingStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TrackedRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TrackedMetric>> _metrics = new(StringComparer.Ordinal);
    private readonly List<TrackedExperiment> _experiments =
    [
        new(
            0,
            "Default",
            "mlflow-artifacts:/0",
            false,
            new Dictionary<string, string>(),
            time.GetUtcNow(),
            time.GetUtcNow()
        ),
    ];

    public Task<long?> AddExperimentAsync(
        string name,
        string? artifactLocation,
        IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            if (_experiments.Any(e => e.Name == name))
            {
                return Task.FromResult<long?>(null);
            }

            long id = _experiments.Count;
            var now = time.GetUtcNow();
            _experiments.Add(new(id, name, artifactLocation ?? $"mlflow-artifacts:/{id}", false, Sort(tags), now, now));
            return Task.FromResult<long?>(id);
        }
    }

    public Task<TrackedExperiment?> FindExperimentAsync(long id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_experiments.FirstOrDefault(e => e.Id == id));
        }
    }

    public Task<TrackedExperiment?> FindExperimentAsync(string name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_experiments.FirstOrDefault(e => e.Name == name));
        }
    }

    public Task<IReadOnlyList<TrackedExperiment>> ListExperimentsAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<TrackedExperiment>>([
                .. _experiments.OrderByDescending(e => e.Id).Take(limit),
            ]);
        }
    }

    public Task<bool> UpdateExperimentAsync(TrackedExperiment experiment, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_experiments.Any(e => e.Name == experiment.Name && e.Id != experiment.Id))
            {
                return Task.FromResult(false);
            }

            _experiments[(int)experiment.Id] = experiment with
            {
                Tags = Sort(experiment.Tags),
                UpdatedAt = time.GetUtcNow(),
            };
            return Task.FromResult(true);
        }
    }

    public Task AddRunAsync(TrackedRun run, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _runs.Add(run.Id, run with { Tags = Sort(run.Tags) });
            _metrics.Add(run.Id, []);
            return Task.CompletedTask;
        }
    }

    public Task<TrackedRun?> FindRunAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_runs.GetValueOrDefault(id));
        }
    }

    public Task UpdateRunAsync(TrackedRun run, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _runs[run.Id] = _runs[run.Id] with
            {
                Name = run.Name,
                Status = run.Status,
                EndTime = run.EndTime,
                IsDeleted = run.IsDeleted,
            };
            return Task.CompletedTask;
        }
    }

    public Task<string?> LogAsync(string runId, RunBatch batch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var run = _runs[runId];
            foreach (var (key, value) in batch.Params)
            {
                if (run.Params.TryGetValue(key, out var present) && present != value)
                {
                    return Task.FromResult<string?>(key);
                }
            }

            var metrics = _metrics[runId];
            metrics.AddRange(batch.Metrics.Distinct().Except(metrics));
            _runs[runId] = run with
            {
                Metrics =
                [
                    .. metrics
                        .GroupBy(m => m.Key, StringComparer.Ordinal)
                        .OrderBy(g => g.Key, StringComparer.Ordinal)
                        .Select(g => g.Aggregate((last, m) => m.IsAfter(last) ? m : last)),
                ],
                Params = Merge(run.Params, batch.Params),
                Tags = Merge(run.Tags, batch.Tags),
            };
            return Task.FromResult<string?>(null);
        }
    }

    public Task<bool> DeleteTagAsync(string runId, string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var run = _runs[runId];
            _runs[runId] = run with { Tags = Sort(run.Tags.Where(t => t.Key != key)) };
            return Task.FromResult(run.Tags.ContainsKey(key));
        }
    }

    public Task<IReadOnlyList<TrackedRun>> ListRunsAsync(
        IReadOnlyCollection<long> experimentIds,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var ids = experimentIds.ToHashSet();
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<TrackedRun>>([
                .. _runs
                    .Values.Where(r => ids.Contains(r.ExperimentId))
                    .OrderByDescending(r => r.StartTime)
                    .ThenBy(r => r.Id, StringComparer.Ordinal)
                    .Take(limit),
            ]);
        }
    }

    public Task<IReadOnlyList<TrackedMetric>> ListMetricAsync(
        string runId,
        string key,
        int skip,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<TrackedMetric>>([
                .. _metrics[runId].Where(m => m.Key == key).Skip(skip).Take(limit),
            ]);
        }
    }

    private static SortedDictionary<string, string> Sort(IEnumerable<KeyValuePair<string, string>> tags) =>
        new(tags.ToDictionary(), StringComparer.Ordinal);

    private static SortedDictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> present,
        IReadOnlyDictionary<string, string> added
    )
    {
        var merged = Sort(present);
        foreach (var (key, value) in added)
        {
            merged[key] = value;
        }

        return merged;
    }
}
