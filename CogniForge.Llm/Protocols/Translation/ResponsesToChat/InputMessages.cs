using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>Makes the messages of a chat completion from a response's <c>instructions</c> and <c>input</c>.</summary>
internal static class InputMessages
{
    private static readonly string[] _roles = ["user", "assistant", "system", "developer"];

    /// <summary>The messages.</summary>
    /// <exception cref="UntranslatableException">The input is wrong, or has what a chat completion cannot have.</exception>
    public static JsonArray Of(JsonNode? instructions, JsonNode? input)
    {
        var messages = new JsonArray();
        if (instructions is not null)
        {
            messages.Add(Message("system", Nodes.Text(instructions, "instructions"))); // every server knows this role, not all know developer
        }

        switch (input)
        {
            case JsonArray { Count: > 0 } items:
                foreach (var (index, item) in items.Index())
                {
                    Add(messages, Nodes.Object(item, $"input[{index}]"), $"input[{index}]");
                }

                break;
            case JsonValue when Nodes.Text(input) is { } text:
                messages.Add(Message("user", text));
                break;
            default:
                throw new UntranslatableException("input", "must be a string or an array of at least one item");
        }

        return messages;
    }

    private static void Add(JsonArray messages, JsonObject item, string path)
    {
        switch (item["type"] is null ? "message" : Nodes.Text(item["type"], $"{path}.type"))
        {
            case "message":
                AddMessage(messages, item, path);
                break;
            case "function_call":
                Calls(messages).Add(new JsonObject
                {
                    ["id"] = Nodes.Text(item["call_id"], $"{path}.call_id"),
                    ["type"] = "function",
                    ["function"] = new JsonObject { ["name"] = Nodes.Text(item["name"], $"{path}.name"), ["arguments"] = Nodes.Text(item["arguments"], $"{path}.arguments") },
                });
                break;
            case "function_call_output":
                messages.Add(new JsonObject
                {
                    ["role"] = "tool",
                    ["tool_call_id"] = Nodes.Text(item["call_id"], $"{path}.call_id"),
                    ["content"] = ContentParts.Of(item["output"], $"{path}.output", onlyText: true),
                });
                break;
            case "reasoning":
                break; // a chat completion has no place for what a model thought before
            case "item_reference":
                throw new UntranslatableException(path, "must not be a reference: nothing is stored for this model, send the item itself");
            default:
                throw new UntranslatableException($"{path}.type", "must be message, function_call, function_call_output or reasoning for this model");
        }
    }

    private static void AddMessage(JsonArray messages, JsonObject item, string path)
    {
        var role = Nodes.Text(item["role"], $"{path}.role");
        if (!_roles.Contains(role))
        {
            throw new UntranslatableException($"{path}.role", $"must be one of {string.Join(", ", _roles)}");
        }

        var content = ContentParts.Of(item["content"], $"{path}.content", onlyText: role != "user");
        if (role == "assistant" && messages.LastOrDefault() is JsonObject last && last.ContainsKey("tool_calls") && last["content"] is null)
        {
            last["content"] = content; // the results must follow the calls, with no message between
            return;
        }

        messages.Add(Message(role, content));
    }

    /// <summary>The calls of the last turn, which a chat completion has in one message.</summary>
    private static JsonArray Calls(JsonArray messages)
    {
        if (messages.LastOrDefault() is not JsonObject message || Nodes.Text(message["role"]) != "assistant")
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

    private static JsonObject Message(string role, JsonNode? content) => new() { ["role"] = role, ["content"] = content };
}
