namespace CogniForge.Llm.Pricing;

/// <summary>
/// The usage of a response, in tokens of its model. The four kinds of input tokens do not overlap; each has its own
/// rate.
/// </summary>
/// <param name="FreshInput">Input tokens neither read from nor written to the provider's prompt cache.</param>
/// <param name="Output">Output tokens, including <paramref name="Reasoning"/>.</param>
/// <param name="CacheRead">Input tokens read from the prompt cache.</param>
/// <param name="CacheWrite">Input tokens written to the prompt cache for the default lifetime of five minutes.</param>
/// <param name="CacheWriteLong">Input tokens written to the prompt cache for an hour.</param>
/// <param name="Reasoning">Reasoning tokens.</param>
/// <param name="IsEstimated">Whether the gateway estimated the usage because the provider reported none.</param>
/// <param name="Images">
/// Input images. Their tokens count as input tokens; some providers charge an additional fee.
/// </param>
/// <param name="Audio">The audio tokens, a part of the counts.</param>
/// <param name="Image">The image tokens, a part of the counts, if the provider reports them apart.</param>
/// <param name="AudioSeconds">The seconds of input audio, if the provider reports those instead of tokens.</param>
/// <param name="Characters">The characters of a text to speak.</param>
internal sealed record TokenUsage(
    int FreshInput,
    int Output,
    int CacheRead = 0,
    int CacheWrite = 0,
    int CacheWriteLong = 0,
    int Reasoning = 0,
    bool IsEstimated = false,
    int Images = 0,
    MediaTokens Audio = default,
    MediaTokens Image = default,
    decimal AudioSeconds = 0,
    int Characters = 0
)
{
    /// <summary>All input tokens.</summary>
    public int Input => FreshInput + CacheRead + CacheWrite + CacheWriteLong;

    /// <summary>All input and output tokens.</summary>
    public int Total => Input + Output;
}
