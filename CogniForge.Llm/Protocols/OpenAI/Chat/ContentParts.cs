using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Joins content that a server sends in parts, as Mistral's reasoning models do (agentjido/req_llm#742): OpenAI's
/// clients expect a string. The thinking becomes <c>reasoning_content</c>.
/// </summary>
internal static class ContentParts
{
    private const string Reasoning = "reasoning_content";

    // Mistral's references are the numbers of documents, which no other protocol has.
    private static readonly string?[] _types = ["text", "thinking", "reference"];

    /// <summary>Joins the parts of a complete response; returns it unchanged if its content is a string.</summary>
    public static ReadOnlyMemory<byte> JoinWhole(ReadOnlyMemory<byte> json) => Join(json, "message");

    /// <summary>Joins the parts of the events of a stream.</summary>
    public static async IAsyncEnumerable<SseEvent> JoinAsync(IAsyncEnumerable<SseEvent> events)
    {
        await foreach (var item in events)
        {
            yield return item with
            {
                Data = Join(item.Data, "delta"),
            };
        }
    }

    /// <summary>
    /// Whether to parse a response for its parts. Log probabilities have a content too, which is parsed in vain.
    /// </summary>
    public static bool MayHaveParts(ReadOnlySpan<byte> json)
    {
        var name = "\"content\""u8;
        while (json.IndexOf(name) is >= 0 and var start)
        {
            json = json[(start + name.Length)..].TrimStart(" \t\r\n:"u8);
            if (json.StartsWith("["u8))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> json, string member)
    {
        if (!MayHaveParts(json.Span))
        {
            return json;
        }

        try
        {
            var response = StrictJson.Parse(json.Span);
            var isChanged = false;
            foreach (var message in response["choices"].Objects().Select(c => c[member]).OfType<JsonObject>())
            {
                isChanged |= Join(message);
            }

            return isChanged ? WireJson.Write(response, json.Length) : json;
        }
        catch (JsonException)
        {
            return json; // reading it reports the error
        }
    }

    private static bool Join(JsonObject message)
    {
        if (message["content"] is not JsonArray parts || !parts.All(IsJoined))
        {
            return false;
        }

        if (ChatContent.GetThinking(parts) is { } thinking && message[Reasoning].Text() is null)
        {
            message[Reasoning] = thinking;
        }

        message["content"] = ChatContent.GetText(parts) ?? "";
        return true;
    }

    private static bool IsJoined(JsonNode? part) =>
        part is JsonObject members && _types.Contains(members["type"].Text());

}
