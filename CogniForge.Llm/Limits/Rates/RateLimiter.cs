using System.Collections.Concurrent;
using CogniForge.Llm.Redis;
using StackExchange.Redis;

namespace CogniForge.Llm.Limits.Rates;

/// <summary>
/// Keeps limits per minute as token buckets: those of all replicas in Redis, in part through slices taken in advance.
/// Without Redis, each replica keeps them alone. Thread-safe.
/// </summary>
internal sealed class RateLimiter(RedisConnection? redis = null)
{
    private static readonly string _acquireScript = ReadScript("acquire.lua");
    private static readonly string _returnScript = ReadScript("return.lua");

    // Many returns at once cost little more than one.
    private static readonly TimeSpan _returnDelay = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, LocalRates> _local = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RateAmount> _returns = new(StringComparer.Ordinal);
    private int _isReturnScheduled;

    /// <summary>Takes requests and tokens from the minute, all or nothing.</summary>
    /// <param name="key">The key's id, or <c>route:</c> and the route's name.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="amount">What a request needs; nothing: only the levels are read.</param>
    /// <param name="now">The time.</param>
    public ValueTask<ReservationResult> AcquireAsync(
        string key,
        RateLimits limits,
        RateAmount amount,
        DateTimeOffset now
    )
    {
        var needed = new RateAmount(
            limits.RequestsPerMinute is null ? 0 : amount.Requests,
            limits.TokensPerMinute is null ? 0 : amount.Tokens
        );
        var local = GetLocal(key);
        return redis is not { IsUnavailable: false } ? new(local.Acquire(limits, needed, now))
            : local.TryAcquireFromSlice(limits, needed, now) is { } result ? new(result)
            : AcquireAsync(redis, local, key, limits, needed, now);
    }

    /// <summary>
    /// Puts back what was acquired and not needed, or takes what was needed beyond it. Never fails or waits.
    /// </summary>
    public void Return(string key, RateAmount amount)
    {
        if (redis is not { IsUnavailable: false })
        {
            GetLocal(key).Return(amount);
        }
        else if (amount != default)
        {
            _returns.AddOrUpdate(key, static (_, a) => a, static (_, sum, a) => sum + a, amount);
            if (Interlocked.Exchange(ref _isReturnScheduled, 1) == 0)
            {
                using (ExecutionContext.SuppressFlow()) // it belongs to no request's trace
                {
                    _ = Task.Run(ReturnSoonAsync);
                }
            }
        }
    }

    /// <summary>Puts back a request.</summary>
    /// <returns>The levels after it.</returns>
    public ReservationResult ReturnRequest(string key, ReservationResult acquired)
    {
        Return(key, new(1, 0));
        return acquired.Requests is { } level
            ? acquired with { Requests = level with { Level = level.Level + TokenBucket.Unit } }
            : acquired;
    }

    /// <summary>Puts back what was taken in advance and not used; called each second and at the end.</summary>
    public Task MaintainAsync(DateTimeOffset now)
    {
        foreach (var (key, local) in _local)
        {
            var isIdle = local.ExpireSlice(now, out var unused);
            if (unused != default)
            {
                Return(key, unused);
            }

            if (isIdle)
            {
                _local.TryRemove(key, out _);
            }
        }

        return FlushAsync();
    }

    /// <summary>Sends all returns to Redis.</summary>
    public async Task FlushAsync()
    {
        foreach (var key in _returns.Keys)
        {
            if (_returns.TryRemove(key, out var amount))
            {
                await redis!.TryAsync(_returnScript, [GetBucket(key)], amount.Requests, amount.Tokens);
            }
        }
    }

    private async Task ReturnSoonAsync()
    {
        await Task.Delay(_returnDelay);
        Volatile.Write(ref _isReturnScheduled, 0);
        await FlushAsync();
    }

    private async ValueTask<ReservationResult> AcquireAsync(
        RedisConnection redis,
        LocalRates local,
        string key,
        RateLimits limits,
        RateAmount needed,
        DateTimeOffset now
    )
    {
        // Otherwise a client's next request might be refused for what the last one did not need.
        _returns.TryRemove(key, out var returned);
        var wanted = local.BeginRefill(limits, out var unused);
        returned += unused;
        var values = (RedisResult[]?)
            await redis.TryAsync(
                _acquireScript,
                [GetBucket(key)],
                now.ToUnixTimeMilliseconds(),
                limits.RequestsPerMinute ?? 0,
                limits.TokensPerMinute ?? 0,
                needed.Requests,
                needed.Tokens,
                wanted.Requests,
                wanted.Tokens,
                returned.Requests,
                returned.Tokens
            );
        var slice = values is not null && (int)values[3] == 1 ? wanted : default;
        var result = values is null
            ? local.Acquire(limits, needed, now)
            : ReservationResult.FromRates(
                ParseStatus((string)values[0]!),
                limits,
                (double)(long)values[1] + (slice.Requests * TokenBucket.Unit),
                (double)(long)values[2] + (slice.Tokens * TokenBucket.Unit)
            );
        if (wanted != default)
        {
            local.EndRefill(limits, slice, values is null ? null : result, now);
        }

        return result;
    }

    private LocalRates GetLocal(string key) => _local.GetOrAdd(key, static _ => new());

    private static ReservationStatus ParseStatus(string status) =>
        status switch
        {
            "granted" => ReservationStatus.Granted,
            "request_rate" => ReservationStatus.RequestRate,
            "token_rate" => ReservationStatus.TokenRate,
            _ => throw new InvalidOperationException($"acquire.lua returned {status}."),
        };

    private static RedisKey GetBucket(string key) => $"llm:{{{key}}}:rate";

    private static string ReadScript(string name)
    {
        var type = typeof(RateLimiter);
        using var stream = type.Assembly.GetManifestResourceStream($"{type.Namespace}.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
