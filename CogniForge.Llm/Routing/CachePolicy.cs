namespace CogniForge.Llm.Routing;

/// <summary>How the responses of a route are cached.</summary>
/// <param name="Lifetime">How long a response is reused, above 0.</param>
/// <param name="Shared">Whether all API keys share the responses. Default: each key has its own.</param>
internal sealed record CachePolicy(TimeSpan Lifetime, bool Shared = false);
