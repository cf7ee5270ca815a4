using System.Text.Json.Serialization;

namespace CogniForge.Llm.Configuration;

/// <summary>The rates of audio or image tokens, in USD per million.</summary>
/// <param name="Input">The rate of input tokens. Default: that of other input tokens.</param>
/// <param name="CacheRead">The rate of input tokens read from the prompt cache. Default: <c>input</c>.</param>
/// <param name="Output">The rate of output tokens. Default: that of other output tokens.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MediaRatesConfig(decimal? Input = null, decimal? CacheRead = null, decimal? Output = null);
