using System.Collections.Concurrent;
using CogniForge.Messaging;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>Keeps 100 references and the newest 1,000 evaluations.</summary>
internal sealed class InMemoryDriftStore(IEventPublisher publisher, IAuditLog audit, ServiceDescription service)
    : IDriftStore
{
    private const int MaxReferences = 100;
    private const int Capacity = 1_000;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, DriftReference> _references = new();
    private readonly Queue<DriftEvaluation> _evaluations = new();

    public async Task ChangeReferenceAsync(
        string model,
        Func<DriftReference?, DriftReferenceChange?> decide,
        CancellationToken cancellationToken
    )
    {
        DriftReferenceChange? change;
        lock (_lock)
        {
            change = decide(_references.GetValueOrDefault(model));
            if (change?.Reference is { } reference)
            {
                if (_references.Count < MaxReferences || _references.ContainsKey(model))
                {
                    _references[model] = reference;
                }
            }
            else if (change is not null)
            {
                _references.TryRemove(model, out _);
            }
        }

        if (change is not null)
        {
            await audit.AddAsync(change.Audit, cancellationToken);
        }
    }

    public Task<DriftReference?> FindReferenceAsync(string model, CancellationToken cancellationToken) =>
        Task.FromResult(_references.GetValueOrDefault(model));

    public Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _references.Keys.Order(StringComparer.Ordinal)]);

    public async Task AddAsync(DriftEvaluation evaluation, CancellationToken cancellationToken)
    {
        bool isDetected;
        lock (_lock)
        {
            if (!_references.TryGetValue(evaluation.Model, out var reference))
            {
                return;
            }

            var last = _evaluations.LastOrDefault(e =>
                e.Model == evaluation.Model && e.EvaluatedAt >= reference.CreatedAt && e.IsDrifted is not null
            );
            isDetected = evaluation.IsDrifted == true && last?.IsDrifted != true;
            _evaluations.Enqueue(evaluation);
            if (_evaluations.Count > Capacity)
            {
                _evaluations.Dequeue();
            }
        }

        if (isDetected)
        {
            await publisher.PublishAsync(DriftDetected.CreateEvent(evaluation, service), cancellationToken);
        }
    }

    public Task<Page<DriftEvaluation>> ListAsync(
        string model,
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
                        .. _evaluations
                            .Where(e =>
                                e.Model == model && (cursor.AfterId == default || e.Id.CompareTo(cursor.AfterId) < 0)
                            )
                            .OrderByDescending(e => e.Id)
                            .Take(limit + 1),
                    ],
                    limit,
                    e => Cursor.After(e.Id)
                )
            );
        }
    }

    /// <summary>Deletes nothing: the capacity bounds what is kept.</summary>
    public Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(0);
}
