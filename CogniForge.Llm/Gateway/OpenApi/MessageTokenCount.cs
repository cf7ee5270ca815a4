using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>The token count of a message.</summary>
/// <param name="InputTokens">The number of tokens across the messages, system prompt and tools.</param>
/// <param name="Estimated">True if the gateway estimated the number; otherwise absent.</param>
internal sealed record MessageTokenCount(
    [property: JsonPropertyName("input_tokens")] int InputTokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Estimated = null
);
