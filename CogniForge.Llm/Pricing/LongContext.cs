namespace CogniForge.Llm.Pricing;

/// <summary>Rates for a request with a long input; they hold for the whole request.</summary>
/// <param name="AboveInputTokens">For more input tokens than this.</param>
/// <param name="InputFactor">Multiplies all input rates, e.g. 2.</param>
/// <param name="OutputFactor">Multiplies all output rates, e.g. 1.5.</param>
internal sealed record LongContext(int AboveInputTokens, decimal InputFactor, decimal OutputFactor);
