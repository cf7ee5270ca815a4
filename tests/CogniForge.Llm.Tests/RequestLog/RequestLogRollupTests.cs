using System.Text.Json;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;
using CogniForge.ServiceDefaults.Postgres;
using Npgsql;

namespace CogniForge.Llm.Tests.RequestLog;

/// <summary>Sums are the same whether they come from the entries of a day or from its rollup.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class RequestLogRollupTests(RealServers servers) : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset _today = new(
        TimeProvider.System.GetUtcNow().UtcDateTime.Date,
        TimeSpan.Zero
    );

    // Three days that ended a week ago.
    private static readonly DateTimeOffset _start = _today.AddDays(-10).AddHours(22);
    private static readonly DateTimeOffset _end = _today.AddDays(-7);

    private string _connection = "";
    private NpgsqlDataSource _database = null!;
    private Database _stores = null!;

    private PostgresRequestLog Log => new(_stores, TimeProvider.System);

    public async Task InitializeAsync()
    {
        _connection = await servers.NewDatabaseAsync();
        using (await GatewayHost.StartOnAsync(_connection))
        {
            // Creates the tables.
        }

        _database = NpgsqlDataSource.Create(_connection);
        _stores = new(_database, TimeProvider.System);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _stores.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Usage_DuringRollup_StaysTheSame(int seed)
    {
        var random = new Random(seed);
        var entries = Enumerable.Range(0, 600).Select(_ => RandomRequests.Entry(random, _start)).ToList();
        var memory = new InMemoryRequestLog();
        await memory.AddAsync(entries, default);
        await StoreAgedAsync(entries);
        var (log, rollUp, moved) = (Log, new RequestLogRollup(_database), 0);
        do
        {
            for (var i = 0; i < 10; i++)
            {
                var filter =
                    RandomRequests.Filter(random, _start) is var f && random.Next(2) == 0
                        ? f with
                        {
                            From = null,
                            To = null,
                        }
                        : f with
                        {
                            From = Midnight(f.From),
                            To = Midnight(f.To),
                        };
                UsageDimension[] groupBy = [.. UsageDimension.All.Where(_ => random.Next(3) == 0)];
                Assert.Equal(
                    Text(await memory.SumAsync(filter, groupBy, 10_000, default)),
                    Text(await log.SumAsync(filter, groupBy, 10_000, default))
                );
            }

            Assert.Equal(
                new CountResponse(entries.Count(r => r.Status == 200), entries.Count(r => r.IsCompletion)),
                await log.CountAsync(default)
            );
            Assert.Equal(entries.Count - moved, await CountAsync("completion"));
            moved += await rollUp.MoveAsync(_end, 170, _today, default);
        } while (await CountAsync("completion") > 0);

        Assert.Equal((600, 600L), (moved, await CountAsync("completion_summed")));
        Assert.True(await CountAsync("completion_day") < 600);
        Assert.Empty((await log.ListAsync(new(), default, 10, default)).Items);

        static DateTimeOffset? Midnight(DateTimeOffset? moment) =>
            moment is { } m ? new(m.UtcDateTime.Date, TimeSpan.Zero) : null;
        static IEnumerable<string> Text(IEnumerable<UsageGroup> groups) =>
            groups.Select(g => JsonSerializer.Serialize(g)).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Spent_DuringRollup_StaysTheSame()
    {
        var random = new Random(1);
        var entries = Enumerable.Range(0, 300).Select(_ => RandomRequests.Entry(random, _start)).ToList();
        await StoreAgedAsync(entries);
        var budgets = new PostgresBudgetStore(_stores);
        var windows = Enum.GetValues<BudgetPeriod>()
            .SelectMany(period => Enumerable.Range(0, 4).Select(day => BudgetWindow.At(period, _start.AddDays(day))))
            .ToList();
        do
        {
            foreach (var window in windows)
            {
                var (ofKey, ofProject) = (
                    await budgets.ReadAsync("a", window, null, default),
                    await budgets.ReadAsync("project:a", window, null, default)
                );
                Assert.Equal(SumOf(window, r => r.Caller), ofKey.Logged);
                Assert.Equal(SumOf(window, r => r.Project), ofProject.Logged);
            }
        } while (await new RequestLogRollup(_database).MoveAsync(_end, 70, _today, default) > 0);

        long SumOf(BudgetWindow window, Func<RequestLogEntry, string?> getOwner) =>
            NanoUsd.FromUsd(
                entries
                    .Where(r => getOwner(r) == "a" && r.OccurredAt >= window.Start && r.OccurredAt < window.End)
                    .Sum(r => r.Cost ?? 0)
            );
    }

    [Fact]
    public async Task Usage_ConcurrentRollupAndReplay_StaysTheSame()
    {
        var random = new Random(1);
        var entries = Enumerable.Range(0, 4_000).Select(_ => RandomRequests.Entry(random, _start)).ToList();
        await StoreAgedAsync(entries);
        var (log, rollUp) = (Log, new RequestLogRollup(_database));
        var expected = Assert.Single(await log.SumAsync(new(), [], 1, default)).Sums;
        Assert.Equal((4_000, entries.Sum(r => r.Cost ?? 0)), (expected.Requests, expected.Cost));

        var summing = Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(async _ =>
                {
                    while (await rollUp.MoveAsync(_end, 50, _today, default) > 0)
                    {
                        // Moves the next batch.
                    }
                })
        );
        var again = Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(async i =>
                {
                    var source = new Random(i);
                    while (!summing.IsCompleted)
                    {
                        await log.AddAsync(entries.Skip(source.Next(3_900)).Take(100).ToList(), default);
                    }
                })
        );
        var reads = 0;
        do
        {
            Assert.Equal(expected, Assert.Single(await log.SumAsync(new(), [], 1, default)).Sums);
            reads++;
        } while (!summing.IsCompleted);

        await Task.WhenAll(summing, again);
        Assert.Equal(expected, Assert.Single(await log.SumAsync(new(), [], 1, default)).Sums);
        Assert.Equal((0L, 4_000L), (await CountAsync("completion"), await CountAsync("completion_summed")));
        Assert.True(reads > 10, $"only {reads} reads");
    }

    [Fact]
    public async Task Add_EntriesOfRolledUpDay_CountOnce()
    {
        var random = new Random(1);
        var entries = Enumerable.Range(0, 100).Select(_ => RandomRequests.Entry(random, _start)).ToList();
        var (log, rollUp) = (Log, new RequestLogRollup(_database));
        await StoreAgedAsync(entries.Take(60).ToList());
        Assert.Equal(60, await rollUp.MoveAsync(_end, 1_000, _today, default));

        // Replays a journal: some entries were stored before, and all arrive twice.
        await log.AddAsync(entries.Skip(30).ToList(), default);
        await log.AddAsync(entries, default);
        await AssertAllAsync();
        Assert.Equal(40, (await log.ListAsync(new(), default, 200, default)).Items.Count);

        Assert.Equal(0, await rollUp.MoveAsync(_end, 1_000, _today, default)); // stored a moment ago
        await StoreAgedAsync([]);
        Assert.Equal(40, await rollUp.MoveAsync(_end, 1_000, _today, default));
        await log.AddAsync(entries, default);
        await AssertAllAsync();
        Assert.Empty((await log.ListAsync(new(), default, 200, default)).Items);

        async Task AssertAllAsync()
        {
            var sums = Assert.Single(await log.SumAsync(new(), [], 1, default)).Sums;
            Assert.Equal((100, entries.Sum(r => r.Cost ?? 0)), (sums.Requests, sums.Cost));
        }
    }

    [Fact]
    public async Task Forget_OldRollups_RemovesOnlyIds()
    {
        var random = new Random(1);
        var entries = Enumerable.Range(0, 30).Select(_ => RandomRequests.Entry(random, _start)).ToList();
        var rollUp = new RequestLogRollup(_database);
        await StoreAgedAsync(entries.Take(20).ToList());
        await rollUp.MoveAsync(_end, 1_000, _today.AddDays(-1), default);
        await StoreAgedAsync(entries.Skip(20).ToList());
        await rollUp.MoveAsync(_end, 1_000, _today, default);

        Assert.Equal(
            (15, 5, 0),
            (
                await rollUp.ForgetAsync(_today, 15, default),
                await rollUp.ForgetAsync(_today, 15, default),
                await rollUp.ForgetAsync(_today, 15, default)
            )
        );
        Assert.Equal(10, await CountAsync("completion_summed"));
        Assert.Equal(30, Assert.Single(await Log.SumAsync(new(), [], 1, default)).Sums.Requests);
    }

    [Fact]
    public async Task Gateway_Retention_RollsUpWholeDays()
    {
        // The gaps between the days keep the test valid if midnight passes during it.
        RequestLogEntry[] entries =
        [
            At(-40, 12, 1),
            At(-8, 0, 2),
            At(-8, 23, 3),
            At(-6, 0, 4),
            At(-6, 12, 5),
            At(0, 0, 6),
        ];
        await StoreAgedAsync(entries);
        await using var one = await GatewayHost.StartOnAsync(_connection, ("RequestLog:RetentionDays", "7"));
        await using var other = await GatewayHost.StartOnAsync(_connection, ("RequestLog:RetentionDays", "7"));

        await Until.EqualAsync(3, async () => (await GetAsync("requests", 200)).GetProperty("items").GetArrayLength());
        foreach (var gateway in new[] { one, other })
        {
            Assert.Equal(
                6,
                JsonDocument
                    .Parse(await gateway.Client.GetStringAsync(new Uri("/api/v1/llm/requests/count", UriKind.Relative)))
                    .RootElement.GetProperty("count")
                    .GetInt32()
            );
        }

        Assert.Equal(21, await CostAsync($"?from={Day(-50)}"));
        Assert.Equal(20, await CostAsync("")); // the last thirty days
        Assert.Equal(5, await CostAsync($"?from={Day(-8)}&to={Day(-7)}"));
        Assert.Equal(1, await CostAsync($"?to={Day(-30)}T12:00:00Z"));
        Assert.Equal(11, await CostAsync($"?from={Day(-6)}T01:00:00Z"));

        // Sums have no metadata, and a report by it says that it is not complete.
        Assert.True(await OmitsAsync($"?from={Day(-8)}&groupBy=metadata.team"));
        Assert.True(await OmitsAsync($"?from={Day(-8)}&metadata.team=red"));
        Assert.False(await OmitsAsync($"?from={Day(-6)}&groupBy=metadata.team"));
        Assert.False(await OmitsAsync($"?from={Day(-8)}&groupBy=project"));
        Assert.Equal((true, "true"), await OmitsInCsvAsync($"?from={Day(-8)}&groupBy=metadata.team"));
        Assert.Equal((false, "true"), await OmitsInCsvAsync($"?from={Day(-8)}&metadata.team=red")); // without rows
        Assert.Equal((false, "false"), await OmitsInCsvAsync($"?from={Day(-6)}&groupBy=metadata.team"));

        using var badFrom = await one.Client.GetAsync(
            $"/api/v1/llm/usage?from={Day(-8)}T01:00:00%2B00:00&to={Day(-7)}"
        );
        Assert.Equal(
            [$"from: must be the start of a day (UTC): {Day(-8)} has been rolled up"],
            await Problem.ReadRulesAsync(badFrom)
        );
        using var badTo = await one.Client.GetAsync(
            $"/api/v1/llm/usage?from={Day(-50)}&to={Day(-7)}T01:00:00%2B02:00"
        );
        Assert.Equal(
            [$"to: must be the start of a day (UTC): {Day(-8)} has been rolled up"],
            await Problem.ReadRulesAsync(badTo)
        );

        async Task<JsonElement> GetAsync(string path, int status) =>
            await (await one.Client.GetAsync($"/api/v1/llm/{path}")).ReadAsync(status);
        async Task<decimal> CostAsync(string query) =>
            (await GetAsync($"usage{query}", 200)).GetProperty("totals").GetProperty("cost").GetDecimal();
        async Task<bool> OmitsAsync(string query) =>
            (await GetAsync($"usage{query}", 200)).GetProperty("omitsRolledUpDays").GetBoolean();
        async Task<(bool Rows, string Header)> OmitsInCsvAsync(string query)
        {
            using var response = await one.Client.GetAsync($"/api/v1/llm/usage{query}&format=csv");
            var text = await response.Content.ReadAsStringAsync();
            var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.EndsWith(",omitsRolledUpDays", lines[0], StringComparison.Ordinal);
            return (
                lines.Length > 1 && lines[1..].All(l => l.EndsWith(",true", StringComparison.Ordinal)),
                response.Header("x-cogniforge-omits-rolled-up-days")!
            );
        }

        static string Day(int days) =>
            _today.AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("RetentionDays", "-1", "RetentionDays")]
    [InlineData("RetentionDays", "3651", "RetentionDays")]
    [InlineData("Retention", "1", "RequestLog:Retention is not a known setting")]
    public void Start_InvalidSetting_FailsNamingSetting(string name, string value, string named) =>
        Assert.Contains(
            named,
            Assert.ThrowsAny<Exception>(() => GatewayHost.Start(($"RequestLog:{name}", value))).ToString(),
            StringComparison.Ordinal
        );

    /// <summary>Creates an entry relative to today.</summary>
    private static RequestLogEntry At(int days, int hours, decimal cost) =>
        RandomRequests.Entry(new Random(1), _start) with
        {
            Id = Guid.CreateVersion7(_today.AddDays(days).AddHours(hours)),
            OccurredAt = _today.AddDays(days).AddHours(hours),
            Status = 200,
            Cost = cost,
        };

    /// <summary>Stores entries and makes all stored entries look two hours older.</summary>
    private async Task StoreAgedAsync(IReadOnlyList<RequestLogEntry> entries)
    {
        await Log.AddAsync(entries, default);
        await using var age = _database.CreateCommand(
            "UPDATE completion SET stored_at = stored_at - interval '2 hours'"
        );
        await age.ExecuteNonQueryAsync();
    }

    private async Task<long> CountAsync(string table)
    {
        await using var count = _database.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
