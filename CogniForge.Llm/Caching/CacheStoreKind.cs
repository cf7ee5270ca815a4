namespace CogniForge.Llm.Caching;

/// <summary>The stores for cached responses.</summary>
internal enum CacheStoreKind
{
    /// <summary>No store: nothing is cached.</summary>
    None,

    /// <summary>Memory of this process.</summary>
    Memory,

    /// <summary>Files, which survive a restart.</summary>
    Disk,

    /// <summary>Redis, shared by all replicas, behind a memory cache.</summary>
    Redis,
}
