namespace CogniForge.Llm.Caching;

/// <param name="Status">The result, as reported in <c>x-cogniforge-cache</c>.</param>
/// <param name="Response">The cached response of a hit; otherwise null.</param>
/// <param name="InFlight">On a miss, the request to complete with the provider's response; otherwise null.</param>
internal readonly record struct CacheLookup(CacheStatus Status, CachedResponse? Response, InFlightRequest? InFlight);
