using System.Text.Json;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;
using CogniForge.Serving.Runners.Logistic;
using CogniForge.Serving.Tests.Protocol;
using CogniForge.Serving.Tests.Runners.Support;

namespace CogniForge.Serving.Tests.Runners;

public class LogisticRunnerTests
{
    private static readonly ModelVersion _breastCancer = ModelVersion.Create(
        "breast-cancer",
        2,
        Samples.BreastCancerModel(),
        DateTimeOffset.UnixEpoch
    );
    private static readonly LogisticRunner _small = new(Small());

    [Fact]
    public async Task InferAsync_SampleFile_EqualsSklearn()
    {
        Assert.True(
            InferRequest.TryParse(
                Samples.Read("breast-cancer.infer.json"),
                InferJson.MaxElements,
                out var request,
                out _
            )
        );
        var (response, _) = await RunnerTest.RunAsync(
            new LogisticRunner(Samples.BreastCancerModel()),
            request,
            "breast-cancer",
            2
        );

        using var json = JsonDocument.Parse(InferJson.Write(response!.WriteToAsync));
        var root = json.RootElement;
        Assert.Equal(
            ("breast-cancer", "2", "sample"),
            (Text(root, "model_name"), Text(root, "model_version"), Text(root, "id"))
        );
        var (probability, label) = (root.GetProperty("outputs")[0], root.GetProperty("outputs")[1]);
        Assert.Equal(
            ("probability", "FP64", "[3]"),
            (Text(probability, "name"), Text(probability, "datatype"), probability.GetProperty("shape").GetRawText())
        );
        Assert.Equal(
            ("label", "BYTES", "[3]"),
            (Text(label, "name"), Text(label, "datatype"), label.GetProperty("shape").GetRawText())
        );
        double[] expected = [2.065129723463982e-09, 0.9982133815937649, 0.4716784747874768];
        foreach (var (want, got) in expected.Zip(probability.GetProperty("data").EnumerateArray()))
        {
            Assert.Equal(want, got.GetDouble(), 1e-9);
        }

        Assert.Equal("""["malignant","benign","malignant"]""", label.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task InferAsync_RequestedOutputs_AreReturnedInOrder()
    {
        // Log-odds 2·1 - 1·2 = 0.
        const string Inputs =
            """ "inputs":[{"name":"features","shape":[1,2],"datatype":"INT8","data":[[1,2]]}]""";
        Assert.Equal(
            """{"model_name":"small","model_version":"1","outputs":["""
                + """{"name":"label","datatype":"BYTES","shape":[1],"data":["no"]}]}""",
            await ResponseAsync($$"""{{{Inputs}},"outputs":[{"name":"label"}]}""")
        );
        Assert.Equal(
            """{"model_name":"small","model_version":"1","id":"","outputs":["""
                + """{"name":"label","datatype":"BYTES","shape":[1],"data":["no"]},"""
                + """{"name":"probability","datatype":"FP64","shape":[1],"data":[0.5]}]}""",
            await ResponseAsync($$"""{"id":"",{{Inputs}},"outputs":[{"name":"label"},{"name":"probability"}]}""")
        );
    }

    [Theory]
    [InlineData(
        "features",
        "[1,2]",
        "FP32",
        "[1,2]",
        "outputs[1].name must be one of probability, label.",
        ",\"outputs\":[{\"name\":\"label\"},{\"name\":\"Label\"}]"
    )]
    [InlineData("x", "[1,2]", "FP32", "[1,2]", "inputs[0].name must be \"features\".")]
    [InlineData("features", "[2]", "FP32", "[1,2]", "inputs[0].shape must be [rows,2], is [2].")]
    [InlineData("features", "[1,3]", "FP32", "[1,2,3]", "inputs[0].shape must be [rows,2], is [1,3].")]
    [InlineData("features", "[1,2,1]", "FP32", "[1,2]", "inputs[0].shape must be [rows,2], is [1,2,1].")]
    [InlineData("features", "[1,2]", "BYTES", "[\"1\",\"2\"]", "inputs[0].datatype must be numeric, such as FP64.")]
    public async Task InferAsync_WrongInput_NamesPathAndRule(
        string name,
        string shape,
        string datatype,
        string data,
        string expected,
        string rest = ""
    ) =>
        Assert.Equal(
            expected,
            await ErrorAsync(
                $$"""
                {"inputs":[{"name":"{{name}}","shape":{{shape}},"datatype":"{{datatype}}","data":{{data}}}]{{rest}}}
                """
            )
        );

    [Fact]
    public async Task InferAsync_TwoInputs_Fails()
    {
        const string Two =
            """{"name":"features","shape":[1,2],"datatype":"FP64","data":[1,2]},"""
                + """{"name":"b","shape":[1],"datatype":"FP64","data":[1]}""";
        Assert.Equal(
            "inputs must have 1 entry, the tensor \"features\", has 2.",
            await ErrorAsync($$"""{"inputs":[{{Two}}]}""")
        );
    }

    [Fact]
    public async Task InferAsync_HugeFeatures_ReturnsProbability() =>
        Assert.Contains(
            "\"data\":[1]",
            await ResponseAsync(
                """{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[1.5e308,1.5e308]}]}"""
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Metadata_Model_MatchesInference()
    {
        var input = new LogisticRunner(Samples.BreastCancerModel()).Inputs.Single();
        Assert.Equal(("features", "FP64"), (input.Name, input.Datatype.Name));
        Assert.Equal<int>([-1, 30], input.Shape);
        var (response, _) = await RunnerTest.RunAsync(
            _small,
            InferJson.Parse("""{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[1,2]}]}""")
        );
        Assert.Equal(
            _small.Outputs.Select(output => (output.Name, output.Datatype)),
            response!.Outputs.Select(output => (output.Name, output.Datatype))
        );
    }

    [Fact]
    public async Task InferAsync_MissingValue_IsRejected()
    {
        var failed = await Assert.ThrowsAsync<InferenceFailedException>(() =>
            ResponseAsync("""{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[1,null]}]}""")
        );
        Assert.Equal(400, failed.Status);
    }

    [Fact]
    public void Create_Inference_RecordsModelAndTime()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));
        var record = InferenceRecord.Create(
            _breastCancer,
            3,
            TimeSpan.FromMilliseconds(1.5),
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            now
        );
        Assert.Equal(("breast-cancer", 2, 3, 1.5), (record.Model, record.Version, record.Rows, record.DurationMs));
        Assert.Equal((7, TimeSpan.Zero), (record.Id.Version, record.OccurredAt.Offset));
    }

    private static async Task<string> ResponseAsync(string json)
    {
        var (response, error) = await RunnerTest.RunAsync(_small, InferJson.Parse(json));
        Assert.True(response is not null, error?.ToString());
        return InferJson.Write(response.WriteToAsync);
    }

    private static async Task<string> ErrorAsync(string json)
    {
        var (response, error) = await RunnerTest.RunAsync(_small, InferJson.Parse(json));
        Assert.Null(response);
        return ErrorResponse.Describe(error!.Value);
    }

    private static LogisticModel Small()
    {
        Assert.True(LogisticModel.TryCreate(["a", "b"], ["no", "yes"], 0, [2, -1], out var model, out _));
        return model;
    }

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();
}
