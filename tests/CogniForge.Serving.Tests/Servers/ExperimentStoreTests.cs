using System.Text.Json;
using CogniForge.Serving.Experiments;
using CogniForge.Serving.Tests.Experiments;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Experiments in Postgres, shared by two replicas.</summary>
[Trait("Category", "Servers")]
public sealed class ExperimentStoreTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    private const string GuardRail = """
        , "guardRails": [{ "name": "failed", "kind": "binary", "direction": "decrease" }]
        """;

    [Fact]
    public async Task States_ChangedByOtherReplica_AreSeenWithinTwoSeconds()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        var database = await postgres.NewDatabaseAsync();
        await using var one = await ServingOnPostgres.StartAsync(database, clock);
        await using var other = await ServingOnPostgres.StartAsync(database, clock);
        var (first, second) = (new ExperimentClient(one.Client), new ExperimentClient(other.Client));
        await first.CreateAsync("shared", """, "salt": "churn-v2" """);
        Assert.Equal(("1", null), await InferAsync(second));

        await first.ReadAsync(200, "POST", "/shared/start");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("2", "new"), await InferAsync(second));
        Assert.Equal(("2", "new"), await InferAsync(first));

        await second.ReadAsync(200, "POST", "/shared/pause");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("1", null), await InferAsync(first));

        static Task<(string, string?)> InferAsync(ExperimentClient client) =>
            client.InferAsync("shared", """{"unit_id":"user-1"}""");
    }

    [Fact]
    public async Task Start_TwoAtOnce_OneRuns()
    {
        await using var service = await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync());
        var client = new ExperimentClient(service.Client);
        await client.CreateAsync("a");
        await client.ReadAsync(201, "POST", "", ExperimentClient.Describe("b", "a"));
        var statuses = await Task.WhenAll(StartAsync("a"), StartAsync("b"));
        Assert.Equal([200, 409], statuses.Order());

        async Task<int> StartAsync(string name)
        {
            using var response = await client.SendAsync("POST", $"/{name}/start");
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task Outcomes_Acknowledged_OutliveTheReplicaAndCountOnce()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var other = await ServingOnPostgres.StartAsync(database);
        var second = new ExperimentClient(other.Client);
        string[] outcomes =
        [
            .. Enumerable.Range(0, 100).Select(i =>
                $$"""{"id":"o-{{i}}","metric":"bought","value":{{i % 2}},"unitId":"user-{{i}}"}"""
            ),
        ];
        await using (var one = await ServingOnPostgres.StartAsync(database))
        {
            var first = new ExperimentClient(one.Client);
            await first.StartAsync("durable");
            for (var i = 0; i < 100; i++)
            {
                await first.InferAsync("durable", $$"""{"unit_id":"user-{{i}}"}""");
            }

            // Both replicas get each outcome at the same time.
            var accepted = await Task.WhenAll(
                first.RecordAsync("durable", outcomes),
                second.RecordAsync("durable", outcomes)
            );
            Assert.Equal(100, accepted.Sum(a => a.GetProperty("accepted").GetInt32()));
        }

        var results = await second.ReadResultsAsync("durable", 100);
        var bought = results.GetProperty("metrics")[0].GetProperty("variants").EnumerateArray().Sum(v =>
            v.GetProperty("units").GetInt32() * v.GetProperty("mean").GetDouble()
        );
        Assert.Equal(50, bought, 1e-6);
        Assert.Equal(100, (await second.RecordAsync("durable", outcomes)).GetProperty("duplicates").GetInt32());
    }

    [Fact]
    public async Task GuardRail_Harmed_RollsBackAndAudits()
    {
        await using var service = await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync());
        var client = new ExperimentClient(service.Client);
        await client.StartAsync("risky", GuardRail + """, "minUnits": 20 """);
        var failed = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            if ((await client.InferAsync("risky", $$"""{"unit_id":"user-{{i}}"}""")).Variant == "new")
            {
                failed.Add($$"""{"id":"{{i}}","metric":"failed","value":1,"unitId":"user-{{i}}"}""");
            }
        }

        var job = service.Services.GetRequiredService<ExperimentJob>();
        await client.ReadResultsAsync("risky", 100);
        await job.EvaluateAsync(CancellationToken.None);
        Assert.Equal("running", await StateAsync());

        await client.RecordAsync("risky", [.. failed]);
        await job.EvaluateAsync(CancellationToken.None);
        Assert.Equal("stopped", await StateAsync());

        using var audit = await service.Client.GetAsync("/api/v1/serving/audit?action=RollBackExperiment");
        var entry = Assert.Single((await audit.ReadAsync(200)).GetProperty("items").EnumerateArray());
        Assert.Equal("guard-rails", entry.GetProperty("actor").GetProperty("name").GetString());
        Assert.Contains(
            "harms the guard-rail 'failed'",
            entry.GetProperty("after").GetProperty("stateReason").GetString()
        );

        async Task<string?> StateAsync() =>
            (await client.ReadAsync(200, "GET", "/risky")).GetProperty("state").GetString();
    }

    [Fact]
    public async Task Bandit_BetterVariant_GetsMoreUnits()
    {
        await using var service = await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync());
        var client = new ExperimentClient(service.Client);
        await client.StartAsync("bandit", """, "allocation": "thompson", "minUnits": 20 """);
        using var before = await client.SendAsync("GET", "/bandit");
        for (var i = 0; i < 100; i++)
        {
            var assigned = await client.ReadAsync(
                200,
                "POST",
                "/bandit/assignments",
                $$"""{"unitId":"user-{{i}}"}"""
            );
            if (assigned.GetProperty("variant").GetString() == "new")
            {
                await client.RecordAsync(
                    "bandit",
                    $$"""{"id":"{{i}}","metric":"bought","value":1,"unitId":"user-{{i}}"}"""
                );
            }
        }

        await client.ReadResultsAsync("bandit", 100);
        await service.Services.GetRequiredService<ExperimentJob>().EvaluateAsync(CancellationToken.None);
        using var after = await client.SendAsync("GET", "/bandit");
        var variants = (await after.ReadAsync(200)).GetProperty("variants");
        Assert.Equal(0.95, variants[1].GetProperty("share").GetDouble(), 0.001);
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task Retention_EndedExperiment_DeletesItsDataOnly()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        var database = await postgres.NewDatabaseAsync();
        await using var service = await ServingOnPostgres.StartAsync(database, clock);
        var client = new ExperimentClient(service.Client);
        foreach (var name in new[] { "ended", "running" })
        {
            await client.StartAsync(name);
            await client.InferAsync(name, """{"unit_id":"user-1"}""", "request-1");
            await client.RecordAsync(name, """{"id":"1","metric":"bought","value":1,"requestId":"request-1"}""");
        }

        await client.ReadAsync(200, "POST", "/ended/stop", "{}");
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await ExpectAsync("ended 3, running 3", TimeSpan.FromSeconds(1)); // the journal stores by the clock
        clock.Advance(TimeSpan.FromDays(90));
        await ExpectAsync("running 3", TimeSpan.FromHours(1));

        Task ExpectAsync(string counts, TimeSpan step) =>
            Until.EqualAsync(
                counts,
                () =>
                {
                    clock.Advance(step);
                    return CountAsync();
                }
            );

        async Task<string?> CountAsync()
        {
            await using var rows = source.CreateCommand(
                """
                SELECT string_agg(name || ' ' || rows, ', ' ORDER BY name) FROM (
                    SELECT e.name, count(*) AS rows FROM experiment e JOIN (
                        SELECT experiment_id FROM experiment_exposure
                        UNION ALL SELECT experiment_id FROM experiment_request
                        UNION ALL SELECT experiment_id FROM experiment_outcome
                    ) d ON d.experiment_id = e.id GROUP BY e.name
                ) counts
                """
            );
            return (string?)await rows.ExecuteScalarAsync();
        }
    }

    [Fact]
    public async Task Summary_GeneratedData_EqualsInMemory()
    {
        await using var service = await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync());
        var client = new ExperimentClient(service.Client);
        await client.CreateAsync("equal", """
            , "guardRails": [
                { "name": "spent", "kind": "continuous", "covariate": "before" },
                { "name": "latency", "kind": "continuous", "aggregation": "mean" }
            ]
            """);
        var experiment = (
            await service.Services.GetRequiredService<IExperimentStore>().FindAsync("equal", CancellationToken.None)
        )!;
        var stored = service.Services.GetRequiredService<IExperimentData>();
        var memory = new InMemoryExperimentData();
        var random = new Random(7);
        for (var batch = 0; batch < 5; batch++)
        {
            Exposure[] exposures = [.. Enumerable.Range(0, 200).Select(i => NewExposure(experiment.Id, random, i))];
            Outcome[] outcomes = [.. Enumerable.Range(0, 200).Select(_ => NewOutcome(random))];
            foreach (var data in new[] { stored, memory })
            {
                await data.AddExposuresAsync(exposures, CancellationToken.None);
                await data.AddOutcomesAsync(
                    experiment.Id,
                    [.. outcomes.DistinctBy(o => o.Id)],
                    TestTime.Start,
                    CancellationToken.None
                );
            }
        }

        var expected = await memory.SummarizeAsync(experiment, CancellationToken.None);
        var actual = await stored.SummarizeAsync(experiment, CancellationToken.None);
        Assert.True(expected.MixedUnits > 0);
        Assert.Equal(Describe(expected), Describe(actual));
    }

    private static Exposure NewExposure(Guid experiment, Random random, int i) =>
        new(
            experiment,
            $"unit-{random.Next(2_000)}",
            random.Next(2) == 0 ? "control" : "new",
            i % 2 == 0 ? null : $"request-{random.Next(2_000)}",
            random.Next(3) == 0 ? null : new Dictionary<string, double> { ["spent"] = random.Next(100) },
            TestTime.Start
        );

    private static Outcome NewOutcome(Random random)
    {
        var metric = new[] { "bought", "spent", "latency" }[random.Next(3)];
        var isByUnit = random.Next(2) == 0;
        return new(
            $"outcome-{random.Next(1_000)}",
            metric,
            metric == "bought" ? random.Next(2) : random.Next(1_000) / 8.0,
            isByUnit ? $"unit-{random.Next(2_000)}" : null,
            isByUnit ? null : $"request-{random.Next(2_000)}"
        );
    }

    private static string Describe(ExperimentSummary summary) =>
        JsonSerializer.Serialize(
            new
            {
                summary.MixedUnits,
                Units = summary.Units.OrderBy(u => u.Variant),
                Metrics = summary
                    .Metrics.OrderBy(m => m.Metric)
                    .ThenBy(m => m.Variant)
                    .Select(m => new
                    {
                        m.Metric,
                        m.Variant,
                        m.Count,
                        Numbers = new[] { m.Mean, m.Variance, m.CovariateMean, m.CovariateVariance, m.Covariance }
                            .Select(n => n is { } number ? Math.Round(number, 9) : (double?)null),
                    }),
            }
        );
}
