using System.Text.Json;
using CogniForge.Llm.Redis;
using StackExchange.Redis;

namespace CogniForge.Llm.Caching;

/// <summary>
/// Stores answers in Redis, which all replicas share, with memory in front. A purge is told to all replicas; one that could not hear it (its connection was gone) empties its memory.
/// </summary>
internal sealed class RedisResponseStore(RedisConnection gate, MemoryResponseStore memory, TimeSpan timeout)
    : IResponseStore
{
    private const string Prefix = "llm:cache:";
    private const string All = "*";
    private static readonly RedisChannel _purged = new("llm:cache:purged", RedisChannel.PatternMode.Literal);

    private readonly Lock _connecting = new();
    private Task<IConnectionMultiplexer>? _redis;

    public async ValueTask<CachedResponse?> GetAsync(string key, CancellationToken cancellationToken)
    {
        if (await memory.GetAsync(key, cancellationToken) is { } near)
        {
            return near;
        }

        if (gate.IsUnavailable)
        {
            return null;
        }

        byte[]? json = await ReadAsync(key).WaitAsync(timeout, cancellationToken);
        if (json is null || JsonSerializer.Deserialize<CachedResponse>(json) is not { } response)
        {
            return null;
        }

        await memory.SetAsync(key, response, cancellationToken);
        return response;
    }

    public async ValueTask SetAsync(string key, CachedResponse response, CancellationToken cancellationToken)
    {
        await memory.SetAsync(key, response, cancellationToken);
        if (!gate.IsUnavailable)
        {
            await WriteAsync(key, response).WaitAsync(timeout, cancellationToken);
        }
    }

    public async ValueTask PurgeAsync(string? tag, CancellationToken cancellationToken)
    {
        const int Page = 1_000;
        var redis = await ConnectAsync().WaitAsync(cancellationToken);
        var database = redis.GetDatabase();
        tag ??= All;
        while (await database.SortedSetRangeByRankAsync(TagKey(tag), 0, Page - 1) is { Length: > 0 } keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await database.KeyDeleteAsync([.. keys.Select(k => (RedisKey)(Prefix + (string)k!))]);
            await database.SortedSetRemoveAsync(TagKey(tag), keys);
        }

        await redis.GetSubscriber().PublishAsync(_purged, tag);
        Forget(tag);
    }

    private async Task<RedisValue> ReadAsync(string key) =>
        await (await ConnectAsync()).GetDatabase().StringGetAsync(Prefix + key);

    private async Task WriteAsync(string key, CachedResponse response)
    {
        var lifetime = response.ExpiresAt - response.StoredAt;
        var batch = (await ConnectAsync()).GetDatabase().CreateBatch();
        List<Task> written =
        [
            batch.StringSetAsync(Prefix + key, JsonSerializer.SerializeToUtf8Bytes(response), lifetime),
        ];
        foreach (var tag in response.Tags.Append(All))
        {
            // The tag's list lives a little longer than the last of its answers.
            written.Add(batch.SortedSetAddAsync(TagKey(tag), key, response.ExpiresAt.ToUnixTimeSeconds()));
            written.Add(
                batch.SortedSetRemoveRangeByScoreAsync(
                    TagKey(tag),
                    double.NegativeInfinity,
                    response.StoredAt.ToUnixTimeSeconds()
                )
            );
        }

        batch.Execute();
        await Task.WhenAll(written);
    }

    private Task<IConnectionMultiplexer> ConnectAsync()
    {
        lock (_connecting)
        {
            return _redis is { IsFaulted: false } ? _redis : _redis = ListenAsync();
        }
    }

    /// <summary>Hears of purges from the first connection on.</summary>
    private async Task<IConnectionMultiplexer> ListenAsync()
    {
        var redis = await gate.ConnectAsync();
        redis.ConnectionRestored += (_, _) => Forget(All);

        // Nobody waits for it: Redis may be away, and the client subscribes again by itself when it is back.
        _ = redis
            .GetSubscriber()
            .SubscribeAsync(_purged, (_, tag) => Forget(tag))
            .ContinueWith(
                static (_, store) => ((RedisResponseStore)store!).Forget(All),
                this,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
        return redis;
    }

    private static RedisKey TagKey(string tag) => $"{Prefix}tag:{tag}";

    private void Forget(string? tag) => memory.Purge(tag == All ? null : tag);
}
