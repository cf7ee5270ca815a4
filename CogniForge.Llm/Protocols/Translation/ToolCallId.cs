using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Carries the signature of Gemini's thought in the id of its tool call, as LiteLLM does: Gemini rejects a tool loop
/// without it (router-for-me/CLIProxyAPI#2360), and the id is what every client returns.
/// </summary>
internal static class ToolCallId
{
    /// <summary>Separates the id and the signature, in base64url, since Anthropic allows few characters.</summary>
    public const string Separator = "__thought__";

    /// <summary>The id for the client, with the signature that the provider's call has.</summary>
    /// <param name="id">The provider's id, or the one to use instead.</param>
    /// <param name="call">The call of a chat completion.</param>
    public static string Join(string id, JsonNode? call) =>
        call is JsonObject { } members
        && members["extra_content"] is JsonObject extra
        && extra["google"] is JsonObject google
        && google["thought_signature"].Text() is { } signature
            ? $"{id}{Separator}{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(signature))}"
            : id;

    /// <summary>The provider's id.</summary>
    public static string GetId(string id) =>
        id.IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var end ? id[..end] : id;

    /// <summary>Sets a call's id, and its signature where a provider reads it.</summary>
    public static void Write(JsonObject call, string id, ProviderKind kind)
    {
        call["id"] = GetId(id);
        if (
            kind is not (ProviderKind.OpenAI or ProviderKind.Anthropic or ProviderKind.OpenRouter)
            && GetSignature(id) is { } signature
        )
        {
            call["extra_content"] = new JsonObject
            {
                ["google"] = new JsonObject { ["thought_signature"] = signature },
            };
        }
    }

    private static string? GetSignature(string id)
    {
        var start = id.IndexOf(Separator, StringComparison.Ordinal) + Separator.Length;
        if (start < Separator.Length || !Base64Url.IsValid(id.AsSpan(start)))
        {
            return null;
        }

        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(id.AsSpan(start)));
    }
}
