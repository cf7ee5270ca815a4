namespace CogniForge.Llm.Gateway;

/// <summary>The number of input tokens of a request.</summary>
/// <param name="Tokens">The number.</param>
/// <param name="IsEstimate">Whether the gateway estimated them, because the provider cannot count.</param>
internal sealed record TokenCount(int Tokens, bool IsEstimate);
