namespace CogniForge.Llm.Gateway;

/// <summary>The tokens of a request's input.</summary>
/// <param name="Tokens">How many.</param>
/// <param name="IsEstimate">Whether the gateway estimated them, because the provider cannot count.</param>
internal sealed record TokenCount(int Tokens, bool IsEstimate);
