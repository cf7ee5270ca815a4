using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class QuerySpansTests(RealServers servers)
{
    [Fact]
    public async Task Query_DuringRequest_JoinsTraceAndNamesDatabase()
    {
        var database = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        using var spans = new ExportedSpans();
        await using (
            var service = await TestService.StartAsync(
                configure: builder => spans.AddTo(builder.Services),
                settings: ("ConnectionStrings:llmdb", database.ConnectionString)
            )
        )
        {
            using var client = ExportedSpans.OutsideClient(service.Address);
            client.DefaultRequestHeaders.Authorization = new("Bearer", TestService.RootKey);
            await Until.TrueAsync(
                async () => (await client.GetAsync("/health")).IsSuccessStatusCode,
                "the tables are there"
            );

            using var response = await client.GetAsync("/api/v1/llm/keys");
        }

        spans.AssertOneWholeTrace();
        var queries = spans.All.Where(s => s.Source.Name == "Npgsql").ToList();
        Assert.NotEmpty(queries);
        Assert.All(queries, query => Assert.Equal(database.Database, query.GetTagItem("peer.service")));
    }
}
