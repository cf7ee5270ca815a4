using CogniForge.Llm.Caching;

namespace CogniForge.Llm.Gateway;

/// <summary>What the client is told of an answer in headers.</summary>
/// <param name="Id">The gateway's id of the request.</param>
/// <param name="Route">The route's name.</param>
/// <param name="Target">Who answered, <c>provider/model</c>.</param>
/// <param name="ProviderRequestId">The provider's id of the request; null: none.</param>
/// <param name="Dropped">Fields of the request that the target has no equivalent for.</param>
/// <param name="Cache">How the cache took part.</param>
/// <param name="Age">How old a cached answer is; null: it is none.</param>
internal sealed record ResponseInfo(
    Guid Id,
    string Route,
    string Target,
    string? ProviderRequestId,
    IReadOnlyList<string> Dropped,
    CacheStatus Cache,
    TimeSpan? Age = null
);
