namespace CogniForge.Llm.Caching;

/// <summary>Where answers are cached.</summary>
internal enum CacheStoreKind
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>In this process.</summary>
    Memory,

    /// <summary>In files, which outlive the process.</summary>
    Disk,

    /// <summary>In Redis, which all replicas share, with memory in front.</summary>
    Redis,
}
