using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>
/// Translates Anthropic's <c>messages</c> and <c>system</c> to chat messages, where instructions and tool results are
/// separate messages.
/// </summary>
internal static class MessagesTranslator
{
    private static readonly FrozenSet<string> _known = UnknownMembers.Known("role content output_config");
    private static readonly FrozenSet<string> _knownBlock = UnknownMembers.Known(
        "type id name input caller tool_use_id content is_error thinking signature cache_control"
    );

    /// <summary>Returns the chat messages.</summary>
    /// <param name="request">Anthropic's request.</param>
    /// <param name="kind">The provider's kind.</param>
    /// <param name="dropped">Receives the types of blocks without an equivalent.</param>
    /// <exception cref="UnsupportedByProviderException">A message is invalid.</exception>
    public static JsonArray ToChat(JsonField request, ProviderKind kind, List<string> dropped)
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
            UnknownMembers.Name(message, "messages", _known, dropped);
            if (message["content"] is { IsText: false } parts && parts.Items().Any(IsCompaction))
            {
                // It replaces what came before, which clients may still send.
                chat.RemoveAll(m => m!["role"].Text() != "system");
            }

            chat.AddAll(
                message["role"].RequiredText() switch
                {
                    "user" => User(message["content"], dropped),
                    "assistant" => Assistant(message["content"], kind, dropped),
                    "system" => System(message["content"], dropped),
                    _ => throw message["role"].Invalid("must be one of user, assistant, system"),
                }
            );
        }

        return kind == ProviderKind.OpenAICompatible ? ChatSystemMessages.Normalize(chat) : chat;
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
            UnknownMembers.Name(result, "messages.content", _knownBlock, dropped);

            // A chat's tool message supports only text, so other parts follow in a user message.
            var parts = ContentTranslator.Parts(result["content"], dropped);
            if (parts.Count == 0 && result["content"].Items() is [var lost, ..])
            {
                var note = $"[{lost["type"].RequiredText()}: not supported by this model]";
                parts.Add(new() { ["type"] = "text", ["text"] = note });
            }

            var texts = parts.Where(ContentTranslator.IsText).ToList();
            var tool = Message("tool", ContentTranslator.Content(CacheControlMarks.Copy(result, texts)));
            tool.Insert(1, "tool_call_id", ToolCallId.GetId(result["tool_use_id"].RequiredText()));
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

    // A message may only set the effort: platform.claude.com/docs/en/build-with-claude/effort-per-message.
    private static JsonObject[] System(JsonField content, List<string> dropped) =>
        content.Value is null or JsonArray { Count: 0 } || (content.IsText && content.RequiredText().Length == 0)
            ? []
            : [Message("system", ContentTranslator.Content(content, dropped))];

    private static bool IsCompaction(JsonField block) =>
        block["type"].Text() == "compaction" && block["content"].Text() is { Length: > 0 };

    private static JsonObject[] Assistant(JsonField content, ProviderKind kind, List<string> dropped)
    {
        if (content.IsText)
        {
            return [Message("assistant", content.Copy()!)];
        }

        var summaries = new List<JsonObject>();
        var calls = new JsonArray();
        var texts = new List<JsonObject>();
        var thinking = new List<string>();
        var details = new JsonArray();
        foreach (var block in content.Items())
        {
            switch (block["type"].RequiredText())
            {
                case "text":
                    texts.AddRange(ContentTranslator.Part(block, dropped));
                    break;
                case "tool_use":
                    UnknownMembers.Name(block, "messages.content", _knownBlock, dropped);
                    calls.Add((JsonNode)ToolCall(block, kind));
                    break;
                case "thinking":
                    thinking.Add(block["thinking"].Text() ?? "");
                    details.AddAll(ReasoningDetails.FromSignature(block["signature"].Text()));
                    break;
                case "compaction" when block["content"].Text() is { Length: > 0 } summary:
                    // The user's, because providers expect a user's message first.
                    summaries.Add(Message("user", $"Summary of the conversation so far:\n\n{summary}"));
                    break;
                case "redacted_thinking":
                    dropped.Add("thinking"); // only the model that wrote it can read it
                    break;
                case var other:
                    dropped.Add(other);
                    break;
            }
        }

        var message = Message("assistant", texts.Count > 0 || calls.Count == 0 ? Concatenate(texts) : null);
        if (calls.Count > 0)
        {
            message["tool_calls"] = calls;
        }

        if (!ThinkingBlocks.WriteReasoning(message, kind, thinking, details))
        {
            dropped.Add("thinking");
        }

        return summaries.Count > 0 && content.Items().Count == summaries.Count
            ? [.. summaries]
            : [.. summaries, message];
    }

    /// <summary>Concatenates the texts of one response, which one text may have been.</summary>
    private static JsonNode Concatenate(List<JsonObject> texts) =>
        texts is [var only] && CacheControlMarks.IsPlainText(only) ? only["text"]!.DeepClone()
        : texts.TrueForAll(CacheControlMarks.IsPlainText)
            ? string.Concat(texts.Select(t => t["text"]!.GetValue<string>()))
            : new JsonArray([.. texts]);

    private static JsonObject ToolCall(JsonField block, ProviderKind kind)
    {
        var call = new JsonObject
        {
            ["id"] = null,
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = ToolNameMap.Fit(block["name"].RequiredText(), kind),
                ["arguments"] = ToolInput.Write(block["input"].Object()),
            },
        };
        ToolCallId.Write(call, block["id"].RequiredText(), kind);
        return call;
    }

    private static JsonObject Message(string role, JsonNode? content) =>
        new() { ["role"] = role, ["content"] = content };
}
