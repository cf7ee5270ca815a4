using System.Threading.Channels;
using CogniForge.Llm.Redis;

namespace CogniForge.Llm.Limits;

/// <summary>What requests have needed, on its way to Redis: many are told in one call. Thread-safe.</summary>
internal sealed class Settlements(RedisConnection redis, LedgerBook ledgers) : IDisposable
{
    private const int MaxWaiting = 100_000;
    private const int MaxBatch = 1_000;

    private readonly Channel<Settlement> _waiting = Channel.CreateBounded<Settlement>(MaxWaiting);
    private readonly SemaphoreSlim _flushing = new(1);
    private long _told;

    /// <summary>Adds one.</summary>
    /// <returns>False: too many wait.</returns>
    public bool TryAdd(Settlement settlement) => _waiting.Writer.TryWrite(settlement);

    /// <summary>Waits until there is one to tell.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) =>
        await _waiting.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Tells Redis all that waits to be told; when this returns, it was.</summary>
    /// <returns>Whether anything was told meanwhile, be it by somebody else.</returns>
    public async Task<bool> FlushAsync()
    {
        var before = Volatile.Read(ref _told);
        await _flushing.WaitAsync();
        try
        {
            while (_waiting.Reader.TryRead(out var first))
            {
                var batch = new List<Settlement> { first };
                while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var next))
                {
                    batch.Add(next);
                }

                await TellAsync(batch);
                _told += batch.Count;
            }

            return _told != before;
        }
        finally
        {
            _flushing.Release();
        }
    }

    public void Dispose() => _flushing.Dispose();

    private async Task TellAsync(List<Settlement> batch)
    {
        foreach (var budget in batch.Where(s => s.Ledger is not null).GroupBy(s => s.Ledger!))
        {
            await ledgers.TellAsync(budget.Key, [.. budget.Select(s => (s.Id, s.Cost))]);
        }

        foreach (var rate in batch.Where(s => s.Tokens != 0).GroupBy(s => s.Key))
        {
            await redis.TryAsync(
                RedisScripts.PutBack,
                [LedgerBook.RateKey(rate.Key)],
                0,
                -rate.Sum(s => (long)s.Tokens)
            );
        }
    }
}
