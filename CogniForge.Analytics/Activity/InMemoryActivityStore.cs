using System.Collections.Concurrent;

namespace CogniForge.Analytics.Activity;

/// <summary>Keeps the first 100,000 records of each kind.</summary>
internal sealed class InMemoryActivityStore : IActivityStore
{
    private const int Capacity = 100_000;
    private readonly ConcurrentDictionary<Guid, Completion> _completions = new();
    private readonly ConcurrentDictionary<Guid, Inference> _inferences = new();
    private readonly ConcurrentDictionary<Guid, Promotion> _promotions = new();
    private readonly ConcurrentDictionary<Guid, Drift> _drifts = new();

    public Task AddAsync(IReadOnlyList<Completion> completions, CancellationToken cancellationToken) =>
        Add(_completions, completions, c => c.Id);

    public Task AddAsync(IReadOnlyList<Inference> inferences, CancellationToken cancellationToken) =>
        Add(_inferences, inferences, i => i.Id);

    public Task AddAsync(IReadOnlyList<Promotion> promotions, CancellationToken cancellationToken) =>
        Add(_promotions, promotions, p => p.Id);

    public Task AddAsync(IReadOnlyList<Drift> drifts, CancellationToken cancellationToken) =>
        Add(_drifts, drifts, d => d.Id);

    public Task<(long Completions, long Inferences, long Promotions, long Drifts)> CountAsync(
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            ((long)_completions.Count, (long)_inferences.Count, (long)_promotions.Count, (long)_drifts.Count)
        );

    private static Task Add<T>(ConcurrentDictionary<Guid, T> records, IEnumerable<T> added, Func<T, Guid> id)
    {
        foreach (var record in added.TakeWhile(_ => records.Count < Capacity))
        {
            records.TryAdd(id(record), record);
        }

        return Task.CompletedTask;
    }
}
