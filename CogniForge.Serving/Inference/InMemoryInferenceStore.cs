namespace CogniForge.Serving.Inference;

/// <summary>Counts all inferences; recognises duplicates among the newest 10,000 ids.</summary>
internal sealed class InMemoryInferenceStore : IInferenceStore
{
    private const int Capacity = 10_000;
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _ids = [];
    private readonly Queue<Guid> _order = new();
    private long _count;

    public Task AddAsync(IReadOnlyList<InferenceRecord> records, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var id in records.Select(r => r.Id).Where(_ids.Add))
            {
                _count++;
                _order.Enqueue(id);
                if (_order.Count > Capacity)
                {
                    _ids.Remove(_order.Dequeue());
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
}
