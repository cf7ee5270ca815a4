using CogniForge.Serving.Inference;
using CogniForge.Serving.Tests.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>What the metrics of models are computed from is deleted by age.</summary>
[Trait("Category", "Servers")]
public sealed class MetricsRetentionTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Fact]
    public async Task Retention_OldRecords_AreDeleted()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        var database = await postgres.NewDatabaseAsync();
        await using var service = await ServingOnPostgres.StartAsync(database, clock);
        var metrics = new MetricsClient(service.Client, "churn");
        await metrics.RegisterAsync();
        await metrics.RecordAsync(Yes("old"));
        await metrics.RecordTruthAsync("""{"id":"old","actual":{"class":"yes"}}""");
        await service
            .Services.GetRequiredService<IInferenceStore>()
            .AddAsync(
                [new InferenceRecord(Guid.CreateVersion7(TestTime.Start), TestTime.Start, "old", 1, 1, 0.5, null)],
                CancellationToken.None
            );
        clock.Advance(TimeSpan.FromDays(90));
        await metrics.RecordAsync(Yes("new"));

        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await Until.EqualAsync(
            "new",
            async () =>
            {
                clock.Advance(TimeSpan.FromMinutes(10));
                await using var rows = source.CreateCommand(
                    """
                    SELECT string_agg(request_id, ',') FROM (
                        SELECT request_id FROM prediction UNION ALL SELECT request_id FROM ground_truth
                        UNION ALL SELECT model FROM inference
                    ) r
                    """
                );
                return (string?)await rows.ExecuteScalarAsync();
            }
        );
    }

    private static string Yes(string id) => MetricsClient.Prediction(id, """{"class":"yes"}""");
}
