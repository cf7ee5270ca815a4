using System.ComponentModel.DataAnnotations;

namespace CogniForge.Serving.Runners.Onnx;

/// <summary>How ONNX Runtime runs models (section <c>Serving:Onnx</c>).</summary>
internal sealed class OnnxOptions
{
    /// <summary>The threads that share one operator, of each session. Default: 1, range 1 to 64.</summary>
    [Range(1, 64)]
    public int IntraOpThreads { get; set; } = 1;
}
