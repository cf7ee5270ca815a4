using System.Text.Json;

namespace CogniForge.Llm.Domain.Protocols.Messages;

/// <summary>Reads members of a provider's JSON that may be missing or of another kind: both count as absent.</summary>
internal static class ElementFields
{
    // Four kinds of input and the output are added up in 32 bits; no answer comes near it.
    private const int MostTokens = int.MaxValue / 8;

    /// <summary>A member; undefined: absent.</summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>A text; null: absent.</summary>
    /// <exception cref="InvalidOperationException">It is no valid Unicode.</exception>
    public static string? Text(this JsonElement element, string name) => element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A number of tokens, 0 or more; null: absent.</summary>
    public static int? Tokens(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? (int)Math.Clamp(number, 0, MostTokens) : null;
}
