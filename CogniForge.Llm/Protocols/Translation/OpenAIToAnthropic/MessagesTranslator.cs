using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>
/// Translates chat messages to Anthropic's <c>messages</c>, where turns alternate, so consecutive messages of one role
/// are merged. Tool results come first in the user's turn, and instructions are in <c>system</c>.
/// </summary>
/// <param name="dropped">Receives the names of what has no equivalent.</param>
internal sealed class MessagesTranslator(List<string> dropped)
{
    private static readonly FrozenSet<string> _known = UnknownMembers.Known(
        "role content name refusal tool_calls tool_call_id audio reasoning_content thinking_blocks"
    );
    private static readonly FrozenSet<string> _knownCall = UnknownMembers.Known("id type index function");
    private readonly JsonArray _system = [];
    private readonly JsonArray _messages = [];
    private int _results; // the number of tool results at the start of the current turn

    /// <summary>Writes <c>messages</c> and <c>system</c>.</summary>
    /// <param name="messages">The chat client's messages.</param>
    /// <param name="result">The request to write to.</param>
    /// <param name="dropped">Receives the names of what has no equivalent.</param>
    /// <exception cref="UnsupportedByProviderException">A message is invalid.</exception>
    public static void Write(JsonField messages, JsonObject result, List<string> dropped)
    {
        var all = messages.Items();
        if (all.Count == 0)
        {
            throw messages.Invalid("must be an array with at least one message");
        }

        // A question about an image needs it; a conversation goes on without those of earlier turns.
        var translator = new MessagesTranslator(dropped);
        var questions = all.Reverse().TakeWhile(m => m["role"].Text() == "user").Count();
        foreach (var (i, message) in all.Index())
        {
            translator.Add(message, isQuestion: i >= all.Count - questions);
        }

        if (translator._messages.Count == 0)
        {
            // OpenAI accepts instructions without a message, Anthropic requires a message.
            translator.AddBlocks(
                "user",
                translator._system.Count > 0
                    ? [.. translator._system.Select(b => (JsonObject)b!.DeepClone())]
                    : throw messages.Invalid("must contain a non-empty message")
            );
        }
        else if (translator._system.Count > 0)
        {
            result["system"] = translator._system is [JsonObject { Count: 2 } only]
                ? only["text"]!.DeepClone()
                : translator._system;
        }

        translator.TrimPrefill();
        result["messages"] = translator._messages;
    }

    private void Add(JsonField message, bool isQuestion)
    {
        if (message["name"].Value is not null)
        {
            dropped.Add("messages.name");
        }

        UnknownMembers.Name(message, "messages", _known, dropped);
        switch (message["role"].RequiredText())
        {
            case "system" or "developer" when _messages.Count > 0:
                // At the top, it would change what Anthropic has cached, and an answer could come last (litellm#36559).
                AddBlocks("user", ContentTranslator.ToBlocks(message["content"], dropped));
                break;
            case "system" or "developer":
                _system.AddAll(ContentTranslator.ToBlocks(message["content"], dropped));
                break;
            case "user":
                AddBlocks("user", ContentTranslator.ToBlocks(message["content"], dropped, isQuestion));
                break;
            case "assistant":
                AddAssistant(message);
                break;
            case "tool":
                Turn("user").Insert(_results++, ToolResult(message));
                break;
            default:
                throw message["role"].Invalid("must be one of developer, system, user, assistant, tool for this model");
        }
    }

    private void AddAssistant(JsonField message)
    {
        var thinking = Thinking(message[ThinkingBlocks.Member]).ToList();
        var hasReasoning = message["reasoning_content"] is { IsText: true } text && text.RequiredText().Length > 0;
        if (hasReasoning && thinking.Count == 0)
        {
            dropped.Add("reasoning_content"); // Anthropic takes only what it signed
        }

        if (message["audio"].Value is not null)
        {
            dropped.Add("messages.audio");
        }

        var calls = message["tool_calls"].Items();
        foreach (var call in calls)
        {
            UnknownMembers.Name(call, "messages.tool_calls", _knownCall, dropped);
        }

        AddBlocks(
            "assistant",
            [
                .. thinking,
                .. ContentTranslator.ToBlocks(message["content"], dropped),
                .. ContentTranslator.TextBlock(message["refusal"]),
                .. calls.Select(ToolUse),
            ]
        );
    }

    /// <summary>Adds blocks to a role's turn. Skips empty messages, because Anthropic rejects them.</summary>
    private void AddBlocks(string role, IEnumerable<JsonObject> blocks)
    {
        if (blocks.Any())
        {
            Turn(role).AddAll(blocks);
        }
    }

    /// <summary>
    /// Returns the content of the current turn, or of a new one if the current turn has the other role.
    /// </summary>
    private JsonArray Turn(string role)
    {
        if (_messages.Count == 0 || _messages[^1]!["role"]!.GetValue<string>() != role)
        {
            _messages.Add((JsonNode)new JsonObject { ["role"] = role, ["content"] = new JsonArray() });
            _results = 0;
        }

        return _messages[^1]!["content"]!.AsArray();
    }

    /// <summary>
    /// Trims the text that the model is to continue, which Anthropic rejects if it ends in white space
    /// (crewAIInc/crewAI#4413).
    /// </summary>
    private void TrimPrefill()
    {
        if (_messages[^1] is JsonObject last && last["role"].Text() == "assistant")
        {
            var block = last["content"]!.AsArray()[^1]!;
            if (block["type"].Text() == "text")
            {
                block["text"] = block["text"].Text()!.TrimEnd();
            }
        }
    }

    private static IEnumerable<JsonObject> Thinking(JsonField blocks) =>
        blocks.Items().Select(b => b.RequiredObject().DeepClone().AsObject()).Where(ThinkingBlocks.IsForAnthropic);

    private static JsonObject ToolUse(JsonField call)
    {
        if (call["type"].Text() is not (null or "function"))
        {
            throw call["type"].Invalid("must be \"function\" for this model");
        }

        return new()
        {
            ["type"] = "tool_use",
            ["id"] = Id(call["id"]),
            ["name"] = ToolNameMap.Fit(call["function"]["name"].RequiredText(), ProviderKind.Anthropic),
            ["input"] = ToolInput.Parse(ToolInput.ReadArguments(call) ?? ""),
        };
    }

    private JsonObject ToolResult(JsonField message)
    {
        var content = message["content"];
        return new()
        {
            ["type"] = "tool_result",
            ["tool_use_id"] = Id(message["tool_call_id"]),
            ["content"] = content.IsText
                ? content.Copy()
                : new JsonArray([.. ContentTranslator.ToBlocks(content, dropped)]),
        };
    }

    // Anthropic rejects other providers' ids ("functions.search:0"), even in the history of a conversation.
    private static string Id(JsonField id) =>
        string.Concat(id.RequiredText().Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
}
