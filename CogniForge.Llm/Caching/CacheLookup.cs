namespace CogniForge.Llm.Caching;

/// <summary>What a look-up found.</summary>
/// <param name="Result">Whether it is there.</param>
/// <param name="Answer">The answer of a hit.</param>
/// <param name="Flight">To land with the answer of a miss.</param>
internal readonly record struct CacheLookup(CacheStatus Result, CachedResponse? Answer, InFlightRequest? Flight);
