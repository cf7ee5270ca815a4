using System.Text.Json;

namespace CogniForge.Serving.Tests.Metrics;

/// <summary>The verdict about a model.</summary>
public sealed class PerformanceTests(ServingService service) : IClassFixture<ServingService>
{
    private const string Trained = """{"kind":"external","lineage":{"metrics":{"accuracy":0.95}}}""";

    [Fact]
    public async Task Get_NoRequests_IsUnknown()
    {
        var metrics = new MetricsClient(service.Client, "idle");
        await metrics.RegisterAsync();
        Assert.Equal(("unknown", """["The window has no requests."]"""), Read(await GetAsync(metrics)));
    }

    [Fact]
    public async Task Get_AccuracyAsTrained_IsHealthy()
    {
        var metrics = new MetricsClient(service.Client, "good");
        await metrics.RegisterAsync(Trained);
        await RecordAsync(metrics, right: 91, wrong: 9);
        Assert.Equal(("healthy", "[]"), Read(await GetAsync(metrics)));
    }

    [Fact]
    public async Task Get_AccuracyLost_IsUnhealthy()
    {
        var metrics = new MetricsClient(service.Client, "bad");
        await metrics.RegisterAsync(Trained);
        await RecordAsync(metrics, right: 80, wrong: 20);
        Assert.Equal(
            (
                "unhealthy",
                """["The accuracy is 0.8; it was 0.95 in the training, of which 0.05 may be lost."]"""
            ),
            Read(await GetAsync(metrics))
        );
    }

    private static Task<JsonElement> GetAsync(MetricsClient metrics) =>
        metrics.GetAsync("metrics/performance?version=1");

    private static (string?, string) Read(JsonElement snapshot) =>
        (snapshot.GetProperty("verdict").GetString(), snapshot.GetProperty("reasons").GetRawText());

    private static Task<JsonElement> RecordAsync(MetricsClient metrics, int right, int wrong) =>
        metrics.RecordAsync(
            Enumerable
                .Range(0, right + wrong)
                .Select(i =>
                    MetricsClient.Prediction(
                        $"{i}",
                        $$"""{"class":"{{(i < right ? "yes" : "no")}}"}""",
                        ""","actual":{"class":"yes"}"""
                    )
                )
        );
}
