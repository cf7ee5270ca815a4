using CogniForge.ServiceDefaults.Tests.Support;
using StackExchange.Redis;

namespace CogniForge.Llm.Tests.Servers;

[Collection(RealServersCollection.Name)]
[Trait("Category", "Servers")]
public sealed class TracingTests(RealServers servers)
{
    [Fact]
    public async Task Spans_IdleThenRequest_BelongToRequest()
    {
        using var spans = new ExportedSpans();
        await using (var gateway = new TracedGateway(spans, await servers.NewDatabaseAsync(), servers.Redis))
        {
            using var client = ExportedSpans.OutsideClient(gateway.Address);
            await Until.EqualAsync(true, async () => (await client.GetAsync("/health")).IsSuccessStatusCode);
            var before = await ScriptsAsync();
            await Until.EqualAsync(true, async () => await ScriptsAsync() >= before + 3);
            Assert.Empty(spans.All);

            using var response = await client.PostAsync(
                "/v1/chat/completions",
                """{"model":"cached","messages":[{"role":"user","content":"Hello"}]}"""
            );
            await response.ReadAsync(200);
        }

        // The Redis instrumentation exports its spans periodically, the last ones when it is disposed.
        spans.AssertOneWholeTrace();
        Assert.Contains(spans.All, s => s.DisplayName == "chat mock");
    }

    /// <summary>
    /// The number of scripts that Redis has run: the gateway runs one per second to maintain its limits.
    /// </summary>
    private async Task<long> ScriptsAsync()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync($"{servers.Redis},allowAdmin=true");
        var commands = await redis.GetServer(redis.GetEndPoints()[0]).InfoAsync("commandstats");
        return commands
            .SelectMany(c => c)
            .Where(c => c.Key.StartsWith("cmdstat_eval", StringComparison.Ordinal))
            .Sum(c => long.Parse(c.Value.Split("calls=")[1].Split(',')[0], null));
    }

    private sealed class TracedGateway(ExportedSpans spans, string database, string redis)
        : ServiceHost<Program>(builder =>
        {
            builder.UseSetting("ConnectionStrings:llmdb", database);
            builder.UseSetting("ConnectionStrings:cache", redis);
            builder.UseSetting("Routes:cached:Targets:0:Provider", "mock");
            builder.UseSetting("Routes:cached:Targets:0:Model", "mock");
            builder.UseSetting("Routes:cached:Cache:Lifetime", "00:01:00");
            builder.ConfigureServices(spans.AddTo);
        });
}
