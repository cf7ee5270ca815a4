using System.Net;
using System.Text.Json;

namespace CogniForge.Serving.Tests.Inference;

/// <summary>
/// The Open Inference Protocol as specified in inference_rest.md, with the model and rows of samples/data.
/// </summary>
public class InferenceProtocolTests(ServingService service) : IClassFixture<ServingService>, IAsyncLifetime
{
    private const string Model = "/v2/models/breast-cancer";

    // scikit-learn's predict_proba for rows 0, 20 and 152; see BreastCancerTests.
    private static readonly double[] _expected = [2.065129723463982e-09, 0.9982133815937649, 0.4716784747874768];

    public async Task InitializeAsync() => (await service.RegisterAsync(ServingService.BreastCancerModel)).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Server_Metadata_HasNameAndVersion()
    {
        using var keyless = service.NewClient();
        using var response = await keyless.GetAsync("/v2");
        var server = await response.ReadAsync(200);
        Assert.Equal("cogniforge", server.GetProperty("name").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+$", server.GetProperty("version").GetString());
        Assert.Equal(
            """["binary_tensor_data","model_repository"]""",
            server.GetProperty("extensions").GetRawText()
        );
    }

    [Theory]
    [InlineData("/v2/health/live", """{"live":true}""")]
    [InlineData("/v2/health/ready", """{"ready":true}""")]
    [InlineData(Model + "/ready", """{"name":"breast-cancer","ready":true}""")]
    [InlineData(Model + "/versions/1/ready", """{"name":"breast-cancer","ready":true}""")]
    public async Task Health_Running_IsReady(string path, string expected)
    {
        using var response = await service.Client.GetAsync(path);
        Assert.Equal(expected, (await response.ReadAsync(200)).GetRawText());
    }

    [Theory]
    [InlineData(Model)]
    [InlineData(Model + "/versions/1")]
    public async Task Metadata_Model_HasInputsAndOutputs(string path)
    {
        using var response = await service.Client.GetAsync(path);
        Assert.Equal(
            """{"name":"breast-cancer","versions":["1"]"""
                + ""","platform":"cogniforge_logistic","inputs":["""
                + """{"name":"features","datatype":"FP64","shape":[-1,30]}]"""
                + ""","outputs":[{"name":"probability","datatype":"FP64","shape":[-1]}"""
                + """,{"name":"label","datatype":"BYTES","shape":[-1]}]}""",
            (await response.ReadAsync(200)).GetRawText()
        );
    }

    [Fact]
    public async Task Version_InQuery_IsIgnored()
    {
        using var metadata = await service.Client.GetAsync($"{Model}?version=7");
        using var ready = await service.Client.GetAsync($"{Model}/ready?version=7");
        using var inferred = await service.Client.PostAsync(
            $"{Model}/infer?version=7",
            ServingService.BreastCancerRequest
        );
        Assert.All([metadata, ready, inferred], response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Theory]
    [InlineData(Model + "/infer")]
    [InlineData(Model + "/versions/1/infer")]
    public async Task Infer_SampleRows_EqualsSklearn(string path)
    {
        using var response = await service.Client.PostAsync(path, ServingService.BreastCancerRequest);
        var json = await response.ReadAsync(200);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            ["id", "model_name", "model_version", "outputs"],
            json.EnumerateObject().Select(m => m.Name).Order()
        );
        Assert.Equal(
            ("breast-cancer", "1", "sample"),
            (
                json.GetProperty("model_name").GetString(),
                json.GetProperty("model_version").GetString(),
                json.GetProperty("id").GetString()
            )
        );

        var outputs = json
            .GetProperty("outputs")
            .EnumerateArray()
            .ToDictionary(o => o.GetProperty("name").GetString()!);
        var probability = outputs["probability"];
        Assert.Equal(
            ("FP64", "[3]"),
            (probability.GetProperty("datatype").GetString(), probability.GetProperty("shape").GetRawText())
        );
        Assert.All(
            probability.GetProperty("data").EnumerateArray().Zip(_expected),
            pair => Assert.Equal(1, pair.First.GetDouble() / pair.Second, 1e-9)
        );
        Assert.Equal("""["malignant","benign","malignant"]""", outputs["label"].GetProperty("data").GetRawText());
        Assert.Equal(2, outputs.Count);
    }

    [Fact]
    public async Task Infer_OneOutputRequested_ReturnsOnlyThat()
    {
        using var response = await service.Client.PostAsync(
            Model + "/infer",
            Request(""","outputs":[{"name":"label"}]""")
        );
        var json = await response.ReadAsync(200);
        Assert.Equal(
            "label",
            Assert.Single(json.GetProperty("outputs").EnumerateArray()).GetProperty("name").GetString()
        );
    }

    [Fact]
    public async Task Infer_IdAbsent_ReturnsNoId()
    {
        using var response = await service.Client.PostAsync(Model + "/infer", Request(""));
        Assert.False((await response.ReadAsync(200)).TryGetProperty("id", out _));
    }

    [Fact]
    public async Task Infer_AnyUnicodeId_ReturnsSameId()
    {
        const string Id = "\0 \" \\ é 😀 <b>";
        using var response = await service.Client.PostAsync(
            Model + "/infer",
            Request($""","id":{JsonSerializer.Serialize(Id)}""")
        );
        Assert.Equal(Id, (await response.ReadAsync(200)).GetProperty("id").GetString());
    }

    private static string Request(string more)
    {
        var zeros = string.Join(',', Enumerable.Repeat("0", 30));
        return $$"""{"inputs":[{"name":"features","shape":[1,30],"datatype":"FP64","data":[{{zeros}}]}]{{more}}}""";
    }
}
