using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Telemetry;

/// <summary>
/// Converts requests and responses of every protocol to messages of OpenTelemetry's conventions for generative AI, with
/// placeholders for images, audio and files; drops the beginning of what exceeds a <see cref="TextBudget"/>.
/// </summary>
internal static class GenAiMessages
{
    /// <summary>Converts the system instructions to a JSON array of parts; null: the request has none.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="request">The request body.</param>
    public static string? Instructions(Protocol protocol, JsonElement request) =>
        protocol switch
        {
            Protocol.Messages => ToJson(CreateParts().FromContent(request.Member("system"))),
            Protocol.Responses => ToJson(CreateParts().FromContent(request.Member("instructions"))),
            _ => null,
        };

    /// <summary>Converts the conversation to a JSON array of messages; null: the request has none.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="request">The request body.</param>
    public static string? Input(Protocol protocol, JsonElement request)
    {
        var parts = CreateParts();
        var input = request.Member(protocol == Protocol.Responses ? "input" : "messages");
        if (protocol == Protocol.Embeddings || input.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        // Converts the latest messages first, because they are the most useful in a trace.
        var messages =
            input.ValueKind == JsonValueKind.String
                ? [CreateMessage("user", parts.FromContent(input))]
                : input.Items().Reverse().TakeWhile(_ => !parts.IsTruncated).Select(m => ToMessage(m, parts)).Reverse();
        return ToJson([.. messages]);
    }

    /// <summary>Converts the response to a JSON array of messages, one per choice; null: it has none.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="response">The response body.</param>
    public static string? Output(Protocol protocol, JsonElement response)
    {
        var parts = CreateParts();
        return protocol switch
        {
            Protocol.ChatCompletions => ToJson([
                .. response
                    .Member("choices")
                    .Items()
                    .TakeWhile(_ => !parts.IsTruncated)
                    .Select(c =>
                        CreateMessage("assistant", parts.FromMessage(c.Member("message")), c.Text("finish_reason"))
                    ),
            ]),
            Protocol.Messages => ToJson([
                CreateMessage("assistant", parts.FromContent(response.Member("content")), response.Text("stop_reason")),
            ]),
            Protocol.Responses => ToJson([
                CreateMessage("assistant", parts.FromOutput(response), GetFinishReason(response)),
            ]),
            _ => null,
        };
    }

    private static GenAiParts CreateParts() => new(new TextBudget());

    private static string? ToJson(JsonArray items) => items.Count == 0 ? null : items.ToJsonString(WireJson.Options);

    private static JsonObject CreateMessage(string role, JsonArray parts, string? finishReason = null)
    {
        var message = new JsonObject { ["role"] = TextBudget.TruncateName(role), ["parts"] = parts };
        if (finishReason is not null)
        {
            message["finish_reason"] = finishReason switch
            {
                "end_turn" or "stop_sequence" => "stop",
                "max_tokens" or "max_output_tokens" or "model_context_window_exceeded" => "length",
                "tool_calls" or "function_call" or "tool_use" => "tool_call",
                "refusal" => "content_filter",
                _ => TextBudget.TruncateName(finishReason),
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
    private static JsonObject ToMessage(JsonElement item, GenAiParts parts) =>
        item.Text("role") is { } role
            ? CreateMessage(
                role,
                role == "tool" ? [parts.ToolResult(item, "tool_call_id", "content")] : parts.FromMessage(item)
            )
            : CreateMessage(
                item.Text("type")?.EndsWith("_output", StringComparison.Ordinal) == true ? "tool" : "assistant",
                [parts.FromPart(item)]
            );
}
