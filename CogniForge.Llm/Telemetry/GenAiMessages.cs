using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Telemetry;

/// <summary>
/// Requests and answers of every protocol as the messages of OpenTelemetry's conventions for generative AI. Of images, sound and files they say only that there was one.
/// What is longer than <see cref="MaxCharacters"/> is cut, with a mark: of a conversation the beginning goes first.
/// </summary>
internal sealed class GenAiMessages
{
    /// <summary>The most characters of content in one attribute, where each part counts for some more.</summary>
    public const int MaxCharacters = 64 * 1024;

    private const int PartCharacters = 64;
    private const int NameCharacters = 256;
    private const string Mark = "… [cut]";

    private int _left = MaxCharacters;
    private bool _isCut;

    /// <summary>What the model is told apart from the conversation: an array of parts; null where there is nothing.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="request">The body of a request.</param>
    public static string? Instructions(Protocol protocol, JsonElement request) =>
        protocol switch
        {
            Protocol.Messages => Json(new GenAiMessages().Parts(request.Member("system"))),
            Protocol.Responses => Json(new GenAiMessages().Parts(request.Member("instructions"))),
            _ => null,
        };

    /// <summary>The conversation: an array of messages; null where there is none.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="request">The body of a request.</param>
    public static string? Input(Protocol protocol, JsonElement request)
    {
        var content = new GenAiMessages();
        var input = request.Member(protocol == Protocol.Responses ? "input" : "messages");
        if (protocol == Protocol.Embeddings || input.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        // The latest is what somebody who looks at a trace wants to see.
        var messages =
            input.ValueKind == JsonValueKind.String
                ? [Message("user", content.Parts(input))]
                : input.Items().Reverse().TakeWhile(_ => !content._isCut).Select(content.Turn).Reverse();
        return Json([.. messages]);
    }

    /// <summary>The answer: an array of messages, one for each choice; null where there is none.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="response">The body of an answer.</param>
    public static string? Output(Protocol protocol, JsonElement response)
    {
        var content = new GenAiMessages();
        return protocol switch
        {
            Protocol.ChatCompletions => Json([
                .. response
                    .Member("choices")
                    .Items()
                    .TakeWhile(_ => !content._isCut)
                    .Select(c =>
                        Message("assistant", content.MessageParts(c.Member("message")), c.Text("finish_reason"))
                    ),
            ]),
            Protocol.Messages => Json([
                Message("assistant", content.Parts(response.Member("content")), response.Text("stop_reason")),
            ]),
            Protocol.Responses => Json([
                Message("assistant", content.OutputParts(response), GetFinishReason(response)),
            ]),
            _ => null,
        };
    }

    private static string? Json(JsonArray items) => items.Count == 0 ? null : items.ToJsonString(WireJson.Options);

    private static JsonObject Message(string role, JsonArray parts, string? finishReason = null)
    {
        var message = new JsonObject { ["role"] = Name(role), ["parts"] = parts };
        if (finishReason is not null)
        {
            message["finish_reason"] = finishReason switch
            {
                "end_turn" or "stop_sequence" => "stop",
                "max_tokens" or "max_output_tokens" or "model_context_window_exceeded" => "length",
                "tool_calls" or "function_call" or "tool_use" => "tool_call",
                "refusal" => "content_filter",
                _ => Name(finishReason),
            };
        }

        return message;
    }

    /// <summary>How a response of the responses API ended, which does not say it in one word.</summary>
    private static string GetFinishReason(JsonElement response) =>
        response.Text("status") switch
        {
            "failed" => "error",
            "incomplete" => response.Member("incomplete_details").Text("reason") ?? "length",
            _ => response.Member("output").Items().Any(i => i.Text("type") == "function_call") ? "tool_call" : "stop",
        };

    /// <summary>A message of a chat or of Anthropic's, or an item of the responses API.</summary>
    private JsonObject Turn(JsonElement item) =>
        item.Text("role") is { } role
            ? Message(role, role == "tool" ? [Result(item, "tool_call_id", "content")] : MessageParts(item))
            : Message(
                item.Text("type")?.EndsWith("_output", StringComparison.Ordinal) == true ? "tool" : "assistant",
                [Part(item)]
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

    private JsonArray Parts(JsonElement content)
    {
        var parts = new JsonArray();
        Add(parts, content);
        return parts;
    }

    private void Add(JsonArray parts, JsonElement content)
    {
        AddText(parts, "text", content.Text());
        foreach (var item in content.Items().TakeWhile(_ => !_isCut))
        {
            parts.Add((JsonNode)Part(item));
        }
    }

    private void AddText(JsonArray parts, string type, string? text)
    {
        if (text is not null && !_isCut)
        {
            parts.Add((JsonNode)Written(type, text));
        }
    }

    private JsonObject Part(JsonElement part) =>
        part.Text("type") switch
        {
            "text" or "input_text" or "output_text" => Written("text", part.Text("text")),
            "refusal" => Written("text", part.Text("refusal")),
            "thinking" => Written("reasoning", part.Text("thinking")),
            "reasoning" => Written("reasoning", Texts(part.Member("summary"))),
            "function" => Call(
                part.Text("id"),
                part.Member("function").Text("name"),
                part.Member("function").Member("arguments")
            ),
            "custom" => Call(
                part.Text("id"),
                part.Member("custom").Text("name"),
                part.Member("custom").Member("input")
            ),
            "tool_use" => Call(part.Text("id"), part.Text("name"), part.Member("input")),
            "function_call" => Call(part.Text("call_id"), part.Text("name"), part.Member("arguments")),
            "tool_result" => Result(part, "tool_use_id", "content"),
            "function_call_output" => Result(part, "call_id", "output"),
            "image" or "image_url" or "input_image" => Bare("image"),
            "document" or "file" or "input_file" => Bare("file"),
            "input_audio" => Bare("audio"),
            var other => Bare(other ?? "unknown"),
        };

    /// <summary>A part of which only the kind is told.</summary>
    private JsonObject Bare(string type)
    {
        var mark = Kept("");
        return mark.Length > 0 ? new() { ["type"] = "text", ["content"] = mark } : new() { ["type"] = Name(type) };
    }

    private JsonObject Written(string type, string? text) => new() { ["type"] = type, ["content"] = Kept(text) };

    private JsonObject Call(string? id, string? name, JsonElement arguments) =>
        new()
        {
            ["type"] = "tool_call",
            ["id"] = Name(id),
            ["name"] = Name(name),
            ["arguments"] = Object(Kept(arguments.Text() ?? (arguments.IsPresent() ? arguments.GetRawText() : ""))),
        };

    private JsonObject Result(JsonElement owner, string id, string content) =>
        new()
        {
            ["type"] = "tool_call_response",
            ["id"] = Name(owner.Text(id)),
            ["response"] = Kept(Texts(owner.Member(content))),
        };

    private static string Texts(JsonElement content)
    {
        var text = new StringBuilder(content.Text());
        foreach (var part in content.Items())
        {
            text.Append(part.Text("text") ?? $"[{part.Text("type")}]");
        }

        return text.ToString();
    }

    /// <summary>An object as such, anything else as its text.</summary>
    private static JsonNode Object(string text)
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

    /// <summary>As much of a text as there is room for.</summary>
    private string Kept(string? text)
    {
        text ??= "";
        _left -= PartCharacters;
        if (text.Length <= _left)
        {
            _left -= text.Length;
            return text;
        }

        var end = Math.Max(0, _left);
        (_left, _isCut) = (0, true);
        return Cut(text, end);
    }

    /// <summary>What identifies something, which is short but for mischief.</summary>
    private static string? Name(string? text) => text?.Length > NameCharacters ? Cut(text, NameCharacters) : text;

    private static string Cut(string text, int end) =>
        text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + Mark;
}
