using System.ComponentModel.DataAnnotations;

namespace CogniForge.Serving.Runners.Batching;

/// <summary>
/// Dynamic batching of ONNX models (section <c>Inference:Batching</c>): small concurrent requests run as one.
/// </summary>
internal sealed class BatchingOptions
{
    /// <summary>The maximum rows of a batch; 1 turns batching off. Default: 1, range 1 to 65,536.</summary>
    [Range(1, 65_536)]
    public int MaxRows { get; set; } = 1;

    /// <summary>
    /// How long the first request of a batch waits for others, in milliseconds. Default: 0, which takes only those that
    /// have queued while the batch before ran; range 0 to 1,000.
    /// </summary>
    [Range(0, 1_000)]
    public double MaxDelayMs { get; set; }

    /// <summary>
    /// The maximum requests that wait for a model; further ones get 503 at once. Default: 1,024, range 1 to 100,000.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxQueued { get; set; } = 1_024;
}
