using System.ComponentModel.DataAnnotations;

namespace CogniForge.ServiceDefaults.Overload;

/// <summary>
/// How much a service works on at once (section <c>CogniForge:Overload</c>). Within these bounds one key may use
/// everything; beyond them, a key that uses more than its share gets 429.
/// </summary>
public sealed class OverloadOptions
{
    /// <summary>The requests in flight, open streams included, 1 to 1,000,000. Default: 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxRequests { get; set; } = 10_000;

    /// <summary>
    /// The bytes of the bodies of requests in flight, 1 or more. A body above 64 kB counts several times where it takes
    /// that much memory (4 times for model calls, 12 times for inferences). Default: 128 MiB.
    /// </summary>
    [Range(1, long.MaxValue / 2)]
    public long MaxBodyBytes { get; set; } = 128L * 1024 * 1024;
}
