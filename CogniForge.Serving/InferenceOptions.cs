using System.ComponentModel.DataAnnotations;
using CogniForge.Serving.Runners.Batching;
using CogniForge.Serving.Runners.Onnx;
using CogniForge.Serving.Runners.Remote;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving;

/// <summary>How models are loaded and run (section <c>Inference</c>).</summary>
internal sealed class InferenceOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Inference";

    /// <summary>
    /// The port for gRPC, as HTTP/2 without TLS; the service must listen on it, e.g. by <c>ASPNETCORE_URLS</c>.
    /// Default: none, which turns gRPC off. Range 1 to 65535.
    /// </summary>
    [Range(1, 65535)]
    public int? GrpcPort { get; set; }

    /// <summary>
    /// The memory in bytes of all loaded models, besides at most two that are being loaded from files; the least
    /// recently used are unloaded. Default: 1 GiB, range 1 MiB to 1 TiB.
    /// </summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxLoadedBytes { get; set; } = 1L << 30;

    /// <summary>
    /// The maximum requests in flight of each version in each replica; further ones get 503 at once. A routing policy
    /// may set another for its model. Default: 1,024, range 1 to 1,000,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxOutstanding { get; set; } = 1_024;

    /// <summary>See <see cref="OnnxOptions"/>.</summary>
    [ValidateObjectMembers]
    public OnnxOptions Onnx { get; set; } = new();

    /// <summary>See <see cref="BatchingOptions"/>.</summary>
    [ValidateObjectMembers]
    public BatchingOptions Batching { get; set; } = new();

    /// <summary>See <see cref="RemoteOptions"/>.</summary>
    [ValidateObjectMembers]
    public RemoteOptions Remote { get; set; } = new();
}
