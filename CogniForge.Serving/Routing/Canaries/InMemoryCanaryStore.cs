namespace CogniForge.Serving.Routing.Canaries;

internal sealed class InMemoryCanaryStore(TimeProvider time) : ICanaryStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid StepId, bool IsCanary), (CanaryCounts Counts, DateTimeOffset At)> _counts = [];

    public Task AddAsync(Guid stepId, bool isCanary, CanaryCounts counts, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var known = _counts.TryGetValue((stepId, isCanary), out var found) ? found.Counts : CanaryCounts.None;
            _counts[(stepId, isCanary)] = (known.Add(counts), time.GetUtcNow());
        }

        return Task.CompletedTask;
    }

    public Task<(CanaryCounts Stable, CanaryCounts Canary)> ReadAsync(
        Guid stepId,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return Task.FromResult((Find(false), Find(true)));
        }

        CanaryCounts Find(bool isCanary) =>
            _counts.TryGetValue((stepId, isCanary), out var found) ? found.Counts : CanaryCounts.None;
    }

    public Task DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var key in _counts.Where(c => c.Value.At < before).Select(c => c.Key).ToList())
            {
                _counts.Remove(key);
            }
        }

        return Task.CompletedTask;
    }
}
