using System.Text.Json.Nodes;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;
using CogniForge.Serving.Runners.XGBoost;
using CogniForge.Serving.Tests.Runners.Support;

namespace CogniForge.Serving.Tests.Runners;

/// <summary>Predictions equal those of XGBoost 1.7.4; see Data/train.py.</summary>
public class XGBoostRunnerTests
{
    [Theory]
    [InlineData("binary")]
    [InlineData("regression")]
    [InlineData("softprob")]
    [InlineData("softmax")]
    [InlineData("poisson")]
    [InlineData("logitraw")]
    [InlineData("logitraw-wide")]
    public async Task InferAsync_TrainedModel_EqualsXGBoost(string name)
    {
        using var runner = await ReadAsync(RunnerTest.Read($"{name}.model.json"));
        var (rows, expected, width) = RunnerTest.ReadExpected(name);
        var count = rows.Length / width;

        // More rows than a block holds, so that every path is taken.
        const int Repeats = 30;
        var repeated = Enumerable.Repeat(rows, Repeats).SelectMany(r => r).ToArray();
        var outputs = await runner.InferAsync(
            RunnerTest.Request(
                new Tensor<float>("features", Datatype.Fp32, [count * Repeats, width], repeated)
            ),
            CancellationToken.None
        );

        var predictions = ((Tensor<float>)Assert.Single(outputs)).Data.ToArray();
        Assert.Equal(expected.Length * Repeats, predictions.Length);
        Assert.All(
            predictions.Index(),
            p =>
            {
                var want = expected[p.Index % expected.Length];
                Assert.Equal(want, p.Item, 1e-6 * Math.Max(1, Math.Abs(want)));
            }
        );
    }

    [Fact]
    public async Task InferAsync_DoubleInput_IsRoundedToFloat()
    {
        using var runner = await ReadAsync(RunnerTest.Read("regression.model.json"));
        var (rows, expected, width) = RunnerTest.ReadExpected("regression");
        var outputs = await runner.InferAsync(
            RunnerTest.Request(
                new Tensor<double>(
                    "features",
                    Datatype.Fp64,
                    [rows.Length / width, width],
                    Array.ConvertAll(rows, v => (double)v)
                )
            ),
            CancellationToken.None
        );
        Assert.Equal(expected[0], ((Tensor<float>)outputs[0]).Data[0], 1e-4);
    }

    [Fact]
    public async Task InferAsync_DoubleBeyondFloat_IsRefused()
    {
        using var runner = await ReadAsync(RunnerTest.Read("softprob.model.json"));
        var request = RunnerTest.Request(new Tensor<double>("features", Datatype.Fp64, [1, 4], [1, 2, -1e300, 4]));
        var refused = await Assert.ThrowsAsync<InferenceFailedException>(() =>
            runner.InferAsync(request, CancellationToken.None).AsTask()
        );
        Assert.Equal(400, refused.Status);
    }

    [Fact]
    public async Task Metadata_Softprob_HasClasses()
    {
        using var runner = await ReadAsync(RunnerTest.Read("softprob.model.json"));
        Assert.Equal<int>([-1, 4], runner.Inputs.Single().Shape);
        Assert.Equal<int>([-1, 3], runner.Outputs.Single().Shape);
        Assert.InRange(runner.SizeBytes, 1_000, 100_000);
    }

    [Fact]
    public async Task ReadAsync_BaseScoreInBrackets_IsRead()
    {
        // XGBoost 3.1 and later.
        var model = Parse("regression");
        model["learner"]!["learner_model_param"]!["base_score"] = "[1E2]";
        using var runner = await ReadAsync(Bytes(model));
        var (rows, expected, width) = RunnerTest.ReadExpected("regression");
        var outputs = await runner.InferAsync(
            RunnerTest.Request(new Tensor<float>("features", Datatype.Fp32, [1, width], rows[..width])),
            CancellationToken.None
        );
        Assert.Equal(expected[0], ((Tensor<float>)outputs[0]).Data[0], 1e-4);
    }

    public static TheoryData<string, string, string> Broken =>
        new()
        {
            { "left_children", "[0,3,5,7,9,11,13]", "child" },
            { "left_children", "[1]", "same length" },
            { "split_indices", "[99,0,0,0,0,0,0]", "feature" },
            { "left_children", "null", "not XGBoost's JSON model" },
            { "split_conditions", "[\"a\"]", "not XGBoost's JSON model" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task ReadAsync_BrokenTree_SaysWhy(string member, string value, string reason)
    {
        var model = Parse("binary");
        var tree = model["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!;
        var length = tree["left_children"]!.AsArray().Count;
        var replacement = JsonNode.Parse(value);
        if (replacement is JsonArray { Count: > 1 } array)
        {
            // Only the first entries are wrong.
            var whole = tree[member]!.DeepClone().AsArray();
            whole[0] = array[0]!.DeepClone();
            replacement = whole;
            Assert.Equal(length, whole.Count);
        }

        tree[member] = replacement;
        var failure = await Assert.ThrowsAsync<ModelLoadException>(() => ReadAsync(Bytes(model)));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("objective", "survival:cox", "objective 'survival:cox'")]
    [InlineData("gradient_booster", "gblinear", "booster 'gblinear'")]
    public async Task ReadAsync_Unsupported_SaysWhy(string part, string name, string reason)
    {
        var model = Parse("binary");
        model["learner"]![part]!["name"] = name;
        var failure = await Assert.ThrowsAsync<ModelLoadException>(() => ReadAsync(Bytes(model)));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("binf")]
    public async Task ReadAsync_OtherFile_SaysWhy(string content)
    {
        var failure = await Assert.ThrowsAsync<ModelLoadException>(() =>
            ReadAsync(System.Text.Encoding.UTF8.GetBytes(content))
        );
        Assert.Contains("not XGBoost's JSON model", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<XGBoostRunner> ReadAsync(byte[] json)
    {
        using var stream = new MemoryStream(json);
        return new(await XGBoostReader.ReadAsync(stream, CancellationToken.None));
    }

    private static JsonNode Parse(string name) => JsonNode.Parse(RunnerTest.Read($"{name}.model.json"))!;

    private static byte[] Bytes(JsonNode json) => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
}
