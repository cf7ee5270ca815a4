using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Telemetry;

/// <summary>
/// Converts requests and responses of every protocol to messages of OpenTelemetry's conventions for generative AI, with
/// placeholders for images, audio and files; drops the beginning of what exceeds <see cref="MaxCharacters"/>.
/// </summary>
internal sealed class GenAiMessages
{
    /// <summary>The maximum number of characters in one attribute; each part adds a fixed overhead.</summary>
    public const int MaxCharacters = 64 * 1024;

    private const int CharactersPerPart = 64;
    private const int MaxNameCharacters = 256;
    private const string TruncationMark = "… [cut]";

    private int _remaining = MaxCharacters;
    private bool _isTruncated;

    /// <summary>Converts the system instructions to a JSON array of parts; null: the request has none.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="request">The request body.</param>
    public static string? Instructions(Protocol protocol, JsonElement request) =>
        protocol switch
        {
            Protocol.Messages => ToJson(new GenAiMessages().ToParts(request.Member("system"))),
            Protocol.Responses => ToJson(new GenAiMessages().ToParts(request.Member("instructions"))),
            _ => null,
        };

    /// <summary>Converts the conversation to a JSON array of messages; null: the request has none.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="request">The request body.</param>
    public static string? Input(Protocol protocol, JsonElement request)
    {
        var content = new GenAiMessages();
        var input = request.Member(protocol == Protocol.Responses ? "input" : "messages");
        if (protocol == Protocol.Embeddings || input.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        // Converts the latest messages first, because they are the most useful in a trace.
        var messages =
            input.ValueKind == JsonValueKind.String
                ? [CreateMessage("user", content.ToParts(input))]
                : input.Items().Reverse().TakeWhile(_ => !content._isTruncated).Select(content.ToMessage).Reverse();
        return ToJson([.. messages]);
    }

    /// <summary>Converts the response to a JSON array of messages, one per choice; null: it has none.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="response">The response body.</param>
    public static string? Output(Protocol protocol, JsonElement response)
    {
        var content = new GenAiMessages();
        return protocol switch
        {
            Protocol.ChatCompletions => ToJson([
                .. response
                    .Member("choices")
                    .Items()
                    .TakeWhile(_ => !content._isTruncated)
                    .Select(c =>
                        CreateMessage("assistant", content.MessageParts(c.Member("message")), c.Text("finish_reason"))
                    ),
            ]),
            Protocol.Messages => ToJson([
                CreateMessage("assistant", content.ToParts(response.Member("content")), response.Text("stop_reason")),
            ]),
            Protocol.Responses => ToJson([
                CreateMessage("assistant", content.OutputParts(response), GetFinishReason(response)),
            ]),
            _ => null,
        };
    }

    private static string? ToJson(JsonArray items) => items.Count == 0 ? null : items.ToJsonString(WireJson.Options);

    private static JsonObject CreateMessage(string role, JsonArray parts, string? finishReason = null)
    {
        var message = new JsonObject { ["role"] = TruncateName(role), ["parts"] = parts };
        if (finishReason is not null)
        {
            message["finish_reason"] = finishReason switch
            {
                "end_turn" or "stop_sequence" => "stop",
                "max_tokens" or "max_output_tokens" or "model_context_window_exceeded" => "length",
                "tool_calls" or "function_call" or "tool_use" => "tool_call",
                "refusal" => "content_filter",
                _ => TruncateName(finishReason),
            };
        }

        return message;
    }

    /// <summary>Derives the finish reason of a Responses API response, which has no such field.</summary>
    private static string GetFinishReason(JsonElement response) =>
        response.Text("status") switch
        {
            "failed" => "error",
            "incomplete" => response.Member("incomplete_details").Text("reason") ?? "length",
            _ => response.Member("output").Items().Any(i => i.Text("type") == "function_call") ? "tool_call" : "stop",
        };

    /// <summary>Converts a message of Chat Completions or Messages, or an item of the Responses API.</summary>
    private JsonObject ToMessage(JsonElement item) =>
        item.Text("role") is { } role
            ? CreateMessage(role, role == "tool" ? [ToolResult(item, "tool_call_id", "content")] : MessageParts(item))
            : CreateMessage(
                item.Text("type")?.EndsWith("_output", StringComparison.Ordinal) == true ? "tool" : "assistant",
                [ToPart(item)]
            );

    private JsonArray MessageParts(JsonElement message)
    {
        var parts = new JsonArray();
        AddText(parts, "reasoning", message.Text("reasoning_content") ?? message.Text("reasoning"));
        Add(parts, message.Member("content"));
        AddText(parts, "text", message.Text("refusal"));
        Add(parts, message.Member("tool_calls"));
        return parts;
    }

    private JsonArray OutputParts(JsonElement response)
    {
        var parts = new JsonArray();
        foreach (var item in response.Member("output").Items())
        {
            Add(
                parts,
                item.Text("type") == "message"
                    ? item.Member("content")
                    : JsonSerializer.SerializeToElement(new[] { item })
            );
        }

        return parts;
    }

    private JsonArray ToParts(JsonElement content)
    {
        var parts = new JsonArray();
        Add(parts, content);
        return parts;
    }

    private void Add(JsonArray parts, JsonElement content)
    {
        AddText(parts, "text", content.Text());
        foreach (var item in content.Items().TakeWhile(_ => !_isTruncated))
        {
            parts.Add((JsonNode)ToPart(item));
        }
    }

    private void AddText(JsonArray parts, string type, string? text)
    {
        if (text is not null && !_isTruncated)
        {
            parts.Add((JsonNode)TextPart(type, text));
        }
    }

    private JsonObject ToPart(JsonElement part) =>
        part.Text("type") switch
        {
            "text" or "input_text" or "output_text" => TextPart("text", part.Text("text")),
            "refusal" => TextPart("text", part.Text("refusal")),
            "thinking" => TextPart("reasoning", part.Text("thinking")),
            "reasoning" => TextPart("reasoning", JoinText(part.Member("summary"))),
            "function" => ToolCall(
                part.Text("id"),
                part.Member("function").Text("name"),
                part.Member("function").Member("arguments")
            ),
            "custom" => ToolCall(
                part.Text("id"),
                part.Member("custom").Text("name"),
                part.Member("custom").Member("input")
            ),
            "tool_use" => ToolCall(part.Text("id"), part.Text("name"), part.Member("input")),
            "function_call" => ToolCall(part.Text("call_id"), part.Text("name"), part.Member("arguments")),
            "tool_result" => ToolResult(part, "tool_use_id", "content"),
            "function_call_output" => ToolResult(part, "call_id", "output"),
            "image" or "image_url" or "input_image" => Placeholder("image"),
            "document" or "file" or "input_file" => Placeholder("file"),
            "input_audio" => Placeholder("audio"),
            var other => Placeholder(other ?? "unknown"),
        };

    /// <summary>Converts a part to a placeholder with its type.</summary>
    private JsonObject Placeholder(string type)
    {
        var mark = Truncate("");
        return mark.Length > 0
            ? new() { ["type"] = "text", ["content"] = mark }
            : new() { ["type"] = TruncateName(type) };
    }

    private JsonObject TextPart(string type, string? text) => new() { ["type"] = type, ["content"] = Truncate(text) };

    private JsonObject ToolCall(string? id, string? name, JsonElement arguments) =>
        new()
        {
            ["type"] = "tool_call",
            ["id"] = TruncateName(id),
            ["name"] = TruncateName(name),
            ["arguments"] = ParseObject(
                Truncate(arguments.Text() ?? (arguments.IsPresent() ? arguments.GetRawText() : ""))
            ),
        };

    private JsonObject ToolResult(JsonElement owner, string id, string content) =>
        new()
        {
            ["type"] = "tool_call_response",
            ["id"] = TruncateName(owner.Text(id)),
            ["response"] = Truncate(JoinText(owner.Member(content))),
        };

    private static string JoinText(JsonElement content)
    {
        var text = new StringBuilder(content.Text());
        foreach (var part in content.Items())
        {
            text.Append(part.Text("text") ?? $"[{part.Text("type")}]");
        }

        return text.ToString();
    }

    /// <summary>Parses a JSON object; returns any other text as a string.</summary>
    private static JsonNode ParseObject(string text)
    {
        try
        {
            return StrictJson.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>Truncates a text to the remaining characters.</summary>
    private string Truncate(string? text)
    {
        text ??= "";
        _remaining -= CharactersPerPart;
        if (text.Length <= _remaining)
        {
            _remaining -= text.Length;
            return text;
        }

        var end = Math.Max(0, _remaining);
        (_remaining, _isTruncated) = (0, true);
        return Cut(text, end);
    }

    /// <summary>Truncates an identifier; only malicious ones are that long.</summary>
    private static string? TruncateName(string? text) =>
        text?.Length > MaxNameCharacters ? Cut(text, MaxNameCharacters) : text;

    private static string Cut(string text, int end) =>
        text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + TruncationMark;
}
