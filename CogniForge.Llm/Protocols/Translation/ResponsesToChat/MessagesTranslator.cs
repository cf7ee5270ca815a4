using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>Translates <c>instructions</c> and <c>input</c> of a response to chat messages.</summary>
internal static class MessagesTranslator
{
    private static readonly string[] _roles = ["user", "assistant", "system", "developer"];

    /// <exception cref="UnsupportedByProviderException">
    /// The input is invalid, or contains what chat completions do not support.
    /// </exception>
    public static JsonArray Translate(JsonNode? instructions, JsonNode? input)
    {
        var messages = new JsonArray();
        if (instructions is not null)
        {
            // All servers support the role system, but not all support developer.
            messages.Add(Message("system", JsonNodeExtensions.Text(instructions, "instructions")));
        }

        switch (input)
        {
            case JsonArray { Count: > 0 } items:
                foreach (var (index, item) in items.Index())
                {
                    Add(messages, JsonNodeExtensions.Object(item, $"input[{index}]"), $"input[{index}]");
                }

                break;
            case JsonValue when JsonNodeExtensions.Text(input) is { } text:
                messages.Add(Message("user", text));
                break;
            default:
                throw new UnsupportedByProviderException("input", "must be a string or an array of at least one item");
        }

        return messages;
    }

    private static void Add(JsonArray messages, JsonObject item, string path)
    {
        switch (item["type"] is null ? "message" : JsonNodeExtensions.Text(item["type"], $"{path}.type"))
        {
            case "message":
                AddMessage(messages, item, path);
                break;
            case "function_call":
                Calls(messages)
                    .Add(
                        new JsonObject
                        {
                            ["id"] = JsonNodeExtensions.Text(item["call_id"], $"{path}.call_id"),
                            ["type"] = "function",
                            ["function"] = new JsonObject
                            {
                                ["name"] = JsonNodeExtensions.Text(item["name"], $"{path}.name"),
                                ["arguments"] = JsonNodeExtensions.Text(item["arguments"], $"{path}.arguments"),
                            },
                        }
                    );
                break;
            case "function_call_output":
                messages.Add(
                    new JsonObject
                    {
                        ["role"] = "tool",
                        ["tool_call_id"] = JsonNodeExtensions.Text(item["call_id"], $"{path}.call_id"),
                        ["content"] = ContentTranslator.Translate(item["output"], $"{path}.output", onlyText: true),
                    }
                );
                break;
            case "reasoning":
                break; // chat messages have no field for earlier reasoning
            case "item_reference":
                throw new UnsupportedByProviderException(
                    path,
                    "must not be a reference: the gateway stores nothing for this model, send the item itself"
                );
            default:
                throw new UnsupportedByProviderException(
                    $"{path}.type",
                    "must be message, function_call, function_call_output or reasoning for this model"
                );
        }
    }

    private static void AddMessage(JsonArray messages, JsonObject item, string path)
    {
        var role = JsonNodeExtensions.Text(item["role"], $"{path}.role");
        if (!_roles.Contains(role))
        {
            throw new UnsupportedByProviderException($"{path}.role", $"must be one of {string.Join(", ", _roles)}");
        }

        var content = ContentTranslator.Translate(item["content"], $"{path}.content", onlyText: role != "user");
        if (
            role == "assistant"
            && messages.LastOrDefault() is JsonObject last
            && last.ContainsKey("tool_calls")
            && last["content"] is null
        )
        {
            last["content"] = content; // tool results must follow the calls directly
            return;
        }

        messages.Add(Message(role, content));
    }

    /// <summary>Returns the calls of the last turn, which chat completions have in one message.</summary>
    private static JsonArray Calls(JsonArray messages)
    {
        if (
            messages.LastOrDefault() is not JsonObject message
            || JsonNodeExtensions.Text(message["role"]) != "assistant"
        )
        {
            message = Message("assistant", null);
            messages.Add(message);
        }

        if (message["tool_calls"] is not JsonArray calls)
        {
            message["tool_calls"] = calls = [];
        }

        return calls;
    }

    private static JsonObject Message(string role, JsonNode? content) =>
        new() { ["role"] = role, ["content"] = content };
}
