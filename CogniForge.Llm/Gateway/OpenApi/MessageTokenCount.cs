using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>The tokens of a conversation.</summary>
/// <param name="InputTokens">How many.</param>
/// <param name="Estimated">True when the gateway estimated them; not there otherwise.</param>
internal sealed record MessageTokenCount(
    [property: JsonPropertyName("input_tokens")] int InputTokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Estimated = null
);
