using System.ComponentModel.DataAnnotations;

namespace CogniForge.Llm.Caching;

/// <summary>Where answers are cached (section <c>Cache</c>). Which are is a matter of the routes.</summary>
internal sealed class CacheOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Cache";

    /// <summary>Where. Default: Redis with memory in front where there is a Redis, else memory.</summary>
    public CacheStoreKind? Store { get; set; }

    /// <summary>The most that the memory holds, in bytes. Default: 64 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long MemoryBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>The folder of the disk's cache. Default: a folder of the user's local application data.</summary>
    public string? Directory { get; set; }

    /// <summary>How long a request waits for Redis. A cache that is slower is no help. Default: 250 ms. Range: 1 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The most that the disk holds, in bytes. Default: 1 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long DiskBytes { get; set; } = 1024L * 1024 * 1024;
}
