using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace CogniForge.Analytics.Ingestion;

/// <summary>
/// What each key may still send while the queue of events is full, so that the key which fills it stops no other.
/// </summary>
internal sealed class EventReserve : IDisposable
{
    private const int BurstSeconds = 10;
    private readonly int _burst;
    private readonly PartitionedRateLimiter<string> _keys;

    public EventReserve(IOptions<EventsOptions> options)
    {
        var rate = options.Value.ReserveBytesPerSecond;
        _burst = (int)Math.Min((long)rate * BurstSeconds, int.MaxValue);
        _keys = PartitionedRateLimiter.Create<string, string>(key =>
            RateLimitPartition.GetTokenBucketLimiter(
                key,
                _ => new()
                {
                    TokenLimit = _burst,
                    TokensPerPeriod = rate,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                }
            )
        );
    }

    /// <summary>Takes an event's bytes from its key's rate; false: the key has used it up.</summary>
    public bool TryTake(string key, int bytes)
    {
        using var lease = _keys.AttemptAcquire(key, Math.Min(bytes, _burst));
        return lease.IsAcquired;
    }

    public void Dispose() => _keys.Dispose();
}
