using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Translates requests of Anthropic's messages to chat completions.</summary>
internal static class RequestTranslator
{
    // cache_control is not reported as dropped, because OpenAI-compatible servers cache prompts automatically.
    private static readonly FrozenSet<string> _translated = FrozenSet.Create(
        "messages",
        "system",
        "max_tokens",
        "stop_sequences",
        "metadata",
        "tools",
        "tool_choice",
        "output_config",
        "service_tier",
        "stream",
        "cache_control"
    );

    private static readonly FrozenSet<string> _withoutEquivalent = FrozenSet.Create(
        "thinking",
        "speed",
        "container",
        "inference_geo",
        "mcp_servers",
        "context_management"
    );

    public static TranslatedRequest Translate(JsonField request)
    {
        var result = new JsonObject();
        var dropped = new List<string>();
        foreach (var (name, field) in request.Members().Where(m => !_translated.Contains(m.Name)))
        {
            if (_withoutEquivalent.Contains(name) || CostRaisingChatFields.Names.Contains(name))
            {
                dropped.Add(name);
            }
            else
            {
                result[name] = field.Copy();
            }
        }

        if (request["max_tokens"].Int32() is { } limit)
        {
            result["max_completion_tokens"] = limit;
        }

        if (request["stream"].IsTrue())
        {
            result["stream"] = true;
            result["stream_options"] = new JsonObject { ["include_usage"] = true }; // always in Anthropic's streams
        }

        result["messages"] = MessagesTranslator.ToChat(request, dropped);
        ToolsTranslator.Write(request, result, dropped);
        if (request["stop_sequences"] is { Value: not null } stop)
        {
            result["stop"] = new JsonArray([.. stop.Items().Select(s => (JsonNode)s.RequiredText())]);
        }

        if (request["metadata"]["user_id"].Text() is { } user)
        {
            result["user"] = user;
        }

        if (request["service_tier"].Text() is { } tier)
        {
            result["service_tier"] = tier == "standard_only" ? "default" : tier;
        }

        WriteOutput(request["output_config"], result, dropped);
        return new(result, [.. dropped.Distinct()]);
    }

    private static void WriteOutput(JsonField output, JsonObject result, List<string> dropped)
    {
        if (output["effort"].Text() is { } effort)
        {
            result["reasoning_effort"] = effort;
        }

        switch (output["format"]["type"].Text())
        {
            case null:
                break;
            case "json_schema":
                // Not "strict", which rejects schemas with optional members that Anthropic accepts.
                result["response_format"] = new JsonObject
                {
                    ["type"] = "json_schema",
                    ["json_schema"] = new JsonObject
                    {
                        ["name"] = "answer",
                        ["schema"] = output["format"]["schema"].Copy(),
                    },
                };
                break;
            default:
                dropped.Add("output_config.format");
                break;
        }
    }
}
