namespace CogniForge.Llm.Pricing;

/// <summary>What a completion consumed, in tokens of the answering model. The four kinds of input do not overlap; each has its own price.</summary>
/// <param name="FreshInput">Input tokens that were neither read from nor written to the provider's prompt cache.</param>
/// <param name="Output">Output tokens, including <paramref name="Reasoning"/>.</param>
/// <param name="CacheRead">Input tokens read from the prompt cache.</param>
/// <param name="CacheWrite">Input tokens written to the prompt cache for the usual time (five minutes).</param>
/// <param name="CacheWriteLong">Input tokens written to the prompt cache for an hour.</param>
/// <param name="Reasoning">The part of the output that nobody sees.</param>
/// <param name="IsEstimated">Whether the gateway estimated this, because the provider did not say.</param>
/// <param name="Images">Images of the input. Their tokens are among the input's; some providers take a fee on top.</param>
internal sealed record TokenUsage(
    int FreshInput,
    int Output,
    int CacheRead = 0,
    int CacheWrite = 0,
    int CacheWriteLong = 0,
    int Reasoning = 0,
    bool IsEstimated = false,
    int Images = 0
)
{
    /// <summary>All input tokens.</summary>
    public int Input => FreshInput + CacheRead + CacheWrite + CacheWriteLong;

    /// <summary>Input and output together.</summary>
    public int Total => Input + Output;
}
