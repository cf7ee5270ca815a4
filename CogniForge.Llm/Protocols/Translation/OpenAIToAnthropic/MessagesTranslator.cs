using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>
/// Translates a chat conversation for Anthropic, where turns alternate: messages of one side that follow each other are one turn, the results of tools are a part of the user's turn and come first in it,
/// and instructions stand apart.
/// </summary>
internal sealed class MessagesTranslator
{
    private readonly JsonArray _system = [];
    private readonly JsonArray _messages = [];
    private int _results; // at the head of the current turn

    /// <summary>Writes <c>messages</c> and <c>system</c>.</summary>
    /// <param name="messages">The chat client's messages.</param>
    /// <param name="result">Where they are written to.</param>
    /// <exception cref="UnsupportedByProviderException">A message breaks a rule.</exception>
    public static void Write(JsonField messages, JsonObject result)
    {
        if (messages.Items().Count == 0)
        {
            throw messages.Invalid("must be an array with at least one message");
        }

        var turns = new MessagesTranslator();
        foreach (var message in messages.Items())
        {
            turns.Add(message);
        }

        if (turns._messages.Count == 0)
        {
            // OpenAI answers to instructions alone, Anthropic only to somebody.
            turns.AddBlocks(
                "user",
                turns._system.Count > 0
                    ? [.. turns._system.Select(b => (JsonObject)b!.DeepClone())]
                    : throw messages.Invalid("must have a message that is not empty")
            );
        }
        else if (turns._system.Count > 0)
        {
            result["system"] = turns._system is [JsonObject { Count: 2 } only]
                ? only["text"]!.DeepClone()
                : turns._system;
        }

        result["messages"] = turns._messages;
    }

    private void Add(JsonField message)
    {
        switch (message["role"].RequiredText())
        {
            case "system" or "developer":
                _system.AddAll(ContentTranslator.ToBlocks(message["content"]));
                break;
            case "user":
                AddBlocks("user", ContentTranslator.ToBlocks(message["content"]));
                break;
            case "assistant":
                AddBlocks(
                    "assistant",
                    [
                        .. ContentTranslator.ToBlocks(message["content"]),
                        .. ContentTranslator.TextBlock(message["refusal"]),
                        .. message["tool_calls"].Items().Select(ToolUse),
                    ]
                );
                break;
            case "tool":
                Turn("user").Insert(_results++, ToolResult(message));
                break;
            default:
                throw message["role"].Invalid("must be one of developer, system, user, assistant, tool for this model");
        }
    }

    /// <summary>Adds to a side's turn. An empty message is none: Anthropic refuses it.</summary>
    private void AddBlocks(string role, IEnumerable<JsonObject> blocks)
    {
        if (blocks.Any())
        {
            Turn(role).AddAll(blocks);
        }
    }

    /// <summary>The content of the current turn, or of a new one where the current is the other side's.</summary>
    private JsonArray Turn(string role)
    {
        if (_messages.Count == 0 || _messages[^1]!["role"]!.GetValue<string>() != role)
        {
            _messages.Add((JsonNode)new JsonObject { ["role"] = role, ["content"] = new JsonArray() });
            _results = 0;
        }

        return _messages[^1]!["content"]!.AsArray();
    }

    private static JsonObject ToolUse(JsonField call)
    {
        if (call["type"].Text() is not (null or "function"))
        {
            throw call["type"].Invalid("must be \"function\" for this model");
        }

        var arguments = call["function"]["arguments"];
        try
        {
            return new()
            {
                ["type"] = "tool_use",
                ["id"] = Id(call["id"]),
                ["name"] = call["function"]["name"].RequiredText(),
                ["input"] = ToolInput.Parse(arguments.Text() ?? ""),
            };
        }
        catch (JsonException)
        {
            throw arguments.Invalid("must hold a JSON object");
        }
    }

    private static JsonObject ToolResult(JsonField message)
    {
        var content = message["content"];
        return new()
        {
            ["type"] = "tool_result",
            ["tool_use_id"] = Id(message["tool_call_id"]),
            ["content"] = content.IsText ? content.Copy() : new JsonArray([.. ContentTranslator.ToBlocks(content)]),
        };
    }

    // Other providers' ids ("functions.search:0") are refused, also in what is told of the past.
    private static string Id(JsonField id) =>
        string.Concat(id.RequiredText().Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
}
