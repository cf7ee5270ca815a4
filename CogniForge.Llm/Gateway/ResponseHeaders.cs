using CogniForge.Llm.Caching;

namespace CogniForge.Llm.Gateway;

/// <summary>The description of a response in its headers.</summary>
/// <param name="Id">The gateway's id of the request.</param>
/// <param name="Route">The route's name.</param>
/// <param name="Target">The target, <c>provider/model</c>.</param>
/// <param name="ProviderRequestId">The provider's id of the request; null: none.</param>
/// <param name="Dropped">The request fields without an equivalent in the provider's protocol.</param>
/// <param name="Cache">The result of the cache lookup.</param>
/// <param name="Age">The age of a cached response; null: it is not cached.</param>
internal sealed record ResponseInfo(
    Guid Id,
    string Route,
    string Target,
    string? ProviderRequestId,
    IReadOnlyList<string> Dropped,
    CacheStatus Cache,
    TimeSpan? Age = null
);
