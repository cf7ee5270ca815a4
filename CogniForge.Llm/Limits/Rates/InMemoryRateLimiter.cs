using System.Collections.Concurrent;

namespace CogniForge.Llm.Limits.Rates;

/// <summary>Limits per minute that this process keeps alone. Thread-safe.</summary>
internal sealed class InMemoryRateLimiter : IRateLimiter
{
    private const int MaxKeys = 100_000;
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, Buckets> _keys = new(StringComparer.Ordinal);

    public ValueTask<RateResult> AcquireAsync(RateRequest request)
    {
        if (_keys.Count > MaxKeys)
        {
            RemoveIdle(request.At);
        }

        var buckets = _keys.GetOrAdd(request.Key, static _ => new());
        lock (buckets)
        {
            return new(buckets.Acquire(request));
        }
    }

    public void Return(string key, RateAmount amount)
    {
        if (amount != default && _keys.TryGetValue(key, out var buckets))
        {
            lock (buckets)
            {
                buckets.Requests.Return(amount.Requests);
                buckets.Tokens.Return(amount.Tokens);
            }
        }
    }

    public Task MaintainAsync(DateTimeOffset now) => Task.CompletedTask;

    /// <summary>Removes keys whose buckets are full again.</summary>
    private void RemoveIdle(DateTimeOffset now)
    {
        foreach (var (key, buckets) in _keys)
        {
            lock (buckets)
            {
                if (buckets.UsedAt + _idle < now)
                {
                    _keys.TryRemove(key, out _);
                }
            }
        }
    }

    private sealed class Buckets
    {
        public TokenBucket Requests { get; } = new();

        public TokenBucket Tokens { get; } = new();

        public DateTimeOffset UsedAt { get; private set; }

        public RateResult Acquire(RateRequest request)
        {
            UsedAt = request.At;
            var (now, needed) = (request.At.ToUnixTimeMilliseconds(), request.Needed);
            var (rpm, tpm) = (request.Limits.RequestsPerMinute ?? 0, request.Limits.TokensPerMinute ?? 0);
            var (requests, tokens) = (Requests.GetLevel(rpm, now), Tokens.GetLevel(tpm, now));
            if (rpm > 0 && needed.Requests > 0 && requests < needed.Requests * TokenBucket.Unit)
            {
                return new(ReservationStatus.RequestRate, requests, tokens);
            }

            // One that needs more than a minute holds gets it from a full bucket, which is in debt afterwards.
            return tpm > 0 && needed.Tokens > 0 && tokens < Math.Min(needed.Tokens, tpm) * TokenBucket.Unit
                ? new(ReservationStatus.TokenRate, requests, tokens)
                : new(
                    ReservationStatus.Granted,
                    Requests.Take(rpm, now, needed.Requests),
                    Tokens.Take(tpm, now, needed.Tokens)
                );
        }
    }
}
