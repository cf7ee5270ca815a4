namespace CogniForge.ServiceDefaults.Idempotency;

internal sealed class InMemoryIdempotencyStore : IIdempotencyStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<
        IdempotencySlot,
        (byte[] Fingerprint, DateTimeOffset CreatedAt, IdempotentResponse? Response)
    > _slots = [];

    public Task<IdempotencyState> BeginAsync(
        IdempotencySlot slot,
        byte[] fingerprint,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var known = _slots.TryGetValue(slot, out var entry);
            if (
                !known
                || entry.CreatedAt < now - IIdempotencyStore.Retention
                || (entry.Response is null && entry.CreatedAt < now - IIdempotencyStore.Lease)
            )
            {
                _slots[slot] = (fingerprint, now, null);
                return Task.FromResult<IdempotencyState>(new IdempotencyState.New());
            }

            return Task.FromResult<IdempotencyState>(
                !entry.Fingerprint.AsSpan().SequenceEqual(fingerprint) ? new IdempotencyState.OtherRequest()
                : entry.Response is null ? new IdempotencyState.InProgress()
                : new IdempotencyState.Completed(entry.Response)
            );
        }
    }

    public Task EndAsync(
        IdempotencySlot slot,
        DateTimeOffset begun,
        IdempotentResponse? response,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(slot, out var entry) || entry.CreatedAt != begun || entry.Response is not null)
            {
                return Task.CompletedTask;
            }

            if (response is null)
            {
                _slots.Remove(slot);
            }
            else
            {
                _slots[slot] = entry with { Response = response };
            }
        }

        return Task.CompletedTask;
    }

    public Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (
                var slot in _slots
                    .Where(s => s.Value.CreatedAt < now - IIdempotencyStore.Retention)
                    .Select(s => s.Key)
                    .ToList()
            )
            {
                _slots.Remove(slot);
            }
        }

        return Task.CompletedTask;
    }
}
