using System.Text.Json;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Redis;
using StackExchange.Redis;

namespace CogniForge.Llm.Caching;

/// <summary>
/// Stores responses in Redis, shared by all replicas, behind a memory cache. A purge is published to all replicas;
/// a replica that lost its connection may have missed one, so it clears its memory when it reconnects.
/// </summary>
internal sealed class RedisResponseStore(RedisConnection connection, MemoryResponseStore memory, TimeSpan timeout)
    : IResponseStore
{
    private const string Prefix = "llm:cache:";
    private const string All = "*";
    private static readonly RedisChannel _purged = new("llm:cache:purged", RedisChannel.PatternMode.Literal);

    private readonly Lock _lock = new();
    private Task<IConnectionMultiplexer>? _redis;

    public async ValueTask<CachedResponse?> GetAsync(string key, CancellationToken cancellationToken)
    {
        if (await memory.GetAsync(key, cancellationToken) is { } cached)
        {
            return cached;
        }

        if (connection.IsUnavailable)
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
        if (!connection.IsUnavailable)
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
        PurgeMemory(tag);
    }

    private async Task<RedisValue> ReadAsync(string key) =>
        await (await ConnectAsync()).GetDatabase().StringGetAsync(Prefix + key);

    private async Task WriteAsync(string key, CachedResponse response)
    {
        var lifetime = response.ExpiresAt - response.StoredAt;
        var batch = (await ConnectAsync()).GetDatabase().CreateBatch();
        List<Task> writes =
        [
            batch.StringSetAsync(Prefix + key, JsonSerializer.SerializeToUtf8Bytes(response), lifetime),
        ];
        foreach (var tag in response.Tags.Append(All))
        {
            // Each write also removes the expired keys, so that a tag's set does not grow without bound.
            writes.Add(batch.SortedSetAddAsync(TagKey(tag), key, response.ExpiresAt.ToUnixTimeSeconds()));
            writes.Add(batch.KeyExpireAsync(TagKey(tag), CacheConfig.MaxLifetime)); // no entry lives longer
            writes.Add(
                batch.SortedSetRemoveRangeByScoreAsync(
                    TagKey(tag),
                    double.NegativeInfinity,
                    response.StoredAt.ToUnixTimeSeconds()
                )
            );
        }

        batch.Execute();
        await Task.WhenAll(writes);
    }

    private Task<IConnectionMultiplexer> ConnectAsync()
    {
        lock (_lock)
        {
            return _redis is { IsFaulted: false } ? _redis : _redis = ConnectAndSubscribeAsync();
        }
    }

    private async Task<IConnectionMultiplexer> ConnectAndSubscribeAsync()
    {
        var redis = await connection.ConnectAsync();
        redis.ConnectionRestored += (_, _) => PurgeMemory(All);

        // Not awaited: Redis may be unavailable, and the client subscribes again when it reconnects.
        _ = redis
            .GetSubscriber()
            .SubscribeAsync(_purged, (_, tag) => PurgeMemory(tag))
            .ContinueWith(
                static (_, store) => ((RedisResponseStore)store!).PurgeMemory(All),
                this,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
        return redis;
    }

    private static RedisKey TagKey(string tag) => $"{Prefix}tag:{tag}";

    private void PurgeMemory(string? tag) => memory.Purge(tag == All ? null : tag);
}
