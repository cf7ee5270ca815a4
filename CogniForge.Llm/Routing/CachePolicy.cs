namespace CogniForge.Llm.Routing;

/// <summary>How a route's answers are cached.</summary>
/// <param name="Lifetime">How long an answer is given again, above 0.</param>
/// <param name="Shared">Whether all keys share the answers. Default: each key has its own.</param>
internal sealed record CachePolicy(TimeSpan Lifetime, bool Shared = false);
