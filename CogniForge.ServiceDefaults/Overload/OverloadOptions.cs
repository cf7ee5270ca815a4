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
    /// The bytes of bodies in flight, 1 or more. Above 64 KiB, a body counts several times where it takes that memory
    /// (model calls: 4 times, twice while they wait for the provider; inferences: 12 times). Default: 64 MiB.
    /// </summary>
    [Range(1, long.MaxValue / 2)]
    public long MaxBodyBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// How long a body above the share waits unread before its request gets 429, 0 to 60 s; 0 refuses it at once.
    /// Default: 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(10);
}
