using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Telemetry;

/// <summary>
/// Converts content of every protocol to message parts of OpenTelemetry's conventions for generative AI, with
/// placeholders for images, audio and files.
/// </summary>
internal sealed class GenAiParts(TextBudget budget)
{
    /// <summary>Whether content was cut; all further content is dropped.</summary>
    public bool IsTruncated => budget.IsTruncated;

    public JsonArray FromMessage(JsonElement message)
    {
        var parts = new JsonArray();
        AddText(parts, "reasoning", message.Text("reasoning_content") ?? message.Text("reasoning"));
        Add(parts, message.Member("content"));
        AddText(parts, "text", message.Text("refusal"));
        Add(parts, message.Member("tool_calls"));
        return parts;
    }

    public JsonArray FromOutput(JsonElement response)
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

    public JsonArray FromContent(JsonElement content)
    {
        var parts = new JsonArray();
        Add(parts, content);
        return parts;
    }

    private void Add(JsonArray parts, JsonElement content)
    {
        AddText(parts, "text", content.Text());
        foreach (var item in content.Items().TakeWhile(_ => !budget.IsTruncated))
        {
            parts.Add((JsonNode)FromPart(item));
        }
    }

    private void AddText(JsonArray parts, string type, string? text)
    {
        if (text is not null && !budget.IsTruncated)
        {
            parts.Add((JsonNode)TextPart(type, text));
        }
    }

    public JsonObject FromPart(JsonElement part) =>
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
        var mark = budget.Truncate("");
        return mark.Length > 0
            ? new() { ["type"] = "text", ["content"] = mark }
            : new() { ["type"] = TextBudget.TruncateName(type) };
    }

    private JsonObject TextPart(string type, string? text) =>
        new() { ["type"] = type, ["content"] = budget.Truncate(text) };

    private JsonObject ToolCall(string? id, string? name, JsonElement arguments) =>
        new()
        {
            ["type"] = "tool_call",
            ["id"] = TextBudget.TruncateName(id),
            ["name"] = TextBudget.TruncateName(name),
            ["arguments"] = ParseObject(
                budget.Truncate(arguments.Text() ?? (arguments.IsPresent() ? arguments.GetRawText() : ""))
            ),
        };

    public JsonObject ToolResult(JsonElement owner, string id, string content) =>
        new()
        {
            ["type"] = "tool_call_response",
            ["id"] = TextBudget.TruncateName(owner.Text(id)),
            ["response"] = budget.Truncate(JoinText(owner.Member(content))),
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
}
