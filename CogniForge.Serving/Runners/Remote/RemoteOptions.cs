using System.ComponentModel.DataAnnotations;

namespace CogniForge.Serving.Runners.Remote;

/// <summary>How remote models are reached (section <c>Inference:Remote</c>).</summary>
internal sealed class RemoteOptions
{
    /// <summary>The maximum time of a request in seconds. Default: 30, range 1 to 600.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>The maximum size of a response in bytes. Default: 64 MiB, range 1 KiB to 1 GiB.</summary>
    [Range(1024, 1 << 30)]
    public int MaxResponseBytes { get; set; } = 64 * 1024 * 1024;
}
