using System.Text.Json;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.Serving.Shadows;
using CogniForge.Serving.Tests.Models;
using CogniForge.Serving.Tests.Shadows;
using CogniForge.Statistics.Latency;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Shadows in Postgres, shared by two replicas.</summary>
[Trait("Category", "Servers")]
public sealed class ShadowStoreTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Fact]
    public async Task Requests_ToBothReplicas_AreInOneReport()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var one = await ServingOnPostgres.StartAsync(database);
        await using var other = await ServingOnPostgres.StartAsync(database);
        await ShadowClient.RegisterAsync(one.Client, "both", "[1]", "[2]");
        var registry = new RegistryClient(one.Client);
        await registry.ReadAsync(200, "PUT", "/both/shadows/2", """{"sampleRate":1}""");
        foreach (var replica in new[] { one, other })
        {
            var table = replica.Services.GetRequiredService<ShadowTable>();
            await Until.TrueAsync(() => table.Find("both").Count == 1, "the replica knows the shadow");
            await ShadowClient.InferAsync(replica.Client, "both", "[3]");
        }

        var report = await ShadowClient.ReadReportAsync(registry, "both", 2);
        Assert.Equal(3, report.GetProperty("outputs")[0].GetProperty("maxDifference").GetDouble());
        await registry.ReadAsync(204, "DELETE", "/both/shadows/2");
        await registry.ReadAsync(200, "PUT", "/both/shadows/2", """{"sampleRate":1}""");
        await ShadowClient.ReadReportAsync(registry, "both", 0);
    }

    [Fact]
    public async Task Report_GeneratedComparisons_EqualsInMemory()
    {
        // By the system's clock, the service's own clean-up would find the comparisons old.
        await using var service = await ServingOnPostgres.StartAsync(
            await postgres.NewDatabaseAsync(),
            new FakeTimeProvider(TestTime.Start)
        );
        var stored = service.Services.GetRequiredService<IShadowStore>();
        var memory = new InMemoryShadowStore(service.Services.GetRequiredService<IAuditLog>());
        var random = new Random(3);
        ShadowComparison[] comparisons = [.. Enumerable.Range(0, 500).Select(i => Create(random, i))];
        var shadow = Shadow.Create("m", 2, 1, TestTime.Start);
        foreach (var store in new[] { stored, memory })
        {
            await store.AddAsync(comparisons, CancellationToken.None);
            await store.DeleteAsync(TestTime.Start.AddMinutes(10), CancellationToken.None);
        }

        await stored.AddAsync(comparisons[^10..], CancellationToken.None);
        var since = TestTime.Start.AddMinutes(50);
        var expected = await memory.ReportAsync(shadow, since, CancellationToken.None);
        Assert.True(expected.Requests > 100);
        Assert.Equal(Describe(expected), Describe(await stored.ReportAsync(shadow, since, CancellationToken.None)));
        var none = await stored.ReportAsync(shadow with { Version = 3 }, since, CancellationToken.None);
        Assert.Equal(0, none.Requests);
    }

    private static ShadowComparison Create(Random random, int minute)
    {
        var hasFailed = random.Next(5) == 0;
        return new(
            Guid.CreateVersion7(TestTime.Start.AddMinutes(minute)),
            "m",
            2,
            1,
            TestTime.Start.AddMinutes(minute),
            random.Next(1_000) / 8.0,
            hasFailed ? null : random.Next(1_000) / 8.0,
            hasFailed ? "broken" : null,
            random.Next(3),
            hasFailed
                ? []
                : [new("label", 4, random.Next(5), 0, 0), new("score", 4, 0, random.Next(99) / 8.0, random.Next(9))]
        );
    }

    private static string Describe(ShadowReport report) =>
        JsonSerializer.Serialize(
            report with
            {
                PrimaryLatencyMs = Round(report.PrimaryLatencyMs!),
                ShadowLatencyMs = Round(report.ShadowLatencyMs!),
                Outputs = [.. report.Outputs.Select(Round)],
            }
        );

    private static LatencySummary Round(LatencySummary latency) =>
        latency with
        {
            Mean = Math.Round(latency.Mean, 9),
            P50 = Math.Round(latency.P50, 9),
            P90 = Math.Round(latency.P90, 9),
            P95 = Math.Round(latency.P95, 9),
            P99 = Math.Round(latency.P99, 9),
        };

    private static OutputReport Round(OutputReport output) =>
        output with
        {
            Agreement = Math.Round(output.Agreement, 9),
            MeanDifference = Math.Round(output.MeanDifference, 9),
        };
}
