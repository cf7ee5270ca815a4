using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Replaces <c>choices: null</c> of a chunk, e.g. one with the usage, by an empty array: OpenAI's clients iterate over
/// the choices.
/// </summary>
internal static class NullChoices
{
    /// <summary>Returns a chunk with choices unchanged.</summary>
    public static ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> json)
    {
        if (!MayHave(json.Span))
        {
            return json;
        }

        try
        {
            var chunk = StrictJson.Parse(json.Span);
            if (!chunk.TryGetPropertyValue("choices", out var choices) || choices is not null)
            {
                return json;
            }

            chunk["choices"] = new JsonArray();
            return JsonSerializer.SerializeToUtf8Bytes(chunk, WireJson.Options);
        }
        catch (JsonException)
        {
            return json; // reading it reports the error
        }
    }

    // The first choices of a chunk are its own, unless a member before them has some.
    private static bool MayHave(ReadOnlySpan<byte> json)
    {
        var name = "\"choices\""u8;
        return json.IndexOf(name) is >= 0 and var start
            && json[(start + name.Length)..].TrimStart(" \t\r\n:"u8).StartsWith("null"u8);
    }
}
