using System.ComponentModel.DataAnnotations;

namespace CogniForge.Llm.Caching;

/// <summary>
/// Configures the cache store (section <c>Cache</c>); each route decides whether its responses are cached.
/// </summary>
internal sealed class CacheOptions
{
    public const string SectionName = "Cache";

    /// <summary>The store. Default: Redis behind a memory cache if Redis is configured, else memory.</summary>
    public CacheStoreKind? Store { get; set; }

    /// <summary>The maximum size of the memory cache, in bytes. Default: 64 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long MemoryBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>The folder of the disk cache. Default: a folder in the user's local application data.</summary>
    public string? Directory { get; set; }

    /// <summary>
    /// How long a request waits for Redis before it treats the lookup as a miss. Default: 250 ms. Range: 1 ms to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long a request waits for the response to an identical one in flight, before it calls a provider itself.
    /// Default: 60 s. Range: 0 (does not wait) to 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan InFlightTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The maximum size of a stream's events in bytes, 0 to 64 MiB; a longer stream is not cached. Default: 2 MiB.
    /// </summary>
    [Range(0, 64 * 1024 * 1024)]
    public int MaxStreamBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>The maximum size of the disk cache, in bytes. Default: 1 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long DiskBytes { get; set; } = 1024L * 1024 * 1024;
}
