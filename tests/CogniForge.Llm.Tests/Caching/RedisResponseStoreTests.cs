using CogniForge.Llm.Caching;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace CogniForge.Llm.Tests.Caching;

/// <summary>Responses in a real Redis, shared by replicas with a memory cache each.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class RedisResponseStoreTests(RealServers servers)
{
    [Fact]
    public async Task Set_OneReplica_ReachesAllUntilExpiry()
    {
        await using var one = Start();
        await using var other = Start();
        var response = Response("tag");
        var key = Guid.CreateVersion7().ToString();
        await SetAsync(one, other, key, response);

        Assert.Equivalent(response, await Store(other).GetAsync(key, default));
        using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);
        Assert.InRange(
            (await redis.GetDatabase().KeyTimeToLiveAsync("llm:cache:" + key))!.Value,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(1)
        );
    }

    [Fact]
    public async Task Purge_OneReplica_ClearsMemoryOfOthers()
    {
        await using var one = Start();
        await using var other = Start();
        var (tag, key, kept) = (
            Guid.CreateVersion7().ToString(),
            Guid.CreateVersion7().ToString(),
            Guid.CreateVersion7().ToString()
        );
        await SetAsync(one, other, key, Response(tag));
        await SetAsync(one, other, kept, Response("other"));

        await Store(one).PurgeAsync(tag, default);
        Assert.Null(await Store(one).GetAsync(key, default));
        await Until.EqualAsync(null, async () => await Store(other).GetAsync(key, default));
        Assert.NotNull(await Store(other).GetAsync(kept, default));
    }

    [Fact]
    public async Task Chat_RedisUnavailable_UsesMemory()
    {
        await using var gateway = Start(
            ("Routes:cached:Targets:0:Provider", "mock"),
            ("Routes:cached:Targets:0:Model", "mock"),
            ("Routes:cached:Cache:Lifetime", "00:10:00")
        );
        Assert.Equal(("miss", "hit"), (await CacheStatusAsync(gateway, "one"), await CacheStatusAsync(gateway, "one")));
        await servers.CommandRedisAsync("stop");
        try
        {
            Assert.Equal(
                ("hit", "miss", "hit"),
                (
                    await CacheStatusAsync(gateway, "one"),
                    await CacheStatusAsync(gateway, "two"),
                    await CacheStatusAsync(gateway, "two")
                )
            );
        }
        finally
        {
            await servers.CommandRedisAsync("start");
        }

        Assert.Equal("miss", await CacheStatusAsync(gateway, Guid.CreateVersion7().ToString()));
    }

    private GatewayHost Start(params (string, string)[] settings) =>
        GatewayHost.Start([
            ("ConnectionStrings:cache", servers.Redis),
            ("Cache:RedisTimeout", "00:01:00"),
            .. settings,
        ]);

    /// <summary>Stores at one replica until the other sees it: without a connection to Redis, both skip it.</summary>
    private static async Task SetAsync(GatewayHost one, GatewayHost other, string key, CachedResponse response) =>
        await Until.EqualAsync(
            true,
            async () =>
            {
                await Store(one).SetAsync(key, response, default);
                return await Store(other).GetAsync(key, default) is not null;
            }
        );

    private static IResponseStore Store(GatewayHost gateway) => gateway.Services.GetRequiredService<IResponseStore>();

    private static async Task<string?> CacheStatusAsync(GatewayHost gateway, string text)
    {
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"cached","messages":[{"role":"user","content":"{{text}}"}]}"""
        );
        response.EnsureSuccessStatusCode();
        return Limits.ChatExtensions.Header(response, "x-cogniforge-cache");
    }

    private static CachedResponse Response(string tag)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        return new(
            "{}"u8.ToArray(),
            "fake",
            "model-a",
            "fake/model-a",
            "stop",
            new TokenUsage(1, 2),
            0.001m,
            now,
            now.AddMinutes(1),
            [tag]
        );
    }
}
