namespace CogniForge.Serving.Inference;

/// <summary>Counts all inferences; keeps the newest 10,000, among which it recognises duplicates.</summary>
internal sealed class InMemoryInferenceStore : IInferenceStore
{
    private const int Capacity = 10_000;
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _ids = [];
    private readonly Queue<InferenceRecord> _newest = new();
    private long _count;

    public Task AddAsync(IReadOnlyList<InferenceRecord> records, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var record in records.Where(r => _ids.Add(r.Id)))
            {
                _count++;
                _newest.Enqueue(record);
                if (_newest.Count > Capacity)
                {
                    _ids.Remove(_newest.Dequeue().Id);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<long> CountAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_count);
        }
    }

    /// <summary>Deletes nothing: the capacity bounds what is kept.</summary>
    public Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(0);

    /// <summary>The newest inferences, oldest first.</summary>
    public IReadOnlyList<InferenceRecord> ReadNewest()
    {
        lock (_lock)
        {
            return [.. _newest];
        }
    }
}
