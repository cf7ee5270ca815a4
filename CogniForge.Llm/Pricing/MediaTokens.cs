namespace CogniForge.Llm.Pricing;

/// <summary>
/// The tokens of audio or of images in a response's usage, each a part of the count of the same name.
/// </summary>
/// <param name="Input">A part of the input tokens neither read from nor written to the prompt cache.</param>
/// <param name="CacheRead">A part of the input tokens read from the prompt cache.</param>
/// <param name="Output">A part of the output tokens; not reasoning.</param>
internal readonly record struct MediaTokens(int Input, int CacheRead, int Output);
