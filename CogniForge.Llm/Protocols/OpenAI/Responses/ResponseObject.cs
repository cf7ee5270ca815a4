using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Protocols.OpenAI.Responses;

/// <summary>Creates the <c>response</c> object around the output from a chat completion.</summary>
internal static class ResponseObject
{
    /// <summary>
    /// The request fields that a response repeats, and their values if the request does not set them.
    /// </summary>
    private static readonly (string Name, string Default)[] _echoed =
    [
        ("instructions", "null"),
        ("max_output_tokens", "null"),
        ("parallel_tool_calls", "true"),
        ("reasoning", """{"effort":null,"summary":null}"""),
        ("temperature", "null"),
        ("text", """{"format":{"type":"text"}}"""),
        ("tool_choice", "\"auto\""),
        ("tools", "[]"),
        ("top_p", "null"),
        ("user", "null"),
        ("metadata", "{}"),
    ];

    /// <summary>Creates a response with the status <c>in_progress</c> and without output.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="chat">The chat completion or its first chunk.</param>
    public static JsonObject CreateInProgress(JsonObject request, JsonObject chat)
    {
        var response = new JsonObject
        {
            ["id"] = "resp_" + Suffix(chat),
            ["object"] = "response",
            ["created_at"] = chat["created"].Int64() ?? 0,
            ["status"] = "in_progress",
            ["background"] = false,
            ["error"] = null,
            ["incomplete_details"] = null,
            ["model"] = chat["model"].Text() ?? "",
            ["output"] = new JsonArray(),
            ["previous_response_id"] = null,
            ["store"] = false,
            ["truncation"] = "disabled",
            ["usage"] = null,
        };
        foreach (var (name, value) in _echoed)
        {
            response[name] = request[name]?.DeepClone() ?? JsonNode.Parse(value);
        }

        return response;
    }

    /// <summary>The suffix that makes the ids of the response and its items unique.</summary>
    public static string Suffix(JsonObject chat)
    {
        var id = chat["id"].Text() ?? Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture);
        return id.StartsWith("chatcmpl-", StringComparison.Ordinal) ? id["chatcmpl-".Length..] : id;
    }

    /// <summary>Converts a chat's <c>finish_reason</c> to the status and <c>incomplete_details</c>.</summary>
    public static (string Status, JsonObject? Incomplete) GetStatus(string? reason) =>
        ChatFinishReasons.Normalize(reason) switch
        {
            ChatFinishReasons.Length => ("incomplete", new() { ["reason"] = "max_output_tokens" }),
            ChatFinishReasons.ContentFilter => ("incomplete", new() { ["reason"] = "content_filter" }),
            _ => ("completed", null),
        };

    /// <summary>
    /// Converts the usage of a chat completion and keeps unknown members; null if it contains no counts.
    /// </summary>
    public static JsonObject? Usage(JsonObject chat)
    {
        if (ChatUsage.Read(JsonSerializer.SerializeToElement(chat)) is not { } tokens)
        {
            return null;
        }

        var usage = new JsonObject
        {
            ["input_tokens"] = tokens.Input,
            ["input_tokens_details"] = Details(chat["prompt_tokens_details"], "cached_tokens", tokens.CacheRead),
            ["output_tokens"] = tokens.Output,
            ["output_tokens_details"] = Details(
                chat["completion_tokens_details"],
                "reasoning_tokens",
                tokens.Reasoning
            ),
            ["total_tokens"] = tokens.Total,
        };
        foreach (
            var (name, value) in chat.Where(m =>
                m.Key
                    is not (
                        "prompt_tokens"
                        or "completion_tokens"
                        or "total_tokens"
                        or "prompt_tokens_details"
                        or "completion_tokens_details"
                    )
            )
        )
        {
            usage[name] = value?.DeepClone();
        }

        return usage;
    }

    private static JsonObject Details(JsonNode? details, string name, int count)
    {
        var copy = details is JsonObject members ? members.DeepClone().AsObject() : [];
        copy[name] = count;
        return copy;
    }
}
