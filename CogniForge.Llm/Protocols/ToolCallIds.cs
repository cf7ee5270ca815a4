using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols;

/// <summary>Ids of tool calls for providers that require a certain length, such as Mistral.</summary>
internal static class ToolCallIds
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Replaces an id by one that is the same for the call and its result.</summary>
    public static void Shorten(JsonObject parent, string field, int length)
    {
        if (parent[field].Text() is { } id && !(id.Length == length && id.All(char.IsAsciiLetterOrDigit)))
        {
            var hash = SHA512.HashData(Encoding.UTF8.GetBytes(id));
            parent[field] = string.Create(
                length,
                hash,
                static (span, bytes) =>
                {
                    for (var i = 0; i < span.Length; i++)
                    {
                        span[i] = Alphabet[bytes[i] % Alphabet.Length];
                    }
                }
            );
        }
    }
}
