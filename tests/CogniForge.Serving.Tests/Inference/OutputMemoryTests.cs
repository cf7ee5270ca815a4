using CogniForge.Serving.Inference;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Tests.Inference;

/// <summary>A small request may have large outputs.</summary>
public class OutputMemoryTests
{
    [Theory]
    [InlineData(13_020, true)]
    [InlineData(13_021, false)]
    public void TakeOutputs_WideRows_AreBounded(int rows, bool isAllowed)
    {
        using var request = new InferRequest(null, null, [Datatype.Fp32.CreateEmpty("ids", [rows])], []);

        var error = InferenceMemory.TakeOutputs(request, [new("embedding", Datatype.Fp32, [-1, 768])]);

        Assert.Equal(isAllowed, error is null);
        Assert.Equal(isAllowed ? null : "inputs", error?.Path);
    }

    [Fact]
    public void TakeOutputs_SizeWithoutRows_CountsOnce()
    {
        using var request = new InferRequest(null, null, [Datatype.Fp32.CreateEmpty("x", [1_000_000])], []);

        Assert.Null(InferenceMemory.TakeOutputs(request, [new("sum", Datatype.Fp32, [1, 768])]));
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(81, false)]
    public void CheckOutputs_LongLabels_AreBounded(int rows, bool isAllowed)
    {
        var labels = Enumerable.Repeat(new string('a', 999_996), rows).ToArray();

        var error = InferenceMemory.CheckOutputs([new Tensor<string>("label", Datatype.Bytes, [rows], labels)]);

        Assert.Equal(isAllowed ? null : "inputs", error?.Path);
    }
}
