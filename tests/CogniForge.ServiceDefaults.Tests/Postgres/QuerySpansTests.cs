using System.Collections.Concurrent;
using System.Diagnostics;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class QuerySpansTests(RealServers servers)
{
    [Fact]
    public async Task Query_OfARequest_IsPartOfItsTraceAndNamesTheDatabase()
    {
        var database = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var service = await TestService.StartAsync(settings: ("ConnectionStrings:llmdb", database.ConnectionString));
        using var client = service.Client();
        await Until.TrueAsync(async () => (await client.GetAsync("/health")).IsSuccessStatusCode, "the tables are there");

        spans.Clear();

        using var response = await client.GetAsync("/api/v1/llm/keys");

        Assert.NotEmpty(spans);
        Assert.All(spans, query => Assert.Equal((true, database.Database), (query.ParentSpanId != default, query.GetTagItem("peer.service"))));
    }
}
