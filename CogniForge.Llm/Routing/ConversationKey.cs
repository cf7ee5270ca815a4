using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Routing;

/// <summary>Identifies the conversation of a request.</summary>
internal static class ConversationKey
{
    private const int KeyBytes = 16;

    /// <summary>
    /// Hashes <c>prompt_cache_key</c>, else the user, else the text of the conversation up to its first message that
    /// is not a system message.
    /// </summary>
    /// <returns>
    /// 32 hexadecimal digits: the first 16 bytes of the SHA-256, so that a stored key is short; null if the request has
    /// none of these.
    /// </returns>
    public static string? Compute(Protocol protocol, JsonElement body, string? user)
    {
        if ((GetText(body, "prompt_cache_key") ?? user) is { } name)
        {
            return ToKey(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        }

        return protocol switch
        {
            Protocol.Embeddings => null,
            Protocol.Responses => HashBeginning(default, GetArray(body, "input")),
            _ => HashBeginning(
                body.TryGetProperty("system", out var system) ? system : default,
                GetArray(body, "messages")
            ),
        };
    }

    private static string? HashBeginning(JsonElement system, JsonElement? messages)
    {
        if (messages is null)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (system.ValueKind != JsonValueKind.Undefined)
        {
            hash.AppendData(JsonMarshal.GetRawUtf8Value(system));
        }

        foreach (var message in messages.Value.EnumerateArray())
        {
            hash.AppendData(JsonMarshal.GetRawUtf8Value(message));
            if (message.ValueKind != JsonValueKind.Object || GetText(message, "role") is not ("system" or "developer"))
            {
                break;
            }
        }

        return ToKey(hash.GetHashAndReset());
    }

    private static string ToKey(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, KeyBytes));

    private static JsonElement? GetArray(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value : null;

    private static string? GetText(JsonElement element, string name) =>
        InvalidUnicode.Ignore(
            (element, name),
            static s =>
                s.element.TryGetProperty(s.name, out var value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString()
                    : null
        );
}
