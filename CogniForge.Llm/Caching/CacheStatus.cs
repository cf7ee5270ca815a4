namespace CogniForge.Llm.Caching;

/// <summary>The result of a cache lookup, reported in the header <c>x-cogniforge-cache</c>.</summary>
internal enum CacheStatus
{
    /// <summary>The route has no cache, or the client sent <c>no-store</c>.</summary>
    Bypass,

    /// <summary>A provider generated the response.</summary>
    Miss,

    /// <summary>The response came from the store, or from an identical request in flight.</summary>
    Hit,
}
