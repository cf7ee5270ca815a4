using System.Text.Json;
using CogniForge.Llm.Application;
using CogniForge.Llm.Application.Log;
using CogniForge.Llm.Domain;
using CogniForge.Llm.Infrastructure;
using CogniForge.Llm.Infrastructure.Log;
using CogniForge.Llm.Tests.Servers;
using CogniForge.ServiceDefaults.Http;
using Npgsql;

namespace CogniForge.Llm.Tests.Log;

/// <summary>The log in Postgres gives the same answers as the one in memory, which is plain to see to be right.</summary>
[Collection(RealServersCollection.Name)]
public sealed class RequestLogTests(RealServers servers)
{
    private static readonly DateTimeOffset _start = new(2026, 10, 31, 22, 0, 0, TimeSpan.Zero);
    private static readonly string[] _texts = ["a", "b", "=1+1", "\u00e9\ud83d\ude00", "a, \"b\"\n", "A"];

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

        await using var database = NpgsqlDataSource.Create(connection);
        var memory = new InMemoryRequestLog();
        var server = new PostgresRequestLog(new(database, TimeProvider.System));
        var random = new Random(seed);
        var records = Enumerable.Range(0, 600).Select(_ => Record(random)).ToList();
        foreach (ICompletionStore store in new ICompletionStore[] { memory, new PostgresCompletionStore(new(database, TimeProvider.System)) })
        {
            await store.AddAsync(records.Take(400).ToList(), default);
            await store.AddAsync(records.Skip(300).ToList(), default); // a hundred of them again
        }

        for (var i = 0; i < 60; i++)
        {
            var filter = Filter(random);
            var limit = random.Next(1, 200);
            var (cursor, pages) = (default(Cursor), 0);
            do
            {
                var expected = await memory.ListAsync(filter, cursor, limit, default);
                Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(await server.ListAsync(filter, cursor, limit, default)));
                Assert.Equal(expected.Items.Select(r => r.Id), expected.Items.Select(r => r.Id).OrderDescending());
                Assert.True(Cursor.TryParse(expected.Next, out cursor));
            }
            while (cursor != default && ++pages < 10);

            UsageDimension[] groupBy = [.. Enum.GetValues<UsageDimension>().Where(_ => random.Next(3) == 0)];
            random.Shuffle(groupBy);
            var groups = await memory.SumAsync(filter, groupBy, 10_000, default);
            Assert.Equal(Text(groups), Text(await server.SumAsync(filter, groupBy, 10_000, default)));

            // Exactly: not a digit is lost on the way.
            Assert.Equal(records.Where(filter.Matches).Sum(r => r.Cost ?? 0), groups.Sum(g => g.Sums.Cost));
            Assert.Equal(records.Count(filter.Matches), groups.Sum(g => g.Sums.Requests));
        }

        static IEnumerable<string> Text(IEnumerable<UsageGroup> groups) => groups.Select(g => JsonSerializer.Serialize(g)).Order(StringComparer.Ordinal);
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

        await using var database = NpgsqlDataSource.Create(connection);
        var record = Record(new Random(1)) with { User = "a\0b", Route = "a\0b", RequestedModel = "a\0b", Model = "a\0b", FinishReason = "a\0b" };
        await new PostgresCompletionStore(new(database, TimeProvider.System)).AddAsync([record], default);
        var stored = Assert.Single((await new PostgresRequestLog(new(database, TimeProvider.System)).ListAsync(new(), default, 10, default)).Items);
        Assert.All([stored.User, stored.Route, stored.RequestedModel, stored.Model, stored.FinishReason], text => Assert.Equal("a b", text));
    }

    private static CompletionRecord Record(Random random)
    {
        var at = _start + TimeSpan.FromMilliseconds(random.Next(0, 200) * 900_000L + random.Next(3));
        var failed = random.Next(5) == 0;
        string? Maybe() => random.Next(4) == 0 ? null : _texts[random.Next(_texts.Length)];
        return new()
        {
            Id = Guid.CreateVersion7(at),
            OccurredAt = at,
            Caller = _texts[random.Next(3)],
            User = Maybe(),
            Route = Maybe(),
            RequestedModel = "fast",
            Provider = failed && random.Next(2) == 0 ? "" : _texts[random.Next(2)],
            Model = _texts[random.Next(_texts.Length)],
            Protocol = "messages",
            Streamed = random.Next(2) == 0,
            Status = failed ? 429 + random.Next(2) : 200,
            Error = failed ? "rate_limited" : null,
            FinishReason = Maybe(),
            InputTokens = random.Next(4) == 0 ? 0 : random.Next(100_000_000),
            OutputTokens = random.Next(4) == 0 ? 0 : random.Next(100_000_000),
            CacheReadTokens = random.Next(1_000),
            CacheWriteTokens = random.Next(1_000),
            ReasoningTokens = random.Next(1_000),
            Estimated = random.Next(2) == 0,
            Cost = random.Next(4) == 0 ? null : random.NextInt64(1, long.MaxValue) / 1_000_000_000_000_000_000m,
            Cached = random.Next(4) == 0,
            Saved = random.Next(4) == 0 ? random.Next(1_000) / 1_000_000m : null,
            Attempts = random.Next(4),
            DurationMs = random.NextDouble() * 1_000,
            FirstChunkMs = random.Next(2) == 0 ? null : random.NextDouble(),
            TraceParent = null,
        };
    }

    private static RequestFilter Filter(Random random)
    {
        string? Maybe() => random.Next(5) == 0 ? _texts[random.Next(_texts.Length)] : null;
        DateTimeOffset? Moment() => random.Next(3) == 0 ? _start + TimeSpan.FromMilliseconds(random.Next(0, 200) * 900_000L + random.Next(3)) : null;
        return new()
        {
            Key = Maybe(),
            User = Maybe(),
            Route = Maybe(),
            Provider = Maybe(),
            Model = Maybe(),
            Status = random.Next(5) == 0 ? 429 : null,
            Error = random.Next(5) == 0 ? "rate_limited" : null,
            From = Moment()?.ToOffset(TimeSpan.FromHours(5)),
            To = Moment(),
        };
    }
}
