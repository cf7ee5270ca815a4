using System.Text.Json;

namespace CogniForge.Serving.Tests.Metrics;

/// <summary>An evaluation of drift that could compare nothing.</summary>
public sealed class UncomparedDriftTests(ServingService service) : IClassFixture<ServingService>
{
    private const string Reference = """
        {"rows":[{"features":{"age":1}},{"features":{"age":2}}],"settings":{"minRows":2}}
        """;

    [Fact]
    public async Task Evaluate_OtherColumns_HasNoVerdict()
    {
        var metrics = new MetricsClient(service.Client, "renamed");
        await metrics.RegisterAsync();
        await metrics.PutAsync(200, "drift/reference", Reference);
        await metrics.RecordAsync(
            Enumerable
                .Range(0, 2)
                .Select(i => MetricsClient.Prediction($"{i}", """{"text":"-"}""", ""","features":{"years":1}"""))
        );

        var evaluation = await metrics.PostAsync(200, "drift/evaluations");

        Assert.Equal(JsonValueKind.Null, evaluation.GetProperty("isDrifted").ValueKind);
        Assert.Equal(JsonValueKind.Null, evaluation.GetProperty("driftedShare").ValueKind);
        var snapshot = await metrics.GetAsync("metrics/performance");
        Assert.Equal("degraded", snapshot.GetProperty("verdict").GetString());
        Assert.Equal(
            "The predictions have no values in the columns of the drift reference: age.",
            snapshot.GetProperty("reasons")[0].GetString()
        );
    }
}
