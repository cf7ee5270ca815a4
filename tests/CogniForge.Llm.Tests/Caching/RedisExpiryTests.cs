using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;
using StackExchange.Redis;

namespace CogniForge.Llm.Tests.Caching;

/// <summary>Nothing of the gateway stays in Redis for ever.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class RedisExpiryTests(RealServers servers)
{
    [Fact]
    public async Task Keys_AfterTypicalDay_AllExpire()
    {
        await using var gateway = await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync());
        using var put = await gateway.Client.PutAsync(
            "/api/v1/llm/routes/daily",
            """
            {"targets":[{"provider":"mock","model":"mock"}],"cache":{"lifetimeSeconds":2592000},
             "limits":{"requestsPerMinute":5000,"tokensPerMinute":1000000}}
            """
        );
        await put.ReadAsync(201);
        var (_, small) = await gateway.NewKeyAsync("""{"requestsPerMinute":3,"tokensPerMinute":5}""");
        var (_, large) = await gateway.NewKeyAsync("""{"requestsPerMinute":5000,"tokensPerMinute":1000000}""");
        large.DefaultRequestHeaders.Add("x-cogniforge-cache-tags", "a,b");
        foreach (var client in new[] { small, large })
        {
            foreach (var model in new[] { "daily", "daily", "mock", "unknown" })
            {
                await client.StatusAsync(
                    LimitedGateway.Hello.Replace("\"mock\"", $"\"{model}\"", StringComparison.Ordinal)
                );
            }
        }

        using var purge = await gateway.Client.PostAsync("/api/v1/llm/cache/purge?tag=a", "");
        Assert.Equal(204, (int)purge.StatusCode);
        await large.StatusAsync(LimitedGateway.Hello.Replace("\"mock\"", "\"daily\"", StringComparison.Ordinal));

        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);
        var keys = redis.GetServers()[0].Keys(pattern: "llm:*").ToList();
        Assert.Contains(keys, k => k.ToString().Contains(":rate", StringComparison.Ordinal));
        Assert.Contains(keys, k => k.ToString().StartsWith("llm:cache:tag:", StringComparison.Ordinal));
        foreach (var key in keys)
        {
            var expires = await redis.GetDatabase().KeyExpireTimeAsync(key);
            Assert.True(expires is not null || !await redis.GetDatabase().KeyExistsAsync(key), $"{key} never expires");
        }
    }
}
