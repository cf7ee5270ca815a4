using System.ComponentModel.DataAnnotations;

namespace CogniForge.Serving.Shadows;

/// <summary>How requests are mirrored (section <c>Shadows</c>).</summary>
internal sealed class ShadowOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Shadows";

    /// <summary>
    /// The memory in bytes of the requests that wait in a replica; further ones are dropped. Default: 64 MiB, range
    /// 1 KiB to 16 GiB.
    /// </summary>
    [Range(1L << 10, 1L << 34)]
    public long MaxQueuedBytes { get; set; } = 64L << 20;

    /// <summary>
    /// The requests that wait in a replica; further ones are dropped. Default: 1,000, range 1 to 100,000.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxQueued { get; set; } = 1_000;

    /// <summary>The mirrored requests that a replica runs at once. Default: 1, range 1 to 64.</summary>
    [Range(1, 64)]
    public int MaxConcurrency { get; set; } = 1;

    /// <summary>The maximum time of a mirrored request in seconds. Default: 30, range 1 to 600.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>How many days comparisons are kept. Default: 7, range 1 to 365.</summary>
    [Range(1, 365)]
    public int RetentionDays { get; set; } = 7;
}
