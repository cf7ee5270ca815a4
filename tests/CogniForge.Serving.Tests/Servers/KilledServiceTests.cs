using CogniForge.Serving.Tests.Experiments;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>The process is killed in the middle of an experiment.</summary>
[Trait("Category", "Servers")]
public sealed class KilledServiceTests(RealPostgres postgres) : IClassFixture<RealPostgres>, IDisposable
{
    private const int Units = 50;
    private readonly string _journal = Directory.CreateTempSubdirectory("cogniforge-serving-").FullName;

    public void Dispose() => TemporaryFolder.Delete(_journal);

    [Fact]
    public async Task Kill_BetweenOutcomes_LosesNoneAndCountsOnce()
    {
        var database = await postgres.NewDatabaseAsync();
        var acknowledged = 0;
        await using (var first = await ServingProcess.StartAsync(database, _journal))
        {
            var client = new ExperimentClient(first.Client);
            await client.StartAsync("killed");
            for (var i = 0; i < Units; i++)
            {
                await client.InferAsync("killed", $$"""{"unit_id":"user-{{i}}"}""");
            }

            var sending = SendAsync(client, () => Interlocked.Increment(ref acknowledged));
            await Until.TrueAsync(
                () => Volatile.Read(ref acknowledged) > Units / 2,
                "half of the outcomes are acknowledged"
            );
            await first.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
        }

        await using var second = await ServingProcess.StartAsync(database, _journal);
        var resumed = new ExperimentClient(second.Client);
        for (var i = 0; i < Units; i++)
        {
            var response = await resumed.RecordAsync("killed", Outcome(i));
            if (i < acknowledged)
            {
                Assert.Equal(1, response.GetProperty("duplicates").GetInt32());
            }
        }

        var results = await resumed.ReadResultsAsync("killed", Units);
        Assert.All(
            results.GetProperty("metrics")[0].GetProperty("variants").EnumerateArray(),
            variant => Assert.Equal(1, variant.GetProperty("mean").GetDouble())
        );
    }

    // Sends on until the service is killed.
    private static async Task SendAsync(ExperimentClient client, Action acknowledge)
    {
        for (var i = 0; ; i++)
        {
            await client.RecordAsync("killed", Outcome(i % Units));
            if (i < Units)
            {
                acknowledge();
            }
        }
    }

    private static string Outcome(int i) =>
        $$"""{"id":"order-{{i}}","metric":"bought","value":1,"unitId":"user-{{i}}"}""";
}
