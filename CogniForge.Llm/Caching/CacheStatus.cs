namespace CogniForge.Llm.Caching;

/// <summary>How the cache took part in a request; told in the header <c>x-cogniforge-cache</c>.</summary>
internal enum CacheStatus
{
    /// <summary>The route has no cache, or the client wanted none.</summary>
    Bypass,

    /// <summary>The answer was not there.</summary>
    Miss,

    /// <summary>The answer was there, or came for an identical request at the same time.</summary>
    Hit,
}
