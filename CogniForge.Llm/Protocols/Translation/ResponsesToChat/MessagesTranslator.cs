using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>Translates <c>instructions</c> and <c>input</c> of a response to chat messages.</summary>
/// <param name="kind">The provider's kind.</param>
/// <param name="dropped">Receives the types of items without an equivalent.</param>
internal sealed class MessagesTranslator(ProviderKind kind, List<string> dropped)
{
    private static readonly string[] _roles = ["user", "assistant", "system", "developer"];

    // Also what OpenAI adds to its items for display.
    private static readonly FrozenSet<string> _known = UnknownMembers.Known(
        "type id status role content phase call_id name namespace arguments input output summary encrypted_content "
            + "caller created_by"
    );
    private static readonly FrozenSet<string> _knownPart = UnknownMembers.Known(
        "type text refusal annotations logprobs image_url detail file_id file_data file_url filename input_audio "
            + "cache_control"
    );
    private static readonly string[] _contents = ["content", "output"];
    private static readonly string[] _types =
    [
        "message",
        "function_call",
        "custom_tool_call",
        "function_call_output",
        "custom_tool_call_output",
        "reasoning",
    ];
    private readonly JsonArray _messages = [];
    private readonly List<JsonField> _pending = []; // reasoning that no assistant's message has yet
    private readonly List<JsonField> _reasoning = []; // of the last assistant's message, to be written at its end
    private JsonObject? _assistant; // that message
    private readonly JsonArray _images = []; // of the results so far, which follow each other directly

    /// <exception cref="UnsupportedByProviderException">
    /// The input is invalid, or contains what chat completions do not support.
    /// </exception>
    public static JsonArray Translate(
        JsonField instructions,
        JsonField input,
        ProviderKind kind,
        List<string> dropped
    )
    {
        var translator = new MessagesTranslator(kind, dropped);
        if (instructions.Text() is { } text)
        {
            // All servers support the role system, but not all support developer.
            translator._messages.Add(Message("system", text));
        }

        if (input.IsText)
        {
            translator._messages.Add(Message("user", input.RequiredText()));
            return translator._messages;
        }

        if (input.Value is not JsonArray { Count: > 0 })
        {
            throw input.Invalid("must be a string or an array of at least one item");
        }

        foreach (var item in input.Items())
        {
            _ = item.RequiredObject();
            translator.Add(item);
        }

        translator.AddImages();
        translator.WriteReasoning();
        return translator._messages;
    }

    private void Add(JsonField item)
    {
        var type = item["type"].Text() ?? "message";
        NameUnknown(item, type);
        if (type is not ("function_call_output" or "custom_tool_call_output"))
        {
            AddImages();
        }

        switch (type)
        {
            case "message":
                AddMessage(item);
                break;
            case "function_call":
                AddCall(item, item["arguments"].RequiredText());
                break;
            case "custom_tool_call":
                AddCall(item, ToolInput.Write(new JsonObject { [ToolNames.Input] = item["input"].RequiredText() }));
                break;
            case "function_call_output" or "custom_tool_call_output":
                AddResult(item);
                break;
            case "reasoning":
                _pending.Add(item);
                break;
            case "compaction" or "compaction_summary": // Codex's name
                throw item["type"]
                    .Invalid(
                        $"must not be \"{type}\" for this model: only OpenAI can read it, send the summary as a message"
                    );
            case var other:
                dropped.Add(other); // the gateway stores nothing that item_reference could name
                break;
        }
    }

    private void NameUnknown(JsonField item, string type)
    {
        if (!_types.Contains(type))
        {
            return; // the item as a whole is dropped
        }

        UnknownMembers.Name(item, "input", _known, dropped);
        foreach (var part in _contents.Where(n => item[n].Value is JsonArray).SelectMany(n => item[n].Items()))
        {
            if (part.Value is JsonObject)
            {
                UnknownMembers.Name(part, "input.content", _knownPart, dropped);
            }
        }
    }

    private void AddMessage(JsonField item)
    {
        var role = item["role"].RequiredText();
        if (!_roles.Contains(role))
        {
            throw item["role"].Invalid($"must be one of {string.Join(", ", _roles)}");
        }

        var content = ContentTranslator.Translate(item["content"], kind, onlyText: role != "user");
        if (role != "assistant")
        {
            AddReasoningToLast();
            _messages.Add(Message(role, content));
        }
        else if (Continued is { } last && last.ContainsKey("tool_calls") && last["content"] is null)
        {
            last["content"] = content; // tool results must follow the calls directly
        }
        else
        {
            AddAssistant(content);
        }
    }

    private void AddCall(JsonField item, string arguments)
    {
        var call = new JsonObject
        {
            ["id"] = null,
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = ToolNames.Flatten(item["namespace"].Text(), item["name"].RequiredText(), kind),
                ["arguments"] = arguments,
            },
        };
        ToolCallId.Write(call, item["call_id"].RequiredText(), kind);
        Calls().Add((JsonNode)call);
    }

    /// <summary>
    /// Adds a tool's result. Except at Anthropic, it supports only text, so images follow in the user's turn.
    /// </summary>
    private void AddResult(JsonField item)
    {
        AddReasoningToLast();

        var (text, others) =
            kind == ProviderKind.Anthropic
                ? (ContentTranslator.Translate(item["output"], kind, onlyText: false), [])
                : ContentTranslator.SplitResult(item["output"], kind);
        _messages.Add(
            new JsonObject
            {
                ["role"] = "tool",
                ["tool_call_id"] = ToolCallId.GetId(item["call_id"].RequiredText()),
                ["content"] = text,
            }
        );
        _images.AddAll(others.Objects().Select(o => o.DeepClone().AsObject()));
    }

    private void AddImages()
    {
        if (_images.Count > 0)
        {
            _messages.Add(Message("user", _images.DeepClone()));
            _images.Clear();
        }
    }

    /// <summary>Returns the calls of the last turn, which chat completions have in one message.</summary>
    private JsonArray Calls()
    {
        var message = Continued ?? AddAssistant(null);
        AddReasoning();
        if (message["tool_calls"] is not JsonArray calls)
        {
            message["tool_calls"] = calls = [];
        }

        return calls;
    }

    /// <summary>
    /// The assistant's message that goes on. At Anthropic, it ends where thinking follows a text or a call: thinking
    /// comes first in a message, and Anthropic wants it in its place.
    /// </summary>
    private JsonObject? Continued =>
        _messages.LastOrDefault() is JsonObject last
        && last["role"].Text() == "assistant"
        && (kind != ProviderKind.Anthropic || _pending.Count == 0 || (last["content"] ?? last["tool_calls"]) is null)
            ? last
            : null;

    private JsonObject AddAssistant(JsonNode? content)
    {
        WriteReasoning();
        _assistant = Message("assistant", content);
        AddReasoning();
        _messages.Add(_assistant);
        return _assistant;
    }

    /// <summary>Adds reasoning after a call or a text to their message: signatures may come last.</summary>
    private void AddReasoningToLast()
    {
        if (_messages.LastOrDefault() is JsonObject last && last["role"].Text() == "assistant")
        {
            AddReasoning();
        }
    }

    /// <summary>Adds the pending reasoning to the last assistant's message.</summary>
    private void AddReasoning()
    {
        _reasoning.AddRange(_pending);
        _pending.Clear();
    }

    private void WriteReasoning()
    {
        if (_assistant is not { } message || _reasoning.Count == 0)
        {
            return;
        }

        if (kind == ProviderKind.Anthropic)
        {
            var blocks = _reasoning
                .Select(r => ThinkingBlocks.ListSigned(r["encrypted_content"].Text(), GetText(r)))
                .ToArray();
            if (blocks.Any(b => b.Count > 0))
            {
                message[ThinkingBlocks.Member] = new JsonArray([.. blocks.SelectMany(b => b)]);
            }

            if (blocks.Any(b => b.Count == 0))
            {
                dropped.Add("reasoning"); // Anthropic takes only what it signed
            }
        }
        else
        {
            var details = _reasoning.SelectMany(r => ReasoningDetails.FromSignature(r["encrypted_content"].Text()));
            if (!ThinkingBlocks.WriteReasoning(message, kind, [.. _reasoning.Select(GetText)], [.. details]))
            {
                dropped.Add("reasoning");
            }
        }

        _reasoning.Clear();
    }

    /// <summary>The text of a reasoning item: its content, or what else has it.</summary>
    private static string GetText(JsonField item) =>
        string.Concat(item["content"].Items().Select(p => p["text"].Text())) is { Length: > 0 } text ? text
        : ReasoningDetails.GetPlainText(item["encrypted_content"].Text()) is { Length: > 0 } plain ? plain
        : string.Concat(item["summary"].Items().Select(p => p["text"].Text()));

    private static JsonObject Message(string role, JsonNode? content) =>
        new() { ["role"] = role, ["content"] = content };
}
