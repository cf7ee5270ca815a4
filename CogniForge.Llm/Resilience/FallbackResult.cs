using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Resilience;

/// <summary>The final result of calling a route's targets.</summary>
/// <param name="Target">The target of the result.</param>
/// <param name="Attempt">The result.</param>
/// <param name="RetryDelay">The total wait before retries.</param>
internal readonly record struct FallbackResult(ResolvedTarget Target, AttemptResult Attempt, TimeSpan RetryDelay);
