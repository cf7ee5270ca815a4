using System.Text.Json;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Servers;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using Npgsql;

namespace CogniForge.Llm.Tests.RequestLog;

/// <summary>The log in Postgres returns the same results as the simple in-memory log.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class RequestLogTests(RealServers servers)
{
    private static readonly DateTimeOffset _start = new(2026, 10, 31, 22, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Queries_RandomEntries_MatchInMemoryLog(int seed)
    {
        var connection = await servers.NewDatabaseAsync();
        using (await GatewayHost.StartOnAsync(connection))
        {
            // Creates the tables.
        }

        await using var source = NpgsqlDataSource.Create(connection);
        using var database = new Database(source, TimeProvider.System);
        var memory = new InMemoryRequestLog();
        var server = new PostgresRequestLog(database, new FakeTimeProvider(TestTime.Start));
        var random = new Random(seed);
        var entries = Enumerable.Range(0, 600).Select(_ => RandomRequests.Entry(random, _start)).ToList();
        foreach (var log in new IRequestLog[] { memory, server })
        {
            await log.AddAsync(entries.Take(400).ToList(), default);
            await log.AddAsync(entries.Skip(300).ToList(), default); // a hundred of them twice
        }

        for (var i = 0; i < 60; i++)
        {
            var filter = RandomRequests.Filter(random, _start);
            filter = random.Next(3) > 0
                ? filter
                : filter with
                {
                    Metadata = new Dictionary<string, string> { ["run"] = "a" },
                };
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

            var ofMetadata = UsageDimension.Parse("metadata.te\"am, metadata.run", new());
            UsageDimension[] groupBy = [.. UsageDimension.All.Concat(ofMetadata).Where(_ => random.Next(3) == 0)];
            random.Shuffle(groupBy);
            var groups = await memory.SumAsync(filter, groupBy, 10_000, default);
            Assert.Equal(Text(groups), Text(await server.SumAsync(filter, groupBy, 10_000, default)));

            // Sums of decimals are exact.
            Assert.Equal(entries.Where(filter.Matches).Sum(r => r.Cost ?? 0), groups.Sum(g => g.Sums.Cost));
            Assert.Equal(entries.Count(filter.Matches), groups.Sum(g => g.Sums.Requests));
        }

        static IEnumerable<string> Text(IEnumerable<UsageGroup> groups) =>
            groups.Select(g => JsonSerializer.Serialize(g)).Order(StringComparer.Ordinal);
    }

    /// <summary>
    /// An entry that cannot be stored would block all later ones; journals of older versions contain such entries.
    /// </summary>
    [Fact]
    public async Task Add_TextsWithNullCharacters_AreSanitized()
    {
        var connection = await servers.NewDatabaseAsync();
        using (await GatewayHost.StartOnAsync(connection))
        {
            // Creates the tables.
        }

        await using var source = NpgsqlDataSource.Create(connection);
        using var database = new Database(source, TimeProvider.System);
        var entry = RandomRequests.Entry(new Random(1), _start) with
        {
            User = "a\0b",
            Route = "a\0b",
            RequestedModel = "a\0b",
            Model = "a\0b",
            FinishReason = "a\0b",
        };
        var log = new PostgresRequestLog(database, TimeProvider.System);
        await log.AddAsync([entry], default);
        var stored = Assert.Single((await log.ListAsync(new(), default, 10, default)).Items);
        Assert.All(
            [stored.User, stored.Route, stored.RequestedModel, stored.Model, stored.FinishReason],
            text => Assert.Equal("a b", text)
        );
    }
}
