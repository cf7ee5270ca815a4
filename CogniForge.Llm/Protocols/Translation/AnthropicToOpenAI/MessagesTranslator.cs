using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Translates an Anthropic conversation for OpenAI's chat completions, where instructions and the results of tools are messages of their own.</summary>
internal static class MessagesTranslator
{
    /// <summary>The chat messages.</summary>
    /// <param name="request">Anthropic's request.</param>
    /// <param name="dropped">Takes the kinds of blocks that have no equivalent.</param>
    /// <exception cref="UnsupportedByProviderException">A message breaks a rule.</exception>
    public static JsonArray ToChat(JsonField request, List<string> dropped)
    {
        var messages = request["messages"];
        if (messages.Items().Count == 0)
        {
            throw messages.Invalid("must be an array with at least one message");
        }

        var chat = new JsonArray();
        if (request["system"].Value is not null)
        {
            chat.Add((JsonNode)Message("system", ContentTranslator.Content(request["system"], dropped)));
        }

        foreach (var message in messages.Items())
        {
            chat.AddAll(
                message["role"].RequiredText() switch
                {
                    "user" => User(message["content"], dropped),
                    "assistant" => [Assistant(message["content"], dropped)],
                    "system" => [Message("system", ContentTranslator.Content(message["content"], dropped))],
                    _ => throw message["role"].Invalid("must be one of user, assistant, system"),
                }
            );
        }

        return chat;
    }

    private static List<JsonObject> User(JsonField content, List<string> dropped)
    {
        if (content.IsText)
        {
            return [Message("user", content.Copy()!)];
        }

        var blocks = content.Items().ToLookup(b => b["type"].Text() == "tool_result");
        var tools = new List<JsonObject>();
        var rest = new List<JsonObject>();
        foreach (var result in blocks[true])
        {
            // The result of a tool is text alone in a chat: what else there is follows as the user's.
            var parts = ContentTranslator.Parts(result["content"], dropped);
            var tool = Message("tool", ContentTranslator.Content(parts.Where(ContentTranslator.IsText)));
            tool.Insert(1, "tool_call_id", result["tool_use_id"].RequiredText());
            tools.Add(tool);
            rest.AddRange(parts.Where(p => !ContentTranslator.IsText(p)));
            if (result["is_error"].IsTrue())
            {
                dropped.Add("tool_result.is_error");
            }
        }

        rest.AddRange(blocks[false].SelectMany(b => ContentTranslator.Part(b, dropped)));
        if (rest.Count > 0 || tools.Count == 0)
        {
            tools.Add(Message("user", ContentTranslator.Content(rest)));
        }

        return tools;
    }

    private static JsonObject Assistant(JsonField content, List<string> dropped)
    {
        if (content.IsText)
        {
            return Message("assistant", content.Copy()!);
        }

        var calls = new JsonArray();
        var texts = new List<string>();
        foreach (var block in content.Items())
        {
            switch (block["type"].RequiredText())
            {
                case "text":
                    texts.Add(block["text"].RequiredText());
                    break;
                case "tool_use":
                    calls.Add((JsonNode)ToolCall(block));
                    break;
                case "thinking" or "redacted_thinking":
                    break; // the model's own notes: another model cannot read them, and OpenAI refuses them
                case var other:
                    dropped.Add(other);
                    break;
            }
        }

        var message = Message("assistant", texts.Count > 0 || calls.Count == 0 ? string.Concat(texts) : null);
        if (calls.Count > 0)
        {
            message["tool_calls"] = calls;
        }

        return message;
    }

    private static JsonObject ToolCall(JsonField block) =>
        new()
        {
            ["id"] = block["id"].RequiredText(),
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = block["name"].RequiredText(),
                ["arguments"] = ToolInput.Write(block["input"].Object()),
            },
        };

    private static JsonObject Message(string role, JsonNode? content) =>
        new() { ["role"] = role, ["content"] = content };
}
