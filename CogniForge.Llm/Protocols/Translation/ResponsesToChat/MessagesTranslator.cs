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
    public static JsonArray Translate(JsonField instructions, JsonField input)
    {
        var messages = new JsonArray();
        if (instructions.Text() is { } text)
        {
            // All servers support the role system, but not all support developer.
            messages.Add(Message("system", text));
        }

        if (input.IsText)
        {
            messages.Add(Message("user", input.RequiredText()));
            return messages;
        }

        if (input.Value is not JsonArray { Count: > 0 })
        {
            throw input.Invalid("must be a string or an array of at least one item");
        }

        foreach (var item in input.Items())
        {
            _ = item.RequiredObject();
            Add(messages, item);
        }

        return messages;
    }

    private static void Add(JsonArray messages, JsonField item)
    {
        switch (item["type"].Text() ?? "message")
        {
            case "message":
                AddMessage(messages, item);
                break;
            case "function_call":
                Calls(messages)
                    .Add(
                        new JsonObject
                        {
                            ["id"] = item["call_id"].RequiredText(),
                            ["type"] = "function",
                            ["function"] = new JsonObject
                            {
                                ["name"] = item["name"].RequiredText(),
                                ["arguments"] = item["arguments"].RequiredText(),
                            },
                        }
                    );
                break;
            case "function_call_output":
                messages.Add(
                    new JsonObject
                    {
                        ["role"] = "tool",
                        ["tool_call_id"] = item["call_id"].RequiredText(),
                        ["content"] = ContentTranslator.Translate(item["output"], onlyText: true),
                    }
                );
                break;
            case "reasoning":
                break; // chat messages have no field for earlier reasoning
            case "item_reference":
                throw item.Invalid(
                    "must not be a reference: the gateway stores nothing for this model, send the item itself"
                );
            default:
                throw item["type"]
                    .Invalid("must be message, function_call, function_call_output or reasoning for this model");
        }
    }

    private static void AddMessage(JsonArray messages, JsonField item)
    {
        var role = item["role"].RequiredText();
        if (!_roles.Contains(role))
        {
            throw item["role"].Invalid($"must be one of {string.Join(", ", _roles)}");
        }

        var content = ContentTranslator.Translate(item["content"], onlyText: role != "user");
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
        if (messages.LastOrDefault() is not JsonObject message || message["role"].Text() != "assistant")
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
