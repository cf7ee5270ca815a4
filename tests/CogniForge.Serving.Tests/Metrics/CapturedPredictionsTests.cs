using CogniForge.Serving.Inference;
using CogniForge.Serving.Metrics;
using CogniForge.Serving.Metrics.Predictions;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Tests.Protocol;

namespace CogniForge.Serving.Tests.Metrics;

/// <summary>What is captured of the tensors of an inference.</summary>
public class CapturedPredictionsTests
{
    private const string TwoRows = """
        {"id":"r","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[0.5,null,3,4]},
        {"name":"plan","shape":[2],"datatype":"BYTES","data":["basic","family"]}]}
        """;

    [Fact]
    public void Read_LabelsAndProbabilities_AreClassAndScores()
    {
        var predictions = Read(
            ModelTask.Classification,
            TwoRows,
            new Tensor<long>("label", Datatype.Int64, [2], [1, 0]),
            new Tensor<float>("probabilities", Datatype.Fp32, [2, 2], [0.25f, 0.75f, 1, 0])
        );

        Assert.Equal(["1", "0"], predictions.Select(p => p.Output.Class));
        Assert.Equal([("0", 0.25), ("1", 0.75)], predictions[0].Output.Scores!.Select(s => (s.Key, s.Value)));
        Assert.Equal([("r", 0), ("r", 1)], predictions.Select(p => (p.Key.RequestId, p.Key.Row)));
        Assert.Equal("""{"x[0]":0.5,"x[1]":null,"plan":"basic"}""", predictions[0].Features);
    }

    [Fact]
    public void Read_OneProbability_DecidesAtHalf()
    {
        var predictions = Read(
            ModelTask.Classification,
            TwoRows,
            new Tensor<float>("predict", Datatype.Fp32, [2], [0.5f, 0.25f])
        );
        Assert.Equal(["1", "0"], predictions.Select(p => p.Output.Class));
    }

    [Fact]
    public void Read_NoTaskAndFloats_IsNumber()
    {
        var predictions = Read(null, TwoRows, new Tensor<double>("predict", Datatype.Fp64, [2], [2.5, double.NaN]));
        Assert.Equal(2.5, Assert.Single(predictions).Output.Number);
    }

    [Theory]
    [InlineData(ModelTask.TextGeneration)]
    [InlineData(ModelTask.Embedding)]
    public void Read_TextsAndVectors_CapturesNothing(object task) =>
        Assert.Empty(Read((ModelTask)task, TwoRows, new Tensor<string>("text", Datatype.Bytes, [2], ["a", "b"])));

    [Fact]
    public void Read_WideInput_HasNoFeatures()
    {
        var pixels = string.Join(',', Enumerable.Repeat(1, 300));
        var image = $$"""
            {"inputs":[{"name":"image","shape":[1,300],"datatype":"FP64","data":[{{pixels}}]}]}
            """;
        var prediction = Assert.Single(
            Read(ModelTask.Classification, image, new Tensor<long>("label", Datatype.Int64, [1], [7]))
        );
        Assert.Null(prediction.Features);
        Assert.Equal("7", prediction.Output.Class);
        Assert.NotEmpty(prediction.Key.RequestId);
    }

    private static List<Prediction> Read(ModelTask? task, string request, params Tensor[] outputs)
    {
        var version = ModelVersion.Create("m", 1, ModelKind.Onnx, null, new(task), TestTime.Start);
        using var parsed = InferJson.Parse(request);
        return CapturedPredictions.Read(
            version,
            [],
            parsed,
            new("m", 1, parsed.Id, outputs),
            InferenceRecord.Create(version, parsed.Rows, TimeSpan.Zero, null, TestTime.Start),
            new MetricsOptions()
        );
    }
}
