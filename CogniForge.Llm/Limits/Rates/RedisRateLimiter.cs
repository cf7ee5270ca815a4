using System.Collections.Concurrent;
using CogniForge.Llm.Redis;
using StackExchange.Redis;

namespace CogniForge.Llm.Limits.Rates;

/// <summary>
/// Limits per minute over all replicas, as token buckets in Redis. While Redis is away each replica keeps them alone.
/// </summary>
internal sealed class RedisRateLimiter(RedisConnection redis, InMemoryRateLimiter local) : IRateLimiter
{
    private static readonly string _acquireScript = ReadScript("acquire.lua");
    private static readonly string _returnScript = ReadScript("return.lua");

    // Many returns at once cost little more than one.
    private static readonly TimeSpan _returnDelay = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, RateSlice> _slices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RateAmount> _returns = new(StringComparer.Ordinal);
    private int _isReturnScheduled;

    public ValueTask<RateResult> AcquireAsync(RateRequest request)
    {
        if (redis.IsUnavailable)
        {
            return local.AcquireAsync(request);
        }

        var slice = RateSlice.Suits(request.Limits) ? _slices.GetOrAdd(request.Key, static _ => new()) : null;
        return slice?.TryAcquire(request) is { } result ? new(result) : AcquireFromRedisAsync(request, slice);
    }

    public void Return(string key, RateAmount amount)
    {
        if (redis.IsUnavailable)
        {
            local.Return(key, amount);
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

    public async Task MaintainAsync(DateTimeOffset now)
    {
        foreach (var (key, slice) in _slices)
        {
            Return(key, slice.TakeExpired(now));
            if (slice.IsIdle(now))
            {
                _slices.TryRemove(key, out _);
            }
        }

        await FlushAsync();
    }

    /// <summary>Sends all returns to Redis.</summary>
    public async Task FlushAsync()
    {
        foreach (var key in _returns.Keys)
        {
            if (_returns.TryRemove(key, out var amount))
            {
                await redis.TryAsync(_returnScript, [GetBucket(key)], amount.Requests, amount.Tokens);
            }
        }
    }

    private async Task ReturnSoonAsync()
    {
        await Task.Delay(_returnDelay);
        Volatile.Write(ref _isReturnScheduled, 0);
        await FlushAsync();
    }

    private async ValueTask<RateResult> AcquireFromRedisAsync(RateRequest request, RateSlice? slice)
    {
        // Otherwise a client's next request might be refused for what the last one did not need.
        _returns.TryRemove(request.Key, out var returned);
        var wanted = default(RateAmount);
        if (slice?.TryBeginRefill(out var unused) == true)
        {
            (wanted, returned) = (RateSlice.GetSize(request.Limits), returned + unused);
        }

        var values = (RedisResult[]?)
            await redis.TryAsync(
                _acquireScript,
                [GetBucket(request.Key)],
                request.At.ToUnixTimeMilliseconds(),
                request.Limits.RequestsPerMinute ?? 0,
                request.Limits.TokensPerMinute ?? 0,
                request.Needed.Requests,
                request.Needed.Tokens,
                wanted.Requests,
                wanted.Tokens,
                returned.Requests,
                returned.Tokens
            );
        var hasSlice = values is not null && (int)values[3] == 1;
        var given = hasSlice ? wanted : default;
        var result = values is null
            ? default
            : new RateResult(
                ParseStatus((string)values[0]!),
                (double)(long)values[1] + (given.Requests * TokenBucket.Unit),
                (double)(long)values[2] + (given.Tokens * TokenBucket.Unit)
            );
        if (wanted != default)
        {
            slice!.EndRefill(request, hasSlice ? result : null);
        }

        return values is null ? await local.AcquireAsync(request) : result;
    }

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
        var type = typeof(RedisRateLimiter);
        using var stream = type.Assembly.GetManifestResourceStream($"{type.Namespace}.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
