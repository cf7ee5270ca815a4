using CogniForge.ServiceDefaults.Tests.Support;
using Npgsql;

namespace CogniForge.Llm.Tests.Servers;

[Collection(RealServersCollection.Name)]
[Trait("Category", "Servers")]
public sealed class TracingTests(RealServers servers)
{
    [Fact]
    public async Task Spans_IdleThenRequest_BelongToRequest()
    {
        using var spans = new ExportedSpans();
        var database = await servers.NewDatabaseAsync();
        await using (var gateway = new TracedGateway(spans, database, servers.Redis))
        {
            using var client = ExportedSpans.OutsideClient(gateway.Address);
            await Until.EqualAsync(true, async () => (await client.GetAsync("/health")).IsSuccessStatusCode);
            var before = await TransactionsAsync(database);
            await Until.EqualAsync(true, async () => await TransactionsAsync(database) >= before + 3);
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

    /// <summary>The transactions that the gateway has run: its background services run some each second.</summary>
    private static async Task<long> TransactionsAsync(string database)
    {
        var name = new NpgsqlConnectionStringBuilder(database);
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database) { Database = "postgres" }
        );
        await using var count = source.CreateCommand("SELECT xact_commit FROM pg_stat_database WHERE datname = $1");
        count.Parameters.Add(new() { Value = name.Database });
        return (long)(await count.ExecuteScalarAsync())!;
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
