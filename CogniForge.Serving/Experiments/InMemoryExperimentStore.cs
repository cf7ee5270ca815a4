using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Serving.Experiments;

internal sealed class InMemoryExperimentStore(InMemoryExperimentData data, IAuditLog audit) : IExperimentStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Experiment> _experiments = new(StringComparer.Ordinal);

    public Task<Experiment?> FindAsync(string name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_experiments.GetValueOrDefault(name));
        }
    }

    public Task<Experiment?> FindRunningAsync(string model, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(FindRunning(model));
        }
    }

    public Task<Page<Experiment>> ListAsync(
        string? model,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return Task.FromResult(
                Page.Create(
                    [
                        .. _experiments
                            .Values.Where(e => (model is null || e.Model == model) && e.Id > cursor.AfterId)
                            .OrderBy(e => e.Id)
                            .Take(limit + 1),
                    ],
                    limit,
                    e => Cursor.After(e.Id)
                )
            );
        }
    }

    public Task<IReadOnlyList<Experiment>> ListRunningAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Experiment>>(
                [.. _experiments.Values.Where(e => e.State == ExperimentState.Running)]
            );
        }
    }

    public Task<IReadOnlyList<Experiment>> ListOpenAsync(string model, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Experiment>>(
                [
                    .. _experiments
                        .Values.Where(e => e.Model == model && e.State != ExperimentState.Stopped)
                        .OrderBy(e => e.Id),
                ]
            );
        }
    }

    public async Task ChangeAsync(
        string name,
        Func<Experiment?, ExperimentChange?> decide,
        CancellationToken cancellationToken
    )
    {
        ExperimentChange? change;
        lock (_lock)
        {
            change = decide(_experiments.GetValueOrDefault(name));
            if (change?.Stored is { } stored)
            {
                if (
                    stored.State == ExperimentState.Running
                    && FindRunning(stored.Model) is { } running
                    && running.Id != stored.Id
                )
                {
                    throw ExperimentErrors.AnotherRuns(stored.Model);
                }

                _experiments[name] = stored;
            }

            if (change?.Deleted is { } deleted)
            {
                _experiments.Remove(name);
                data.Delete(deleted.Id);
            }
        }

        if (change?.Audit is { } entry)
        {
            await audit.AddAsync(entry, cancellationToken);
        }
    }

    private Experiment? FindRunning(string model) =>
        _experiments.Values.FirstOrDefault(e => e.State == ExperimentState.Running && e.Model == model);
}
