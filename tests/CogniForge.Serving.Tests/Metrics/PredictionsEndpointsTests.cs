using CogniForge.Serving.Tests.Models;

namespace CogniForge.Serving.Tests.Metrics;

/// <summary>What the recording of predictions refuses.</summary>
public sealed class PredictionsEndpointsTests(ServingService service) : IClassFixture<ServingService>
{
    private const string Valid = """{"id":"a","prediction":{"class":"yes"}}""";

    [Theory]
    [InlineData("""{"version":1,"predictions":[]}""", "predictions", "source")]
    [InlineData("""{"source":"s","version":1,"predictions":[null]}""", "predictions[0]")]
    [InlineData("""{"source":"s","version":1,"predictions":[{"id":"a"}]}""", "predictions[0].prediction")]
    [InlineData(
        """{"source":"s","version":1,"predictions":[{"id":"","prediction":{"scores":{"yes":1.5}}}]}""",
        "predictions[0].id",
        "predictions[0].prediction.scores.yes"
    )]
    [InlineData(
        """
        {"source":"s","version":1,"predictions":[{"id":"a","prediction":{"number":1},"features":{"x":[1]},
        "latencyMs":-1,"logProbability":-2,"groups":{"age":null},"occurredAt":"2999-01-01T00:00:00Z"}]}
        """,
        "predictions[0].features.x",
        "predictions[0].groups.age",
        "predictions[0].latencyMs",
        "predictions[0].logProbability",
        "predictions[0].occurredAt"
    )]
    public async Task Record_Invalid_NamesFields(string json, params string[] fields)
    {
        using var response = await service.Client.PostAsync("/api/v1/serving/models/any/predictions", json);
        Assert.Equal(
            fields.Order(StringComparer.Ordinal),
            (await Problem.ReadAsync(response, 400)).Errors!.Keys.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("""{"items":[]}""", "items")]
    [InlineData("""{"items":[{"id":"a","row":-1,"actual":{}}]}""", "items[0].actual", "items[0].row")]
    public async Task RecordGroundTruth_Invalid_NamesFields(string json, params string[] fields)
    {
        using var response = await service.Client.PostAsync("/api/v1/serving/models/any/ground-truth", json);
        Assert.Equal(
            fields.Order(StringComparer.Ordinal),
            (await Problem.ReadAsync(response, 400)).Errors!.Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Record_UnknownModelOrVersion_IsNotFound()
    {
        var metrics = new MetricsClient(service.Client, "record-unknown");
        await metrics.PostAsync(
            404,
            "predictions",
            $$"""{"source":"s","version":1,"predictions":[{{Valid}}]}"""
        );
        await metrics.RegisterAsync();
        await metrics.PostAsync(
            404,
            "predictions",
            $$"""{"source":"s","version":2,"predictions":[{{Valid}}]}"""
        );
    }

    [Fact]
    public async Task Record_VersionServedHere_Conflicts()
    {
        await new RegistryClient(service.Client).RegisterAsync("record-mock", versions: 1);
        await new MetricsClient(service.Client, "record-mock").PostAsync(
            409,
            "predictions",
            $$"""{"source":"s","version":1,"predictions":[{{Valid}}]}"""
        );
    }

    [Theory]
    [InlineData("metrics/accuracy?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", 400)]
    [InlineData("metrics/accuracy?since=2026", 400)]
    [InlineData("metrics/accuracy", 404)]
    [InlineData("metrics/usage", 404)]
    [InlineData("metrics/fairness", 400)]
    [InlineData("metrics/fairness?attribute=age", 404)]
    [InlineData("metrics/performance", 404)]
    [InlineData("drift/reference", 404)]
    [InlineData("drift/evaluations", 404)]
    public async Task Report_InvalidOrUnknown_IsRefused(string path, int status)
    {
        using var response = await new MetricsClient(service.Client, "unknown").SendAsync("GET", path);
        await Problem.ReadAsync(response, status);
    }
}
