namespace CogniForge.Llm.Caching;

/// <param name="Result">The result, as reported in <c>x-cogniforge-cache</c>.</param>
/// <param name="Answer">The cached response of a hit; otherwise null.</param>
/// <param name="Flight">On a miss, the request to complete with the provider's response; otherwise null.</param>
internal readonly record struct CacheLookup(CacheStatus Result, CachedResponse? Answer, InFlightRequest? Flight);
