using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Translates Anthropic's messages to chat completions.</summary>
internal static class ResponseTranslator
{
    private static readonly FrozenSet<string> _translated = FrozenSet.Create(
        "id",
        "type",
        "role",
        "model",
        "content",
        "stop_reason",
        "stop_sequence",
        "stop_details",
        "usage"
    );

    /// <param name="response">The message.</param>
    /// <param name="created">The creation time, in Unix seconds.</param>
    /// <param name="names">The names of the client's tools.</param>
    public static JsonObject Translate(JsonField response, long created, ToolNameMap names)
    {
        var blocks = response["content"].Items();
        var toolUses = blocks.Where(b => b["type"].Text() == "tool_use");
        var calls = new JsonArray([.. toolUses.Select(b => ToolCall(b, names))]);
        var text = Concatenate(blocks, "text");
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = text ?? (calls.Count > 0 ? null : ""),
            ["refusal"] = response["stop_details"]["explanation"].Text(),
        };
        if (Annotations(blocks) is { Count: > 0 } annotations)
        {
            message[UrlCitations.Member] = annotations;
        }

        if (Concatenate(blocks, "thinking") is { } thinking)
        {
            message["reasoning_content"] = thinking; // as DeepSeek, vLLM and others do; OpenAI has no member for it
        }

        var signed = blocks.Select(b => b.RequiredObject()).Where(ThinkingBlocks.IsSigned);
        if (signed.Any())
        {
            message[ThinkingBlocks.Member] = new JsonArray([.. signed.Select(b => b.DeepClone())]);
        }

        if (calls.Count > 0)
        {
            message["tool_calls"] = calls;
        }

        var result = new JsonObject
        {
            ["id"] = response["id"].Text() ?? "",
            ["object"] = "chat.completion",
            ["created"] = created,
            ["model"] = response["model"].Text() ?? "",
            ["choices"] = new JsonArray(
                new JsonObject
                {
                    ["index"] = 0,
                    ["message"] = message,
                    ["logprobs"] = null,
                    ["finish_reason"] = FinishReasons.ToChat(response["stop_reason"].Text()),
                }
            ),
        };
        if (
            response["usage"].Object() is { } usage
            && MessagesUsage.Read(JsonSerializer.SerializeToElement(usage)) is { } tokens
        )
        {
            result["usage"] = ChatUsage.Write(tokens);
        }

        foreach (var (name, field) in response.Members().Where(m => !_translated.Contains(m.Name)))
        {
            result[name] = field.Copy();
        }

        return result;
    }

    /// <summary>Concatenates the texts of all blocks of a type; null if there is none.</summary>
    private static string? Concatenate(IEnumerable<JsonField> blocks, string type)
    {
        var texts = blocks.Where(b => b["type"].Text() == type).Select(b => b[type].Text()).ToList();
        return texts.Count > 0 ? string.Concat(texts) : null;
    }

    private static JsonArray Annotations(IEnumerable<JsonField> blocks)
    {
        var annotations = new JsonArray();
        var end = 0;
        foreach (var block in blocks.Where(b => b["type"].Text() == "text"))
        {
            var start = end;
            end += block["text"].Text()?.Length ?? 0;
            foreach (var citation in block["citations"].Value.Objects())
            {
                if (UrlCitations.ToChat(citation, start, end) is { } annotation)
                {
                    annotations.Add((JsonNode)annotation);
                }
            }
        }

        return annotations;
    }

    private static JsonObject ToolCall(JsonField block, ToolNameMap names) =>
        new()
        {
            ["id"] = block["id"].RequiredText(),
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = names.Restore(block["name"].RequiredText()),
                ["arguments"] = ToolInput.Write(block["input"].Object()),
            },
        };
}
