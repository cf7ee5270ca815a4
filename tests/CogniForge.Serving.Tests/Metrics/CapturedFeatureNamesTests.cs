using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Serving.Tests.Models;
using CogniForge.Serving.Tests.Runners.Support;

namespace CogniForge.Serving.Tests.Metrics;

/// <summary>The features of XGBoost's models are captured by the names in their JSON.</summary>
public sealed class CapturedFeatureNamesTests(CapturedFeatureNamesTests.SampledService service)
    : IClassFixture<CapturedFeatureNamesTests.SampledService>
{
    [Theory]
    [InlineData("named", """["sepal_length","sepal_width","petal_length","petal_width"]""", "petal_length")]
    [InlineData("repeated", """["a","a","c","d"]""", "features[2]")]
    [InlineData("unnamed", "[]", "features[2]")]
    public async Task Infer_FeatureNames_NameCapturedFeatures(string model, string names, string expected)
    {
        await RegisterAsync(model, names);
        using var response = await service.Client.PostAsync(
            $"/v2/models/{model}/versions/1/infer",
            """{"inputs":[{"name":"features","datatype":"FP32","shape":[1,4],"data":[5,3,1,0.5]}]}"""
        );
        await response.ReadAsync(200);

        // A reference of captured rows has their columns.
        var metrics = new MetricsClient(service.Client, model);
        const string Window = """{"from":"2026-01-01T00:00:00Z","to":"2999-01-01T00:00:00Z"}""";
        var reference = await Until.GetAsync(
            async () =>
            {
                using var put = await metrics.SendAsync("PUT", "drift/reference", Window);
                return put.IsSuccessStatusCode ? await put.ReadAsync(200) : default;
            },
            r => r.ValueKind == JsonValueKind.Object
        );
        Assert.Contains(
            expected,
            reference.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString())
        );
    }

    private async Task RegisterAsync(string name, string featureNames)
    {
        var model = JsonNode.Parse(RunnerTest.Read("softmax.model.json"))!;
        model["learner"]!["feature_names"] = JsonNode.Parse(featureNames);
        (await service.RegisterAsync($$"""{"name":"{{name}}","kind":"xgboost"}""")).Dispose();
        using var uploaded = await new RegistryClient(service.Client).UploadAsync(
            $"{name}/versions/1",
            Encoding.UTF8.GetBytes(model.ToJsonString())
        );
        Assert.True(uploaded.IsSuccessStatusCode);
    }

    public sealed class SampledService() : ServingService(TimeProvider.System, ("Metrics:SampleRate", "1"));
}
