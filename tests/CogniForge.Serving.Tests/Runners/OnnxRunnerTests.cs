using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;
using CogniForge.Serving.Runners.Onnx;
using CogniForge.Serving.Tests.Runners.Support;

namespace CogniForge.Serving.Tests.Runners;

public class OnnxRunnerTests
{
    [Fact]
    public async Task InferAsync_Classifier_EqualsSklearn()
    {
        using var runner = Load("iris");
        var (rows, expected, width) = RunnerTest.ReadExpected("iris");
        var outputs = await runner.InferAsync(
            RunnerTest.Request(
                new Tensor<float>("features", Datatype.Fp32, [rows.Length / width, width], rows)
            ),
            CancellationToken.None
        );

        // The third output is a ZipMap, which is no tensor.
        Assert.Equal(["label", "probabilities"], outputs.Select(o => o.Name));
        var probabilities = outputs[1].AsDoubles().ToArray();
        Assert.All(expected.Zip(probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Metadata_Classifier_IsThatOfSession()
    {
        using var runner = Load("iris");
        var input = Assert.Single(runner.Inputs);
        Assert.Equal(("features", "FP32"), (input.Name, input.Datatype.Name));
        Assert.Equal<int>([-1, 4], input.Shape);
        Assert.Equal(["INT64", "FP32"], runner.Outputs.Select(o => o.Datatype.Name));
    }

    [Fact]
    public async Task InferAsync_EveryType_ReturnsSameElements()
    {
        using var runner = Load("identity");
        Tensor[] inputs =
        [
            new Tensor<float>("FLOAT_in", Datatype.Fp32, [2], [1.5f, float.NaN]),
            new Tensor<double>("DOUBLE_in", Datatype.Fp64, [2], [0.1, -2]),
            new Tensor<Half>("FLOAT16_in", Datatype.Fp16, [1], [(Half)0.5]),
            new Tensor<sbyte>("INT8_in", Datatype.Int8, [1], [-128]),
            new Tensor<short>("INT16_in", Datatype.Int16, [1], [-32768]),
            new Tensor<int>("INT32_in", Datatype.Int32, [1], [int.MinValue]),
            new Tensor<long>("INT64_in", Datatype.Int64, [1], [long.MinValue]),
            new Tensor<byte>("UINT8_in", Datatype.UInt8, [1], [255]),
            new Tensor<ushort>("UINT16_in", Datatype.UInt16, [1], [65535]),
            new Tensor<uint>("UINT32_in", Datatype.UInt32, [1], [uint.MaxValue]),
            new Tensor<ulong>("UINT64_in", Datatype.UInt64, [1], [ulong.MaxValue]),
            new Tensor<bool>("BOOL_in", Datatype.Bool, [2], [true, false]),
            new Tensor<string>("STRING_in", Datatype.Bytes, [2], ["", "Grüße 🦊"]),
        ];
        var outputs = await runner.InferAsync(RunnerTest.Request(inputs), CancellationToken.None);
        Assert.Equal(inputs.Select(Bytes), outputs.Select(Bytes));
        Assert.Equal(inputs.Select(i => i.Datatype), outputs.Select(o => o.Datatype));
    }

    [Fact]
    public async Task InferAsync_DoubleForFloat_IsConverted()
    {
        using var runner = Load("iris");
        var outputs = await runner.InferAsync(
            RunnerTest.Request(new Tensor<double>("features", Datatype.Fp64, [1, 4], [5.1, 3.5, 1.4, 0.2])),
            CancellationToken.None
        );
        Assert.Equal([0], outputs[0].AsDoubles().ToArray());
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(-3.5e38)]
    public async Task InferAsync_NumberBeyondDatatype_IsRefused(double number)
    {
        using var runner = Load("iris");
        var request = RunnerTest.Request(
            new Tensor<double>("features", Datatype.Fp64, [1, 4], [5.1, 3.5, number, 0.2])
        );
        var refused = await Assert.ThrowsAsync<InferenceFailedException>(() =>
            runner.InferAsync(request, CancellationToken.None).AsTask()
        );
        Assert.Equal(400, refused.Status);
        Assert.Contains("cannot represent", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FP16", 70_000)]
    [InlineData("FP16", -65_520)]
    [InlineData("FP32", 1e300)]
    [InlineData("INT8", 128)]
    public void Convert_NumberBeyondDatatype_Throws(string name, double number)
    {
        Assert.True(Datatype.TryFind(name, out var datatype));
        var tensor = new Tensor<double>("x", Datatype.Fp64, [1], [number]);
        Assert.Throws<OverflowException>(() => datatype.Convert(tensor));
    }

    [Fact]
    public void Convert_MissingOrRoundedNumber_IsKept()
    {
        var doubles = new Tensor<double>("x", Datatype.Fp64, [3], [double.NaN, double.NegativeInfinity, 65_519]);
        Assert.Equal(
            [double.NaN, double.NegativeInfinity, 65_504],
            Datatype.Fp16.Convert(doubles).AsDoubles().ToArray()
        );
    }

    [Fact]
    public void Load_OtherFile_SaysWhy()
    {
        var failure = Assert.Throws<ModelLoadException>(() => new OnnxRunner([1, 2, 3], new()));
        Assert.StartsWith("ONNX Runtime cannot load the artefact: ", failure.Message, StringComparison.Ordinal);
    }

    private static OnnxRunner Load(string name) => new(RunnerTest.Read($"{name}.onnx"), new());

    private static string Bytes(Tensor tensor)
    {
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        tensor.WriteRaw(writer);
        return Convert.ToHexString(writer.WrittenSpan);
    }
}
