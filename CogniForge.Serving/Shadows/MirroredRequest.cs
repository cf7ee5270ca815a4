using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Shadows;

/// <summary>A copy of a request that waits for its shadow.</summary>
/// <param name="Shadow">The shadow.</param>
/// <param name="PrimaryVersion">The version that answered the client.</param>
/// <param name="Request">The copy of the request.</param>
/// <param name="Outputs">A copy of the primary's outputs.</param>
/// <param name="PrimaryDuration">The primary's duration.</param>
/// <param name="Bytes">The memory of the copies.</param>
internal sealed record MirroredRequest(
    Shadow Shadow,
    int PrimaryVersion,
    InferRequest Request,
    IReadOnlyList<Tensor> Outputs,
    TimeSpan PrimaryDuration,
    long Bytes
);
