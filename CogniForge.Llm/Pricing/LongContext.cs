namespace CogniForge.Llm.Pricing;

/// <summary>Higher rates for requests with a long input; they apply to the whole request.</summary>
/// <param name="AboveInputTokens">The rates apply above this number of input tokens.</param>
/// <param name="InputFactor">Multiplies all input rates, e.g. 2.</param>
/// <param name="OutputFactor">Multiplies all output rates, e.g. 1.5.</param>
internal sealed record LongContext(int AboveInputTokens, decimal InputFactor, decimal OutputFactor);
