using System.Text.Json;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Servers;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using Npgsql;

namespace CogniForge.Llm.Tests.Log;

/// <summary>The log in Postgres gives the same answers as the one in memory, which is plain to see to be right.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class RequestLogTests(RealServers servers)
{
    private static readonly DateTimeOffset _start = new(2026, 10, 31, 22, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Answers_GeneratedRecords_AreTheSameOfBothLogs(int seed)
    {
        var connection = await servers.NewDatabaseAsync();
        using (GatewayHost.StartOn(connection))
        {
            // Makes the tables.
        }

        await using var source = NpgsqlDataSource.Create(connection);
        using var database = new Database(source, TimeProvider.System);
        var memory = new InMemoryRequestLog();
        var server = new PostgresRequestLog(database);
        var random = new Random(seed);
        var records = Enumerable.Range(0, 600).Select(_ => AnyRequests.Record(random, _start)).ToList();
        foreach (
            IRequestLogWriter store in new IRequestLogWriter[]
            {
                memory,
                new PostgresRequestLogWriter(database, new FakeTimeProvider(TestTime.Start)),
            }
        )
        {
            await store.AddAsync(records.Take(400).ToList(), default);
            await store.AddAsync(records.Skip(300).ToList(), default); // a hundred of them again
        }

        for (var i = 0; i < 60; i++)
        {
            var filter = AnyRequests.Filter(random, _start);
            var limit = random.Next(1, 200);
            var (cursor, pages) = (default(Cursor), 0);
            do
            {
                var expected = await memory.ListAsync(filter, cursor, limit, default);
                Assert.Equal(
                    JsonSerializer.Serialize(expected),
                    JsonSerializer.Serialize(await server.ListAsync(filter, cursor, limit, default))
                );
                Assert.Equal(expected.Items.Select(r => r.Id), expected.Items.Select(r => r.Id).OrderDescending());
                Assert.True(Cursor.TryParse(expected.Next, out cursor));
            } while (cursor != default && ++pages < 10);

            UsageDimension[] groupBy = [.. Enum.GetValues<UsageDimension>().Where(_ => random.Next(3) == 0)];
            random.Shuffle(groupBy);
            var groups = await memory.SumAsync(filter, groupBy, 10_000, default);
            Assert.Equal(Text(groups), Text(await server.SumAsync(filter, groupBy, 10_000, default)));

            // Exactly: not a digit is lost on the way.
            Assert.Equal(records.Where(filter.Matches).Sum(r => r.Cost ?? 0), groups.Sum(g => g.Sums.Cost));
            Assert.Equal(records.Count(filter.Matches), groups.Sum(g => g.Sums.Requests));
        }

        static IEnumerable<string> Text(IEnumerable<UsageGroup> groups) =>
            groups.Select(g => JsonSerializer.Serialize(g)).Order(StringComparer.Ordinal);
    }

    /// <summary>One record that cannot be stored would hold up all behind it; there are some in the journals of older versions.</summary>
    [Fact]
    public async Task Add_TextsWithU0000_AreStoredWithoutIt()
    {
        var connection = await servers.NewDatabaseAsync();
        using (GatewayHost.StartOn(connection))
        {
            // Makes the tables.
        }

        await using var source = NpgsqlDataSource.Create(connection);
        using var database = new Database(source, TimeProvider.System);
        var entry = AnyRequests.Record(new Random(1), _start) with
        {
            User = "a\0b",
            Route = "a\0b",
            RequestedModel = "a\0b",
            Model = "a\0b",
            FinishReason = "a\0b",
        };
        await new PostgresRequestLogWriter(database, TimeProvider.System).AddAsync([entry], default);
        var stored = Assert.Single(
            (await new PostgresRequestLog(database).ListAsync(new(), default, 10, default)).Items
        );
        Assert.All(
            [stored.User, stored.Route, stored.RequestedModel, stored.Model, stored.FinishReason],
            text => Assert.Equal("a b", text)
        );
    }
}
