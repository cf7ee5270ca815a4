namespace CogniForge.Llm.Pricing;

/// <summary>The rates of audio or image tokens, USD per million.</summary>
/// <param name="Input">The rate of input tokens. Default: that of other input tokens.</param>
/// <param name="CacheRead">
/// The rate of input tokens read from the prompt cache. Default: <paramref name="Input"/>.
/// </param>
/// <param name="Output">The rate of output tokens. Default: that of other output tokens.</param>
internal sealed record MediaRates(decimal? Input, decimal? CacheRead, decimal? Output);
